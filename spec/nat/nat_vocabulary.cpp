#include "spec/nat/nat_vocabulary.hpp"

#include <array>
#include <string_view>

#include "spec/nat/conntrack_entry.hpp"

namespace halfopen {
namespace {

constexpr std::array predicates{
    Term{"flags valid", "the flag set is S, S., R, R., F. or . (tcp_valid_flags)"},
    Term{"seen reply", "a segment of the reply direction has been counted (IPS_SEEN_REPLY)"},
    Term{"assured", "the entry is not evicted under pressure (IPS_ASSURED)"},
    Term{"window accepts",
         "tcp_in_window() accepts, because the numbers fit or the side is tracked liberally"},
    Term{"window ignores", "tcp_in_window() lets the segment pass without believing it"},
    Term{"close initiated", "either side has moved the entry to FIN_WAIT (IP_CT_TCP_FLAG_CLOSE_INIT)"},
    Term{"close initiated by sender", "this side has moved the entry to FIN_WAIT or CLOSE"},
    Term{"last packet was SYN", "last_index is TCP_SYN_SET"},
    Term{"last packet was ACK", "last_index is TCP_ACK_SET"},
    Term{"last packet was RST", "last_index is TCP_RST_SET"},
    Term{"last packet from same side", "last_dir is this direction"},
    Term{"last packet from other side", "last_dir is the other direction"},
    Term{"ack is last end", "the acknowledgement field is last_end"},
    Term{"seq is last ack", "SEG.SEQ is last_ack"},
    Term{"seq is last end", "SEG.SEQ is last_end"},
    Term{"seq is zero", "SEG.SEQ is 0"},
    Term{"seq after sender end", "SEG.SEQ is after this side's td_end"},
    Term{"peer has maxack", "the other side has sent an ACK that was accepted in its window"},
    Term{"seq before peer maxack", "SEG.SEQ is before the other side's td_maxack"},
    Term{"seq is peer maxack", "SEG.SEQ is the other side's td_maxack"},
    Term{"simultaneous open", "SYNs have crossed (IP_CT_TCP_SIMULTANEOUS_OPEN)"},
    Term{"challenge ACK expected", "a SYN was ignored in LAST_ACK (IP_CT_EXP_CHALLENGE_ACK)"},
    Term{"both sides SYN_SENT", "each side has been seen and neither acknowledged (pf)"},
    Term{"sender unmarked", "nothing has been marked of this side"},
    Term{"sender marked SYN", "this side is marked as having sent a SYN, and no ACK"},
    Term{"sender marked ACK", "this side is marked as having sent an ACK, and no SYN"},
    Term{"sender open", "this side is marked as open"},
    Term{"peer open", "the other side is marked as open"},
    Term{"carries ACK", "the segment has the ACK bit"},
};
static_assert(predicates.size() == nat_predicate_count);

constexpr std::array actions{
    ActionTerm{"create", false, "make the entry of a new connection (tcp_new)"},
    ActionTerm{"pick up", false,
               "make the entry of a connection that was missed, tracked liberally (tcp_new)"},
    ActionTerm{"track", false, "store what tcp_in_window() learns from the segment"},
    ActionTerm{"enter", true, "change the entry's state"},
    ActionTerm{"accept", false, "forward translated; remember the segment's class and refresh the timer"},
    ActionTerm{"ignore", false, "forward translated; state and timer stay (TCP_CONNTRACK_IGNORE)"},
    ActionTerm{"invalid", false, "no conntrack attached: leaks outbound, reaches the NAT host inbound"},
    ActionTerm{"drop", false, "drop the segment"},
    ActionTerm{"repeat", false, "delete the entry and look the segment up again (NF_REPEAT)"},
    ActionTerm{"delete entry", false, "delete the entry"},
    ActionTerm{"delete unanswered", false, "delete the entry if no reply has been counted"},
    ActionTerm{"remember", false, "make this segment the last packet: class, direction, seq, end, window"},
    ActionTerm{"remember ack", false, "store the segment's acknowledgement number as last_ack"},
    ActionTerm{"note invalid", false,
               "a FIN or RST against an assured entry: remember it, and shorten the timer "
               "when the other side did the same (nf_tcp_handle_invalid)"},
    ActionTerm{"resynchronise", false,
               "take the ignored SYN's numbers for its sender, forget the other side's"},
    ActionTerm{"expect challenge ACK", false, "set IP_CT_EXP_CHALLENGE_ACK"},
    ActionTerm{"forget challenge ACK", false, "clear IP_CT_EXP_CHALLENGE_ACK"},
    ActionTerm{"note simultaneous open", false, "set IP_CT_TCP_SIMULTANEOUS_OPEN"},
    ActionTerm{"move sides", false,
               "move each side's state as the segment's SYN, FIN, ACK and RST say, and enter the state that "
               "both amount to (pf_tcp_track_full)"},
    ActionTerm{"move sides loosely", false, "the same for FIN and RST only (pf's loose state match)"},
    ActionTerm{"mark sender SYN", false, "mark this side as having sent a SYN"},
    ActionTerm{"mark sender ACK", false, "mark this side as having sent an ACK"},
    ActionTerm{"mark sender open", false, "mark this side as open"},
    ActionTerm{"mark sender closed", false, "mark this side as closed"},
    ActionTerm{"unmark sides", false, "forget what is marked of both sides"},
    ActionTerm{"forget sender", false, "forget this side's numbers, not its state (pf)"},
    ActionTerm{"send reset", false,
               "the NAT answers the sender with the reset of RFC 9293 for no connection"},
    ActionTerm{"send bare reset", false,
               "the NAT answers the sender with RST, seq = SEG.ACK, without ACK (pf, state mismatch)"},
    ActionTerm{"send full reset", false,
               "the NAT answers the sender with RST,ACK, seq = SEG.ACK, ack = SEG.SEQ+SEG.LEN (pf, return)"},
    ActionTerm{"send challenge ACK", false,
               "the NAT answers the sender with an ACK on behalf of the other side, by the numbers it keeps"},
};
static_assert(actions.size() == nat_action_count);

constexpr std::array<std::string_view, 4> searches{"counter", "rover", "random", "lowest"};
constexpr std::array<std::string_view, 4> preservations{"if free", "if free and in range", "never",
                                                        "or fail"};
constexpr std::array<std::string_view, 3> mappings{"reused where free", "endpoint-independent",
                                                   "per connection"};
constexpr std::array<std::string_view, 3> filterings{"connection", "address", "endpoint-independent"};
constexpr std::array<std::string_view, 2> timeout_tables{"nf_conntrack", "idle"};
constexpr std::array<std::string_view, 3> window_tests{"conntrack", "pf", "none"};
constexpr std::array<std::string_view, 3> reset_matches{"in window", "next", "next or exact ack"};
constexpr std::array<std::string_view, 2> expiry_receivers{"nobody", "both"};
constexpr std::array<std::string_view, 2> invalids{"leaks", "dropped"};
constexpr std::array<std::string_view, 2> inputs{"answers", "drops"};
constexpr std::array<std::string_view, 2> reinitialisations{"any packet", "syn only"};
constexpr std::array<std::string_view, 2> lower_bounds{"always", "unless receiver unknown"};
constexpr std::array<std::string_view, 3> first_packet_tests{"td_end", "td_maxwin", "side state"};
constexpr std::array<std::string_view, 3> teachings{"nothing", "acknowledged", "acknowledged or keepalive"};
constexpr std::array<std::string_view, 2> window_failures{"invalid", "split"};

constexpr ParameterTerm flag(std::string_view name, bool standard, std::string_view meaning) {
    return {name, ParameterType::Flag, standard ? 1 : 0, 0, 1, {}, meaning};
}
constexpr ParameterTerm timer(std::string_view name, std::int64_t seconds, std::string_view meaning) {
    return {name, ParameterType::Milliseconds, seconds * 1000, 1, 0xfffffffe, {}, meaning};
}
constexpr ParameterTerm port(std::string_view name, std::string_view meaning) {
    return {name, ParameterType::Count, 0, 0, 65535, {}, meaning};
}
template <std::size_t n>
constexpr ParameterTerm choice(std::string_view name, const std::array<std::string_view, n>& choices,
                               std::int64_t standard, std::string_view meaning) {
    return {name, ParameterType::Choice, standard, 0, std::int64_t{n} - 1, choices, meaning};
}

constexpr std::array parameters{
    flag("nf_conntrack_tcp_be_liberal", false, "segments out of window are accepted"),
    flag("nf_conntrack_tcp_ignore_invalid_rst", false, "a reset before td_maxack is not invalid for that"),
    flag("nf_conntrack_tcp_loose", true, "an ACK without an entry picks its connection up"),
    flag("nf_conntrack_tcp_no_window_check", false, "tcp_in_window() is skipped (an OpenWrt patch)"),
    ParameterTerm{"nf_conntrack_tcp_max_retrans",
                  ParameterType::Count,
                  3,
                  0,
                  255,
                  {},
                  "identical ACKs in a row after which the timer is at most …_timeout_max_retrans"},
    timer("nf_conntrack_tcp_timeout_syn_sent", 120, "SYN_SENT2 always has 120 s"),
    timer("nf_conntrack_tcp_timeout_syn_recv", 60, ""),
    timer("nf_conntrack_tcp_timeout_established", 432000, "5 days"),
    timer("nf_conntrack_tcp_timeout_fin_wait", 120, ""),
    timer("nf_conntrack_tcp_timeout_close_wait", 60, ""),
    timer("nf_conntrack_tcp_timeout_last_ack", 30, ""),
    timer("nf_conntrack_tcp_timeout_time_wait", 120, ""),
    timer("nf_conntrack_tcp_timeout_close", 10, ""),
    timer("nf_conntrack_tcp_timeout_max_retrans", 300, "after retransmissions without an answer"),
    timer("nf_conntrack_tcp_timeout_unacknowledged", 300, "while data is unacknowledged"),
    choice("port_search", searches, 0,
           "where the search for a free port starts: a static counter, at the last "
           "success, at random, or at the range's first"),
    choice("port_preservation", preservations, 0, "when a connection keeps its own source port"),
    port("port_first", "first outside port; 0: the class of the client's port (1, 600 or 1024)"),
    port("port_last", "last outside port; counts where port_first does"),
    port("ports_per_client", "size of the block of ports that each inside address has to itself; 0: shared"),
    flag("port_overloading", true, "an outside port may serve two clients, towards different destinations"),
    flag("port_parity", false, "a searched port is odd where the client's is, and even where that is"),
    choice("mapping", mappings, 0, "whether a client's port keeps its mapping towards further destinations"),
    choice("filtering", filterings, 0,
           "which senders outside reach a mapping made for another destination: none, those of the same "
           "address, all"),
    choice("invalid", invalids, 0, "whether a rule in FORWARD and INPUT drops what is INVALID"),
    choice("input", inputs, 0, "whether the NAT host's INPUT chain lets unknown TCP reach its own stack"),
    flag("syn_sent_refresh", true, "a SYN sent again restarts the SYN_SENT timer"),
    choice("window_reinitialise", reinitialisations, 0,
           "what re-initialises a known side during the handshake"),
    choice("lower_bound", lower_bounds, 0, "when a segment below the window fails"),
    choice("first_packet_test", first_packet_tests, 0, "how a side of which nothing is known is recognised"),
    choice("window_failure", window_failures, 0, "whether a segment below the window is INVALID or ignored"),
    flag("ack_lower_bound_strict", false, "the lower bound of acknowledgements is not itself acceptable"),
    flag("pure_ack_by_ack_only", false, "a segment without data is judged by its acknowledgement only"),
    choice("unknown_receiver_learns", teachings, 0,
           "what a side's first packet also teaches of the other side: the number that it acknowledges, or "
           "the byte "
           "of a keepalive"),
    flag("maxack", false, "the highest acknowledgement of each side is kept"),
    flag("unacknowledged_data", false, "unacknowledged data shortens the timer"),
    flag("unacknowledged_pick_up", false, "a picked up connection without reply gets the short timer"),
    flag("zero_window_shortens", false, "an advertised window of 0 shortens the timer"),
    flag("reset_shortens", false, "any accepted reset sets the timer to that of CLOSE"),
    flag("accept_remembers_direction", true,
         "an accepted segment's direction is remembered, not only its class"),
    flag("resynchronise_keeps_liberal", false, "the other side stays liberally tracked when it is forgotten"),
    flag("reset_initiates_close", false,
         "entering CLOSE, too, marks its sender as having initiated the close"),
    choice("timeouts", timeout_tables, 0, "which times count: nf_conntrack_tcp_timeout_… or idle_…"),
    timer("idle_first", 120, "SYN_SENT and SYN_SENT2 (pf: tcp.first)"),
    timer("idle_opening", 30, "SYN_RECV (pf: tcp.opening)"),
    timer("idle_established", 86400, "ESTABLISHED (pf: tcp.established)"),
    timer("idle_closing", 900, "FIN_WAIT, CLOSE_WAIT: one side has sent a FIN (pf: tcp.closing)"),
    timer("idle_fin_wait", 45, "LAST_ACK: both sides have (pf: tcp.finwait)"),
    timer("idle_closed", 90, "TIME_WAIT and CLOSE (pf: tcp.closed)"),
    choice("expiry_reset", expiry_receivers, 0, "to whom the NAT sends a reset when a connection times out"),
    choice("window_test", window_tests, 0, "how sequence numbers are judged"),
    choice("reset_match", reset_matches, 0, "window_test pf: where a reset's number must lie"),
    flag("fin_past_window", false, "window_test pf: a FIN itself may lie beyond the window"),
    flag("first_packet_any_ack", false,
         "window_test pf: the acknowledgement of a side's first packet is not judged"),
    flag("unknown_peer_any_ack", false,
         "window_test pf: acknowledgements of a side that has not been seen are not judged"),
    flag("packet_memory", true, "the last packet, and that there was a reply, is remembered"),
    flag("side_states", false, "each side has a state of its own"),
    flag("any_flags", false, "pf: the rule that lets connections out says `flags any`, not `flags S/SA`"),
    flag("return_rst", false, "pf: `set block-policy return`: blocked segments are answered with a reset"),
    flag("sloppy", false, "pf: `keep state (sloppy)`: sequence numbers are not looked at"),
    flag("forwarding", false, "VPP: `nat44 forwarding enable`: what has no session passes untranslated"),
};

}  // namespace

const Vocabulary& nat_vocabulary() {
    static const Vocabulary vocabulary{
        PolicyKind::Nat, track_state_names, segment_class_names, predicates, actions, parameters, true};
    return vocabulary;
}

}  // namespace halfopen
