/// Random endpoints, conntrack entries and segments for them, biased towards numbers that mean something to
/// each other.
#pragma once

#include <cstdint>
#include <iterator>

#include "spec/nat/nat.hpp"
#include "spec/tcp/tcb.hpp"
#include "tests/solver/random_worlds.hpp"

namespace halfopen::testing {

inline constexpr Address client{0x0a010001, 903};
inline constexpr Address server{0xc0000202, 2049};
inline constexpr std::uint32_t nat_ip = 0xc0000201;
inline constexpr std::uint8_t S = flag::syn, A = flag::ack, F = flag::fin, R = flag::rst, P = flag::psh;
/// At least one of each segment class, with and without the bits that the class leaves open.
inline constexpr std::uint8_t all_flags[]{S, S | A, A, A | P, F, F | A, R, R | A, 0};

/// Numbers as connections have them: near each other, half a circle apart, around 0, or anything.
class RandomNumbers {
   public:
    explicit RandomNumbers(std::uint32_t seed) : random_(seed), base_(random_.any()) {}

    std::uint32_t below(std::uint32_t n) { return random_.below(n); }
    bool coin() { return below(2) == 0; }
    Number number() { return {(below(6) == 0 ? 0U : base_) + random_.offset(), 0}; }
    /// A number that may well be within one of another, or in the window that begins there.
    Number near(Number other) {
        if (below(4) == 0) return number();
        const std::uint32_t steps[]{0, 0, 1, 0U - 1U, 50, 65'535, 0U - 100U};
        return {other.value + steps[below(7)], 0};
    }
    std::uint32_t size() {
        const std::uint32_t sizes[]{0, 1, 100, 65'535, random_.any() >> 8U};
        return sizes[below(5)];
    }
    std::uint8_t flags() { return all_flags[below(std::size(all_flags))]; }
    ConcreteSegment segment(const Address& from, const Address& to, std::uint8_t bits, Number seq,
                            Number ack) {
        const std::uint32_t length = (bits & (S | R)) == 0 && coin() ? 1 + below(200) : 0;
        return {from, to, bits, seq, (bits & A) != 0 ? ack : Number{}, size(), length, {}};
    }
    ConcreteSegment segment(const Address& from, const Address& to, std::uint8_t bits) {
        return segment(from, to, bits, number(), number());
    }
    /// Of a connection that uses timestamps, of one that does not, or of a host without a clock.
    TimestampMemory<ConcreteReading> timestamps() {
        TimestampMemory<ConcreteReading> t;
        if (below(4) == 0) return t;
        t.able = true;
        t.clock = number();
        t.on = below(8) > 0;
        t.known = below(8) > 0;
        if (t.known) t.recent = number();
        return t;
    }
    TimestampOption<ConcreteReading> timestamps_for(const TimestampMemory<ConcreteReading>& memory) {
        if (below(4) == 0) return {};
        const std::uint32_t steps[]{0, 1, 2, 0U - 1U, 0U - 2U, 1'000, 0U - 1'000U, 0x8000'0000};
        const Number value{memory.recent.value + steps[below(8)], 0};
        return {true, below(6) == 0 ? number() : value, near(memory.clock)};
    }
    ConcreteTcb tcb(TcpState state) {
        ConcreteTcb t;
        t.local = server;
        t.remote = client;
        t.state = state;
        t.active_open = coin();
        t.orphan = below(3) == 0;
        t.syn_outstanding = below(3) == 0;
        t.handed_over = below(3) == 0;
        t.unread_text = below(3) == 0;
        t.full_orphan = below(4) == 0;
        t.no_round_trip = below(4) == 0;
        t.rcv_nxt = number();
        t.snd_nxt = number();
        for (Number* n : {&t.irs, &t.last_ack_sent}) *n = near(t.rcv_nxt);
        for (Number* n : {&t.iss, &t.snd_una}) *n = near(t.snd_nxt);
        if (coin()) t.iss = t.snd_una = {t.snd_nxt.value - 1, 0};  // a SYN is outstanding
        if (coin()) t.irs = {t.rcv_nxt.value - 1, 0};
        t.rcv_wnd = size();
        t.max_snd_wnd = size();
        t.unacked_data = coin() ? 0 : 100;
        t.retransmits = static_cast<std::uint8_t>(below(4));
        t.kept_backoff = static_cast<std::uint8_t>(below(3));
        t.keepalive_probes = static_cast<std::uint8_t>(below(3));
        t.challenge_acks = static_cast<std::uint8_t>(below(3));
        t.timestamps = timestamps();
        if (t.timestamps.on && coin())
            t.syn_timestamps = {true, near(t.timestamps.clock), near(t.timestamps.clock)};
        if (coin()) t.send_window = {true, size(), near(t.rcv_nxt)};
        if (below(4) == 0) {
            ConcreteReading r;
            for (unsigned i = below(3); i > 0; --i) {
                const Number begin = near(t.rcv_nxt);
                keep(r, t.kept_text, {coin(), begin, near(begin)});
            }
        }
        for (std::uint32_t& left : t.timers) left = coin() ? timer_off : below(100'000);
        return t;
    }
    Peer<ConcreteReading> peer() {
        Peer<ConcreteReading> p;
        p.td_end = number();
        for (Number* n : {&p.td_maxend, &p.td_maxack}) *n = near(p.td_end);
        p.td_maxwin = size();
        for (bool* mark : {&p.maxack_set, &p.be_liberal, &p.close_init, &p.unacknowledged}) *mark = coin();
        // Half of them among the few that a handshake goes through.
        p.side = static_cast<SideState>(coin() ? below(4) : below(side_state_count));
        return p;
    }
    ConntrackEntry<ConcreteReading> entry(TrackState state) {
        ConntrackEntry<ConcreteReading> e;
        e.inside = client;
        e.outside = {nat_ip, client.port};
        e.destination = server;
        e.state = state;
        e.timeout = below(500'000);
        for (bool* mark : {&e.seen_reply, &e.assured, &e.challenge_ack_expected, &e.simultaneous_open})
            *mark = coin();
        e.peers[original] = peer();
        e.peers[reply] = peer();
        e.last_class = static_cast<SegmentClass>(below(segment_class_count));
        e.last_direction = static_cast<std::uint8_t>(below(2));
        e.last_seq = near(e.peers[e.last_direction].td_end);
        e.last_end = near(e.last_seq);
        e.last_ack = near(e.peers[1 - e.last_direction].td_end);
        e.last_win = size();
        e.retransmissions = static_cast<std::uint8_t>(below(4));
        return e;
    }
    /// seq and ack near one of the entry's numbers.
    ConcreteSegment segment(const ConntrackEntry<ConcreteReading>& e, std::uint8_t direction,
                            std::uint8_t bits) {
        const auto& sender = e.peers[direction];
        const auto& receiver = e.peers[1 - direction];
        const Number seqs[]{sender.td_end, receiver.td_maxack, e.last_end, e.last_ack, Number{}};
        const Number acks[]{receiver.td_end, e.last_end};
        return segment(client, server, bits, near(seqs[below(5)]), near(acks[below(2)]));
    }

   private:
    RandomWorld random_;
    std::uint32_t base_;
};

}  // namespace halfopen::testing
