/// One endpoint on the bench: segments in, answers out, written as tcpdump would with numbers named after the
/// endpoint's variables before the segment (RN = RCV.NXT, SN = SND.NXT).
#pragma once

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "spec/policy/policy_library.hpp"
#include "spec/tcp/endpoint.hpp"

namespace halfopen {

inline constexpr std::uint32_t RN = 1'000'000;
inline constexpr std::uint32_t SN = 3'000'000'000;
inline constexpr std::uint32_t W = 65'535;
inline constexpr std::uint32_t recent = 5'000'000;  ///< TS.Recent
inline constexpr Address here{0xC0000202, 2049};
inline constexpr Address there{0x0A010001, 903};

inline Policy endpoint_policy(std::string_view name) {
    return PolicyLibrary(HALFOPEN_SOURCE_DIR "/spec/policies").load(PolicyKind::Endpoint, name);
}

inline const std::vector<std::string> shipped_stacks =
    PolicyLibrary(HALFOPEN_SOURCE_DIR "/spec/policies").names(PolicyKind::Endpoint);

class Bench {
   public:
    explicit Bench(std::string_view policy) : Bench(endpoint_policy(policy)) {}
    explicit Bench(Policy policy) : endpoint(std::move(policy)) {
        tcb = established<ConcreteReading>(r, endpoint, here, there, {SN, 0}, {RN, 0});
    }

    /// As established, but in another state, with a FIN of its own sent where the state says so.
    Bench& in(TcpState state) {
        tcb.state = state;
        tcb.stop(TcpTimer::IdleClose);
        if (tcb.fin_outstanding()) tcb.snd_una = {SN - 1, 0};
        if (state == TcpState::Closed || state == TcpState::Listen) {
            tcb = listening<ConcreteReading>(r, endpoint, here);
            tcb.state = state;
        }
        return *this;
    }
    /// After connect() with ISS = SN-1.
    Bench& connecting() {
        note(connect<ConcreteReading>(r, endpoint, tcb, here, there, {SN - 1, 0}));
        return *this;
    }
    /// A listener that has answered a SYN with ISN RN-1 by a SYN-ACK with ISN SN-1.
    Bench& half_open() {
        in(TcpState::Listen);
        next_isn = SN - 1;
        CHECK(gets("S", RN - 1) == "S. SN-1 ack RN; SYN_RCVD");
        return *this;
    }

    /// flags in tcpdump's letters.  Gives the answers, then "; " and the new state or event where they
    /// changed:
    /// ". SN ack RN", "nothing", "R. SN ack RN; CLOSED, connection reset".
    std::string gets(std::string_view flags, std::uint32_t seq, std::uint32_t ack = 0,
                     std::uint32_t length = 0) {
        got = {there, here, bits(flags), {seq, 0}, {ack, 0}, window, length, timestamps};
        show(to_string(got));
        before = tcb;
        return outcome(receive<ConcreteReading>(r, endpoint, tcb, got, Number{next_isn, 0}), before.state);
    }
    std::string expires(TcpTimer timer) {
        REQUIRE(tcb.timer(timer) != timer_off);
        before = tcb;
        return outcome(expire<ConcreteReading>(r, endpoint, tcb, timer), before.state);
    }
    /// Lets the running timer that is due first expire, after its time.
    std::string waits(std::uint32_t& clock) {
        const std::uint32_t wait = next_expiry(tcb);
        REQUIRE(wait != timer_off);
        clock += wait;
        pass_time(tcb, wait);
        for (std::size_t i = 0; i < tcp_timer_count; ++i)
            if (tcb.timers[i] == 0) return expires(static_cast<TcpTimer>(i));
        return {};
    }
    std::string closes() {
        before = tcb;
        return outcome(close<ConcreteReading>(r, endpoint, tcb), before.state);
    }

    ConcreteReading r;
    Endpoint endpoint;
    ConcreteTcb tcb;
    std::uint32_t next_isn = 77'000'000;
    std::uint32_t window = W;                       ///< of the segments that come in
    TimestampOption<ConcreteReading> timestamps{};  ///< of the segments to come
    ConcreteSegment got{};                          ///< that came in last
    ConcreteTcb before{};                           ///< the TCB before the last event
    std::vector<ConcreteSegment> sent;              ///< at the last event
    std::string rule;                               ///< that fired last
    std::string reason;                             ///< where none did

    static std::uint8_t bits(std::string_view letters) {
        std::uint8_t flags = 0;
        for (const char c : letters) {
            const std::size_t at = std::string_view("FSRP.").find(c);
            REQUIRE(at != std::string_view::npos);
            flags = static_cast<std::uint8_t>(flags | 1U << at);
        }
        return flags;
    }

   private:
    /// Shown beside the next assertion if that fails.
    void show(const std::string& line) { UNSCOPED_INFO(line); }
    void note(const EndpointStep<ConcreteReading>& step) {
        for (const ConcreteSegment& s : step.sent) show("    " + to_string(s));
        sent.assign(step.sent.begin(), step.sent.end());
        rule = step.rule != nullptr ? step.rule->id : "";
        reason = std::string(step.reason);
    }
    static std::string named(std::uint32_t value) {
        for (const auto& [base, name] : {std::pair{RN, "RN"}, std::pair{SN, "SN"}}) {
            const auto distance = static_cast<std::int32_t>(value - base);
            if (distance == 0) return name;
            if (distance > -1000 && distance < 100'000) return fmt::format("{}{:+}", name, distance);
        }
        return fmt::format("{}", value);
    }
    std::string outcome(const EndpointStep<ConcreteReading>& step, TcpState state_before) {
        note(step);
        std::string text;
        for (const ConcreteSegment& s : step.sent) {
            text += (text.empty() ? "" : ", ") + flags_to_string(s.flags) + " " + named(s.seq.value);
            if (s.length > 0) text += fmt::format("({})", s.length);
            if (s.has(flag::ack)) text += " ack " + named(s.ack.value);
        }
        if (text.empty()) text = "nothing";
        if (tcb.state != state_before) text += "; " + std::string(to_string(tcb.state));
        if (step.event != ConnectionEvent::None)
            text += (tcb.state != state_before ? ", " : "; ") + std::string(to_string(step.event));
        return text;
    }
};

}  // namespace halfopen
