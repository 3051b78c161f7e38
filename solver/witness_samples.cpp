#include "solver/witness_samples.hpp"

#include <array>

#include "spec/nat/usual_entry.hpp"
#include "spec/tcp/tcb_invariant.hpp"
#include "spec/tcp/usual_tcb.hpp"

namespace halfopen {
namespace {

constexpr Address here{0xc0000202, 2049}, there{0xc0000201, 903};
constexpr Address inside{0x0a010001, 903}, outside{0xc0000201, 903}, server{0xc0000202, 2049};

class Draw {
   public:
    explicit Draw(SampleDraws& draws) : draws_(draws) {}

    /// std::uniform_int_distribution differs between libraries.
    std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(draws_() % n); }
    bool coin() { return below(2) != 0; }
    template <std::size_t n>
    std::uint32_t one_of(const std::array<std::uint32_t, n>& values) {
        return values[below(n)];
    }

    std::uint32_t window() {
        return one_of<8>({usual_window, usual_window, 0, 1, 2, 1000, 1U << 20U, largest_window});
    }
    /// A little more than nothing, mostly nothing.
    std::uint32_t outstanding() { return one_of<7>({0, 0, 1, 2, 100, 1000, usual_window}); }
    /// How far a number lies from the one that it is compared with, which has a window of `window`.
    std::uint32_t offset(std::uint32_t window) {
        switch (below(8)) {
            case 0:
                return 0;
            case 1:
                return one_of<6>({1, 2, 3, 100, 101, 1000});
            case 2:
                return 0U - one_of<8>({1, 2, 3, 99, 100, 101, 102, 1000});
            case 3:
                return window + below(5) - 2;
            case 4:
                return 0U - window + below(5) - 2;
            case 5:
                return one_of<6>({100'000, 0U - 100'000, 1U << 30U, 0U - (1U << 30U), 3U << 29U, 5U << 29U});
            case 6:
                return (1U << 31U) + below(5) - 2;
            default:
                return static_cast<std::uint32_t>(draws_());
        }
    }
    Number beside(Number number, std::uint32_t window) { return {number.value + offset(window), 0}; }

   private:
    SampleDraws& draws_;
};

ConcreteSegment plain_segment(const PolicyCase& at, Draw& draw) {
    ConcreteSegment segment;
    segment.flags = at.flags;
    segment.length = at.length;
    segment.window = draw.coin() ? usual_window : draw.window();
    return segment;
}

}  // namespace

PolicyWitness sample_for_endpoint(const PolicyCase& at, SampleDraws& draws) {
    Draw draw(draws);
    const auto state = static_cast<TcpState>(at.state);
    ConcreteTcb tcb = usual_tcb(state);
    tcb.local = here;
    tcb.remote = there;
    tcb.rcv_wnd = draw.window();
    tcb.max_snd_wnd = draw.window();
    tcb.orphan = draw.coin();
    tcb.retransmits = draw.coin() ? 1 : 0;
    if (state == TcpState::Closed || state == TcpState::Listen) {
        tcb.orphan = false;
        tcb.retransmits = 0;
    } else if (state != TcpState::SynSent) {
        tcb.active_open = draw.coin();
        tcb.last_ack_sent.value -= draw.outstanding();
        if (synchronized(state) && state != TcpState::FinWait2 && state != TcpState::TimeWait)
            tcb.snd_una.value -= draw.outstanding();
        if (synchronized(state) && draw.coin()) {
            tcb.irs = draw.beside(tcb.rcv_nxt, tcb.rcv_wnd);
            tcb.iss = draw.beside(tcb.snd_nxt, tcb.max_snd_wnd);
        }
    }
    if (state == TcpState::SynSent || state == TcpState::SynReceived || state == TcpState::Established ||
        state == TcpState::CloseWait)
        tcb.orphan = false;
    // As EndpointFormulas::witness() has it.
    if (synchronized(state))
        tcb.unacked_data = tcb.snd_nxt.value - tcb.snd_una.value - (tcb.fin_outstanding() ? 1 : 0);

    ConcreteSegment segment = plain_segment(at, draw);
    segment.source = there;
    segment.destination = here;
    const std::array<Number, 4> received{tcb.rcv_nxt, tcb.rcv_nxt, tcb.last_ack_sent, tcb.irs};
    segment.seq = draw.beside(received[draw.below(4)], tcb.rcv_wnd);
    const std::array<Number, 4> sent{tcb.snd_nxt, tcb.snd_una, tcb.snd_una, tcb.iss};
    if (segment.has(flag::ack)) segment.ack = draw.beside(sent[draw.below(4)], tcb.max_snd_wnd);
    if (at.timestamps != TimestampUse::Off) {
        const Number clock{3'000'000, 0}, recent{2'000'000, 0};
        tcb.timestamps = {true, true, state != TcpState::SynSent, clock, {}};
        if (tcb.timestamps.known) tcb.timestamps.recent = recent;
        if (state == TcpState::SynSent || state == TcpState::SynReceived) {
            const std::uint32_t age = 1000 + draw.below(1000);
            tcb.syn_timestamps = {true, {clock.value - age, 0}, {clock.value - draw.below(age), 0}};
        }
        if (at.timestamps == TimestampUse::Present)
            segment.timestamps = {true, draw.beside(recent, 241), draw.beside(clock, 1000)};
    }
    return {at, segment, tcb, std::nullopt};
}

PolicyWitness sample_for_nat(const PolicyCase& at, const NatSettings& settings, const EntryMarks& marks,
                             SampleDraws& draws) {
    Draw draw(draws);
    const auto state = static_cast<TrackState>(at.state);
    ConntrackEntry<ConcreteReading> entry = usual_entry(settings, state);
    entry.inside = inside;
    entry.outside = outside;
    entry.destination = server;
    entry.timeout = settings.timeout(state);
    const std::uint8_t sender = at.direction == direction_reply ? reply : original;
    PolicyWitness found{at, plain_segment(at, draw), std::nullopt, entry};
    ConcreteSegment& segment = found.segment;
    const bool out = sender == original;
    segment.source = out ? inside : server;
    segment.destination = out ? server : outside;
    if (state == TrackState::None) {
        segment.seq = draw.beside({draw.coin() ? usual_rcv_nxt : 0, 0}, usual_window);
        if (segment.has(flag::ack)) segment.ack = draw.beside({usual_snd_nxt, 0}, usual_window);
        return found;
    }
    auto& e = *found.entry;
    e.seen_reply = marks.packet_memory && draw.coin();
    e.assured = e.seen_reply && draw.coin();
    e.challenge_ack_expected = marks.challenge_ack_expected && draw.coin();
    e.simultaneous_open = marks.simultaneous_open && draw.coin();
    e.last_class = static_cast<SegmentClass>(draw.below(segment_class_count));
    e.last_direction = draw.coin() ? original : reply;
    for (Peer<ConcreteReading>& peer : e.peers) {
        peer.td_maxwin = draw.coin() ? usual_window : draw.window();
        peer.maxack_set = marks.maxack && draw.coin();
        peer.be_liberal = draw.below(4) == 0;
        peer.close_init = draw.coin();
        if (marks.sides && draw.coin()) peer.side = static_cast<SideState>(draw.below(side_state_count));
    }
    for (const std::uint8_t side : {original, reply}) {
        Peer<ConcreteReading>& peer = e.peers[side];
        Peer<ConcreteReading>& other = e.peers[1 - side];
        peer.td_maxend = draw.beside(draw.coin() ? peer.td_maxend : peer.td_end, other.td_maxwin);
        peer.td_maxack = draw.beside(other.td_end, 1000);
    }
    const Peer<ConcreteReading>& mine = e.peers[sender];
    const Peer<ConcreteReading>& other = e.peers[1 - sender];
    e.last_seq = draw.beside(mine.td_end, usual_window);
    e.last_ack = draw.beside(other.td_end, usual_window);
    e.last_end = draw.beside(draw.coin() ? mine.td_end : other.td_end, usual_window);
    e.last_win = draw.coin() ? usual_window : draw.window();
    const std::array<Number, 6> seqs{mine.td_end, mine.td_end,     mine.td_maxend,
                                     e.last_ack,  other.td_maxack, e.last_end};
    segment.seq = draw.beside(seqs[draw.below(6)], other.td_maxwin);
    const std::array<Number, 4> acks{other.td_end, other.td_end, e.last_end, mine.td_maxack};
    if (segment.has(flag::ack)) segment.ack = draw.beside(acks[draw.below(4)], mine.td_maxwin);
    return found;
}

}  // namespace halfopen
