// How many spoofed segments end an established connection: policies of the library against what has been
// published of them, and every answer against single segments with random numbers.
#include "solver/blind_reset.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "tests/solver/edited_policy.hpp"

using namespace halfopen;
using namespace halfopen::testing;

namespace {

BlindResetExposure exposure_of(Policy policy) { return blind_reset_exposure(Endpoint(std::move(policy))); }
BlindResetExposure exposure_of(const std::string& name) { return exposure_of(endpoint_policy(name)); }

Policy with(Policy policy, const std::string& parameter, const std::string& value) {
    policy.set(parameter, value);
    return policy;
}

const BlindAttack& attack(const BlindResetExposure& exposure, std::uint8_t flags) {
    for (const BlindAttack& one : exposure.attacks)
        if (one.flags == flags) return one;
    throw std::invalid_argument("no attack with " + flags_to_string(flags));
}

constexpr std::uint32_t rcv_nxt = 3'999'999'999, snd_nxt = 77, recent = 4'294'967'290;

/// What one segment with these numbers does to a connection, by the explorer's reading of the step.
bool ends(const Endpoint& endpoint, const BlindAttack& attack, std::uint32_t seq, std::uint32_t ack,
          std::uint32_t stamp) {
    ConcreteReading r;
    const bool stamps = attack.timestamps != TimestampUse::Off;
    const TimestampClock<ConcreteReading> clock =
        stamps ? TimestampClock<ConcreteReading>(Number{5, 0}) : std::nullopt;
    const TimestampClock<ConcreteReading> peer =
        stamps ? TimestampClock<ConcreteReading>(Number{recent, 0}) : std::nullopt;
    ConcreteTcb tcb = established(r, endpoint, {1, 2049}, {2, 903}, Number{snd_nxt, 0}, Number{rcv_nxt, 0},
                                  false, clock, peer);
    ConcreteSegment segment;
    segment.source = {2, 903};
    segment.destination = {1, 2049};
    segment.flags = attack.flags;
    segment.length = attack.length;
    segment.seq = {rcv_nxt + seq, 0};
    if (segment.has(flag::ack)) segment.ack = {snd_nxt + ack, 0};
    segment.window = endpoint.settings().rcv_wnd;
    if (attack.timestamps == TimestampUse::Present)
        segment.timestamps = {true, Number{recent + stamp, 0}, Number{}};
    const auto step = receive(r, endpoint, tcb, segment, std::optional(Number{123, 0}));
    switch (attack.end) {
        case ConnectionEnd::Deleted:
            return tcb.state == TcpState::Closed;
        case ConnectionEnd::Replaced:
            return tcb.state == TcpState::SynReceived;
        case ConnectionEnd::Closed:
            return tcb.state == TcpState::CloseWait && step.event == ConnectionEvent::Closed;
    }
    return false;
}

}  // namespace

TEST_CASE("RFC 5961: a reset has to hit RCV.NXT, one number in 2^32") {
    for (const char* name : {"rfc9293", "linux-3.10", "linux-4.19", "linux-6.1", "linux-6.18"}) {
        INFO(name);
        const BlindResetExposure exposure = exposure_of(name);
        CHECK(exposure.expected() == 2147483648.5);
        CHECK(attack(exposure, flag::rst).seq == Arc{0, 1});
        CHECK_THROWS(attack(exposure, flag::syn));
    }
}

TEST_CASE("RFC 793: a reset or a SYN has to hit the window (Watson, Slipping in the Window, 2004)") {
    const BlindResetExposure exposure = exposure_of("freebsd-7");
    CHECK(exposure.expected() == 32768.5);
    CHECK(exposure.attacks.front().flags == flag::syn);
    CHECK(attack(exposure, flag::syn).rules == std::vector<std::string>{"syn-in-window"});
    CHECK(attack(exposure_of("gvisor-2018"), flag::rst).expected == 32768.5);
}

TEST_CASE("FreeBSD-SA-14:19: two SYNs end a connection of FreeBSD 9, one of them every second time") {
    const BlindResetExposure exposure = exposure_of("freebsd-9");
    CHECK(exposure.expected() == Approx(1.5).epsilon(1e-4));
    CHECK(exposure.attacks.front().at_least == Approx(1.5).epsilon(1e-4));
}

TEST_CASE("teardown: a single SYN, whatever its numbers") {
    const BlindResetExposure exposure = exposure_of("teardown");
    CHECK(exposure.expected() == 1);
    CHECK(exposure.attacks.front().end == ConnectionEnd::Replaced);
    CHECK(exposure.attacks.front().seq.everything());
}

TEST_CASE("A larger window is found sooner, and a reset needs no acknowledgement number") {
    // gVisor of 2018 takes a reset at the window's edge as well.
    const BlindAttack reset =
        attack(exposure_of(with(endpoint_policy("gvisor-2018"), "rcv_wnd", "1048575")), flag::rst);
    CHECK(reset.seq == Arc{0, 1 << 20U});
    CHECK(reset.ack.everything());
    CHECK(reset.expected == 2048.5);
}

TEST_CASE("RFC 5961 section 5: where old acknowledgements pass, a FIN with text is cheaper than a reset") {
    const BlindResetExposure exposure = exposure_of("freebsd-14");
    const BlindAttack& fin = exposure.attacks.front();
    CHECK(fin.flags == (flag::fin | flag::ack));
    CHECK(fin.length == spoofed_length);
    CHECK(fin.end == ConnectionEnd::Closed);
    CHECK(fin.seq == Arc{0U - spoofed_length, spoofed_length + 1});
    CHECK(fin.ack.size == all_values / 2);
    CHECK(fin.expected < 3e6);
    // Where they have to be from the last window it is not.
    CHECK(attack(exposure_of("rfc9293"), flag::fin | flag::ack).ack.size == 65536);
}

TEST_CASE("A rule more or less is found in the figure") {
    Policy exact = endpoint_policy("freebsd-7");
    for (const char* id : {"syn-in-window", "rst-near-rcv-nxt"}) exact = without(std::move(exact), id);
    const BlindResetExposure exposure = exposure_of(exact);
    CHECK_THROWS(attack(exposure, flag::syn));
    CHECK(attack(exposure, flag::rst).rules == std::vector<std::string>{"rst-near-last-ack"});
    Policy deaf = exact;
    for (Rule& rule : deaf.rules) rule.actions = {act(EndpointAction::Drop)};
    CHECK(exposure_of(deaf).attacks.empty());
    CHECK(exposure_of(deaf).expected() == std::numeric_limits<double>::infinity());
}

TEST_CASE("With timestamps a segment has to pass PAWS, unless it may come without one") {
    const BlindResetExposure exposure = exposure_of(with(endpoint_policy("freebsd-7"), "timestamps", "true"));
    CHECK(exposure.kinds == 36);
    const BlindAttack& syn = attack(exposure, flag::syn);
    CHECK(syn.timestamps == TimestampUse::Missing);
    CHECK(syn.expected == 32768.5);
}

TEST_CASE("Every answer of the library agrees with single segments of random numbers") {
    std::mt19937 random(7);
    const auto near = [&](const Arc& arc) {
        const std::uint32_t around = random() % 5 - 2;
        switch (random() % 3) {
            case 0:
                return arc.first + around;
            case 1:
                return arc.first + static_cast<std::uint32_t>(arc.size) + around;
            default:
                return static_cast<std::uint32_t>(random());
        }
    };
    const auto member = [&](const Arc& arc) {
        return arc.first + static_cast<std::uint32_t>(
                               std::uniform_int_distribution<std::uint64_t>(0, arc.size - 1)(random));
    };
    const PolicyLibrary library = shipped_policies();
    for (const std::string& name : library.names(PolicyKind::Endpoint))
        for (const char* timestamps : {"false", "true"}) {
            const Endpoint endpoint(with(library.load(PolicyKind::Endpoint, name), "timestamps", timestamps));
            for (const BlindAttack& one : blind_reset_exposure(endpoint).attacks) {
                INFO(name << ", timestamps " << timestamps << ", " << flags_to_string(one.flags) << ", "
                          << to_string(one.end));
                CHECK(one.expected >= one.at_least * (1 - 1e-9));
                CHECK_FALSE(one.rules.empty());
                std::size_t missed = 0, spurious = 0;
                for (int i = 0; i < 300; ++i) {
                    if (!ends(endpoint, one, member(one.seq), member(one.ack), member(one.stamp))) ++missed;
                    const std::uint32_t seq = near(one.seq), ack = member(one.ack), stamp = member(one.stamp);
                    // The arc of SEG.SEQ is the longest, so what lies right outside of it does not do.
                    const bool edge = seq == one.seq.first - 1 ||
                                      seq == one.seq.first + static_cast<std::uint32_t>(one.seq.size);
                    if (edge && !one.seq.everything() && ends(endpoint, one, seq, ack, stamp)) ++spurious;
                }
                CHECK(missed == 0);
                CHECK(spurious == 0);
            }
        }
}
