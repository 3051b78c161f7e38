/// A connection tracking entry as nf_conntrack_proto_tcp.c keeps it (struct nf_conn with its struct
/// ip_ct_tcp).  Other NATs keep less, or a state for each side besides.
///
/// Clients originate: the original direction is inside → outside.  Window scaling is left out, because a
/// segment's window is given after scaling; so are the SACK flags, because the model's segments carry no
/// options.
///
/// All that has few values and is not the state itself is a mark, which a solver may leave unknown.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "spec/numbers/reading.hpp"
#include "spec/tcp/segment.hpp"

namespace halfopen {

/// enum tcp_conntrack.  None: no entry, or one that is just being made.  A NAT that keeps a state for each
/// side (SideState) has here what its pair amounts to.
enum class TrackState : std::uint8_t {
    None,
    SynSent,
    SynRecv,
    Established,
    FinWait,
    CloseWait,
    LastAck,
    TimeWait,
    Close,
    SynSent2,
};
inline constexpr std::size_t track_state_count = 10;
/// As `conntrack -L` prints them.
inline constexpr std::array<std::string_view, track_state_count> track_state_names{
    "NONE",       "SYN_SENT", "SYN_RECV",  "ESTABLISHED", "FIN_WAIT",
    "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSE",       "SYN_SENT2"};
constexpr std::string_view to_string(TrackState s) { return track_state_names[static_cast<std::size_t>(s)]; }

/// What a NAT that looks at each side alone knows of one side: the TCPS_ values that pf and its descendants
/// use, in their order.  conntrack leaves it Closed.
enum class SideState : std::uint8_t {
    Closed,  ///< nothing seen of it
    Acked,   ///< it has sent an ACK and no SYN (VPP)
    SynSent,
    Established,  ///< its SYN has been acknowledged
    Closing,      ///< it has sent a FIN
    FinWait2,     ///< its FIN has been acknowledged
    TimeWait,     ///< a reset has been seen
};
inline constexpr std::size_t side_state_count = 7;

/// Index of peers and value of last_direction (IP_CT_DIR_ORIGINAL, IP_CT_DIR_REPLY).
inline constexpr std::uint8_t original = 0, reply = 1;

/// What the tracker knows of one side (struct ip_ct_tcp_state).
/// (struct pf_state_peer has the same three numbers as seqlo, seqhi and max_win.)
template <class R>
struct Peer {
    typename R::Word td_end{};           ///< highest sequence number + length that it sent
    typename R::Word td_maxend{};        ///< highest acknowledgement + window that it was granted
    typename R::Word td_maxack{};        ///< highest acknowledgement that it sent; counts where maxack_set
    typename R::Size td_maxwin{};        ///< largest window that it advertised; 0: nothing known of this side
    MarkOf<R, bool> maxack_set = false;  ///< IP_CT_TCP_FLAG_MAXACK_SET
    MarkOf<R, bool> be_liberal = false;  ///< IP_CT_TCP_FLAG_BE_LIBERAL: no window test (picked up)
    MarkOf<R, bool> close_init = false;  ///< IP_CT_TCP_FLAG_CLOSE_INIT: it sent the first FIN
    MarkOf<R, bool> unacknowledged = false;  ///< IP_CT_TCP_FLAG_DATA_UNACKNOWLEDGED
    MarkOf<R, SideState> side = SideState::Closed;

    friend bool operator==(const Peer&, const Peer&) = default;
};

template <class R>
struct ConntrackEntry {
    Address inside;       ///< the client's source
    Address outside;      ///< what it is translated to
    Address destination;  ///< as the client sends it

    TrackState state = TrackState::None;
    std::uint32_t timeout = 0;           ///< ms left
    MarkOf<R, bool> seen_reply = false;  ///< IPS_SEEN_REPLY; `conntrack -L` prints [UNREPLIED] without it
    MarkOf<R, bool> assured = false;     ///< IPS_ASSURED: is not evicted when the table is full

    Peer<R> peers[2];  ///< original, reply

    /// The memory of one packet.
    MarkOf<R, SegmentClass> last_class = SegmentClass::None;
    MarkOf<R, std::uint8_t> last_direction = original;
    typename R::Word last_seq{};
    typename R::Word last_ack{};
    typename R::Word last_end{};
    typename R::Size last_win{};
    MarkOf<R, std::uint8_t> retransmissions =
        0;  ///< identical ACKs in a row; stays at nf_conntrack_tcp_max_retrans
    MarkOf<R, bool> challenge_ack_expected = false;  ///< IP_CT_EXP_CHALLENGE_ACK
    MarkOf<R, bool> simultaneous_open = false;       ///< IP_CT_TCP_SIMULTANEOUS_OPEN

    friend bool operator==(const ConntrackEntry&, const ConntrackEntry&) = default;
};

/// The one list of an entry's members: ar("name", member) for every one.  T: ConntrackEntry<R>, const or not.
template <class Archive, class T>
void fields(Archive& ar, T& entry) {
    ar("inside", entry.inside);
    ar("outside", entry.outside);
    ar("destination", entry.destination);
    ar("state", entry.state);
    ar("timeout", entry.timeout);
    ar("seen_reply", entry.seen_reply);
    ar("assured", entry.assured);
    auto& o = entry.peers[original];
    ar("original.td_end", o.td_end);
    ar("original.td_maxend", o.td_maxend);
    ar("original.td_maxack", o.td_maxack);
    ar("original.td_maxwin", o.td_maxwin);
    ar("original.maxack_set", o.maxack_set);
    ar("original.be_liberal", o.be_liberal);
    ar("original.close_init", o.close_init);
    ar("original.unacknowledged", o.unacknowledged);
    ar("original.side", o.side);
    auto& r = entry.peers[reply];
    ar("reply.td_end", r.td_end);
    ar("reply.td_maxend", r.td_maxend);
    ar("reply.td_maxack", r.td_maxack);
    ar("reply.td_maxwin", r.td_maxwin);
    ar("reply.maxack_set", r.maxack_set);
    ar("reply.be_liberal", r.be_liberal);
    ar("reply.close_init", r.close_init);
    ar("reply.unacknowledged", r.unacknowledged);
    ar("reply.side", r.side);
    ar("last_class", entry.last_class);
    ar("last_direction", entry.last_direction);
    ar("last_seq", entry.last_seq);
    ar("last_ack", entry.last_ack);
    ar("last_end", entry.last_end);
    ar("last_win", entry.last_win);
    ar("retransmissions", entry.retransmissions);
    ar("challenge_ack_expected", entry.challenge_ack_expected);
    ar("simultaneous_open", entry.simultaneous_open);
}

}  // namespace halfopen
