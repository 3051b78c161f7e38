#include "spec/tcp/endpoint_vocabulary.hpp"

#include <array>

#include "spec/tcp/segment.hpp"
#include "spec/tcp/tcb.hpp"

namespace halfopen {

namespace {

constexpr std::array predicates{
    Term{"has ack", "the ACK bit is set"},
    Term{"has data", "it carries data"},
    Term{"segment acceptable", "RFC 9293 §3.10.7.4: some octet of it, or its empty place, is in the window"},
    Term{"data acceptable", "as segment acceptable, but SYN and FIN take no place"},
    Term{"gvisor acceptable",
         "without data: SEG.SEQ in [RN, RN+W]; else its data ends after RN, begins not after RN+W"},
    Term{"linux sequence", "tcp_sequence(): SEG.END not before the last ACK sent, SEG.SEQ not beyond RN+W"},
    Term{"linux 6.18 sequence", "as linux sequence; after the peer's FIN, all text must be within RN+W-1"},
    Term{"linux in window", "tcp_in_window(): SEG.SEQ = RN, or it overlaps (RN, RN+W), or is empty at RN+W"},
    Term{"seq in window", "SEG.SEQ in [RN, RN+W)"},
    Term{"seq in window or at its edge", "SEG.SEQ in [RN, RN+W]"},
    Term{"seq left of window", "SEG.SEQ before RN"},
    Term{"seq right of window", "SEG.SEQ not before RN and not in [RN, RN+W)"},
    Term{"seq after rcv.nxt", "SEG.SEQ after RN"},
    Term{"seq is rcv.nxt", "SEG.SEQ = RN"},
    Term{"seq is rcv.nxt-1", "SEG.SEQ = RN-1, where a keepalive probe stands (and RFC 5961's hole)"},
    Term{"seq is rcv.nxt+1", "SEG.SEQ = RN+1"},
    Term{"seq is irs", "SEG.SEQ = IRS: the SYN that made the connection, again"},
    Term{"seq is last ack sent", "SEG.SEQ = the newest acknowledgement number sent"},
    Term{"seq in window from last ack sent", "SEG.SEQ in [last ACK sent, last ACK sent + W)"},
    Term{"seq within one of rcv.nxt", "SEG.SEQ in [RN-1, RN+1]"},
    Term{"seq within one of last ack sent", "SEG.SEQ in [last ACK sent - 1, last ACK sent + 1]"},
    Term{"seq in bsd reset window", "SEG.SEQ in [last ACK sent - 1, last ACK sent + W]"},
    Term{"text in order",
         "SEG.SEQ not after RN and SEG.END after RN: its text or FIN is the next to be taken"},
    Term{"text after rcv.nxt", "it has text, SYN or FIN, all of it after RN: something before it is missing"},
    Term{"data ends after rcv.nxt", "it has text, SYN or FIN, and its text, a FIN left out, ends after RN"},
    Term{"ack acceptable", "UNA < SEG.ACK <= SN"},
    Term{"ack above snd.nxt", "SEG.ACK after SN: it acknowledges what was never sent"},
    Term{"ack at or below snd.una", "SEG.ACK not after UNA: a duplicate"},
    Term{"ack below snd.una", "SEG.ACK before UNA"},
    Term{"ack too old", "RFC 5961 §5.2: SEG.ACK before UNA - MAX.SND.WND"},
    Term{"ack before first octet", "SEG.ACK before ISS+1: older than the connection"},
    Term{"ack before iss", "SEG.ACK before ISS: older than our SYN"},
    Term{"ack in syn-sent acceptable", "ISS < SEG.ACK <= SN"},
    Term{"ack is snd.nxt", "SEG.ACK = SN"},
    Term{"opened actively", "connect() made this connection, not a listener"},
    Term{"first transmission", "what is outstanding has not been retransmitted yet"},
    Term{"orphan", "the application has closed the connection"},
    Term{"has timestamp",
         "it carries a timestamp, and TS.Recent is known; in LISTEN: the host remembers one of its address"},
    Term{"timestamp missing", "it carries no timestamp although the connection uses them"},
    Term{"ts before recent", "as has timestamp, and TSval before TS.Recent: it fails PAWS"},
    Term{"ts before recent by more than one",
         "as has timestamp, and TS.Recent - TSval > 1: it fails PAWS with TCP_PAWS_WINDOW"},
    Term{"ts after recent", "as has timestamp, and TSval after TS.Recent"},
    Term{"ts within replay window",
         "as has timestamp, and TS.Recent - TSval <= 240: tcp_tsval_replay() of Linux with the least RTO"},
    Term{"ack is snd.una", "SEG.ACK = UNA"},
    Term{"request socket", "a listener made it, and it has not been handed over"},
    Term{"header prediction",
         "data with SEG.SEQ = RCV.NXT, window SND.WND and a timestamp not before TS.Recent, while text lies "
         "unread or a segment of ours is outstanding, and no text is kept for later"},
    Term{"predicted ack",
         "no data, SEG.SEQ = RCV.NXT, window SND.WND and a timestamp not before TS.Recent, and no text is "
         "kept "
         "for later"},
    Term{"may update window",
         "tcp_may_update_window() of Linux: SEG.ACK after UNA, SEG.SEQ after SND.WL1, or SEG.SEQ = SND.WL1 "
         "with a "
         "larger window or 0"},
    Term{"may update window before 6.6", "the same, but a window of 0 at SND.WL1 is none"},
    Term{"mini-socket", "as orphan, and it has not stayed a full socket"},
    Term{"tsecr of no syn",
         "timestamps are offered, and TSecr is neither 0 nor between the TSval of our first SYN and now"},
    Term{"tsecr of no syn-ack",
         "timestamps are agreed upon, and TSecr is neither 0 nor between the TSvals of our first and our "
         "newest "
         "SYN-ACK"},
    Term{"tsecr of another syn-ack",
         "timestamps are agreed upon, and TSecr is not the TSval of our first SYN-ACK"},
};
static_assert(predicates.size() == endpoint_predicate_count);

constexpr std::array actions{
    ActionTerm{"drop", false, "nothing"},
    ActionTerm{"send ack", false, "<SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>"},
    ActionTerm{"send challenge ack", false, "the same, but within tcp_invalid_ratelimit or ack_war_cnt"},
    ActionTerm{"send reset", false, "<SEQ=SND.NXT><ACK=RCV.NXT><CTL=RST,ACK>"},
    ActionTerm{
        "send reset for segment", false,
        "RFC 9293 §3.10.7.1: <SEQ=SEG.ACK><CTL=RST>, or without ACK <SEQ=0><ACK=SEG.END><CTL=RST,ACK>"},
    ActionTerm{"send rst-ack for segment", false,
               "<SEQ=SEG.ACK><ACK=SEG.END><CTL=RST,ACK>, with SEG.ACK 0 where there is none"},
    ActionTerm{"send reset acknowledging syn", false, "<SEQ=SND.NXT><ACK=SEG.END><CTL=RST,ACK>"},
    ActionTerm{"send ack for segment", false,
               "<SEQ=SEG.ACK-1><ACK=0><CTL=ACK>, with SEG.ACK 0 where there is none"},
    ActionTerm{"send syn-ack", false, "<SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK>"},
    ActionTerm{"resend syn-ack", false,
               "the same, but within tcp_invalid_ratelimit or ack_war_cnt; its timer starts over"},
    ActionTerm{"open", false,
               "forget this connection; make the SYN's one in SYN_RCVD with a fresh ISN; SYN-ACK"},
    ActionTerm{"reopen", false, "as open, with ISN = SND.NXT+65537 instead of a fresh one"},
    ActionTerm{"accept syn", false, "IRS = SEG.SEQ, RCV.NXT = SEG.SEQ+1"},
    ActionTerm{"accept ack", false,
               "advance SND.UNA where SEG.ACK is new; as touch. Where our FIN is acknowledged: FIN_WAIT_1 to "
               "FIN_WAIT_2; CLOSING to TIME_WAIT and LAST_ACK to CLOSED, which end the rule"},
    ActionTerm{"accept data", false, "RCV.NXT = end of the segment's data; the idle-close time restarts"},
    ActionTerm{"accept fin", false,
               "RCV.NXT = end of the segment's FIN; ESTABLISHED to CLOSE_WAIT, FIN_WAIT_1 to CLOSING, "
               "FIN_WAIT_2 to TIME_WAIT; the application is told of the end of file"},
    ActionTerm{"enter", true, "change state, with the timers that belong to it"},
    ActionTerm{"delete", false, "the connection is gone"},
    ActionTerm{"report established", false, "tell the application that it is connected"},
    ActionTerm{"report refused", false, "tell the application ECONNREFUSED"},
    ActionTerm{"report reset", false, "tell the application ECONNRESET"},
    ActionTerm{"touch", false, "the peer has been heard: the keepalive idle time restarts"},
    ActionTerm{"retransmit syn soon", false, "the retransmission timer is set to quick_syn"},
    ActionTerm{
        "resend syn", false,
        "the SYN again at once, which uses up one of the allowed transmissions; nothing where none is left"},
    ActionTerm{"restart syn schedule", false,
               "syn_retransmit, in SYN_RCVD synack_retransmit, starts over, as if the SYN or SYN-ACK had "
               "just been sent first"},
    ActionTerm{"count retransmission", false, "one of the allowed transmissions is used up"},
    ActionTerm{"restart time-wait", false, "the TIME_WAIT timer starts over"},
    ActionTerm{
        "remember timestamp", false,
        "TS.Recent = TSval, where that is not older and SEG.SEQ not after the last ACK sent; accept ack "
        "does this too"},
    ActionTerm{"hand over", false,
               "a listener's request becomes a connection of its own: UNA = SEG.ACK, and the SYN-ACK's timer "
               "stops"},
    ActionTerm{"stay full socket", false,
               "an orphan that has come to FIN_WAIT_2 is no mini-socket; after fin_wait_2 it sends a reset"},
    ActionTerm{"keep text", false, "text or a FIN right of RCV.NXT waits for what comes before it"},
};
static_assert(actions.size() == endpoint_action_count);

constexpr std::int64_t day = 24LL * 60 * 60 * 1000;
constexpr std::array<std::string_view, 2> refresh_choices{"valid segment", "any segment"};
constexpr std::array<std::string_view, 2> isn_choices{"random", "clock"};
constexpr std::array<std::string_view, 3> port_choices{"same", "next", "random"};

constexpr ParameterTerm flag_parameter(std::string_view name, bool standard, std::string_view meaning) {
    return {name, ParameterType::Flag, standard ? 1 : 0, 0, 1, {}, meaning};
}
constexpr ParameterTerm time_parameter(std::string_view name, std::int64_t standard, std::int64_t lowest,
                                       std::string_view meaning) {
    return {name, ParameterType::Milliseconds, standard, lowest, 30 * day, {}, meaning};
}
constexpr ParameterTerm count_parameter(std::string_view name, std::int64_t standard, std::int64_t highest,
                                        std::string_view meaning) {
    return {name, ParameterType::Count, standard, 0, highest, {}, meaning};
}
constexpr ParameterTerm gaps_parameter(std::string_view name, std::string_view meaning) {
    return {name, ParameterType::MillisecondList, 0, 1, day, {}, meaning};
}

constexpr std::array parameters{
    flag_parameter("keepalive", false,
                   "SO_KEEPALIVE is on for every connection (always_keepalive of the BSDs)"),
    time_parameter("keepalive_idle", 7'200'000, 1, "idle time before the first probe (TCP_KEEPIDLE)"),
    time_parameter("keepalive_interval", 75'000, 1, "time between probes (TCP_KEEPINTVL)"),
    count_parameter("keepalive_count", 9, 100, "probes without an answer before giving up (TCP_KEEPCNT)"),
    flag_parameter("keepalive_reset", true, "a reset goes out when keepalive gives up"),
    ParameterTerm{"keepalive_refresh", ParameterType::Choice, 0, 0, 1, refresh_choices,
                  "which segments restart the keepalive idle time: valid ones, or any that hits the TCB"},
    time_parameter("idle_close", 0, 0,
                   "the application closes a connection without data for so long (xp_idletimeout); 0: never"),
    gaps_parameter("syn_retransmit", "waits after each SYN; then connect() fails (tcp_syn_retries)"),
    flag_parameter("syn_never_gives_up", false, "after the list the last wait repeats for ever"),
    time_parameter(
        "quick_syn", 0, 0,
        "wait before the SYN is sent again after a reset in SYN_SENT (Linux: 2 jiffies); 0: not done"),
    gaps_parameter("synack_retransmit", "waits after each SYN-ACK (tcp_synack_retries, rexmt_limit)"),
    gaps_parameter("data_retransmit", "waits after each transmission of data or FIN (tcp_retries2)"),
    gaps_parameter(
        "crossed_syn_retransmit",
        "waits after each SYN-ACK of a connect() whose SYN crossed another; empty: syn_retransmit"),
    gaps_parameter("late_syn_retransmit",
                   "waits after each SYN-ACK of an end that has left SYN_RCVD without an acknowledgement of "
                   "it; empty: synack_retransmit"),
    gaps_parameter(
        "unmeasured_retransmit",
        "waits after each transmission of data or FIN while no round trip has been measured, because the "
        "SYN was sent twice (RFC 6298 §5.7); empty: as usual"),
    gaps_parameter("orphan_retransmit",
                   "the same once the application has closed (tcp_orphan_retries); empty: data_retransmit"),
    flag_parameter("retransmits_for_ever", false,
                   "synack_retransmit, data_retransmit, orphan_retransmit: the last wait repeats for ever"),
    flag_parameter("partial_ack_restarts_timer", true,
                   "an ACK inside a segment that is outstanding starts its retransmission timer anew"),
    flag_parameter(
        "keeps_backoff", false,
        "data_retransmit and the like go on where they stood, until data or a FIN that was sent once is "
        "acknowledged, or a timestamp tells the round trip (RFC 6298 §5.7)"),
    flag_parameter("data_timeout_reset", false, "a reset goes out when retransmissions are given up"),
    time_parameter("time_wait", 60'000, 1, "2*MSL"),
    time_parameter("fin_wait_2", 60'000, 0, "how long an orphan waits for the peer's FIN; 0: for ever"),
    time_parameter("tcp_invalid_ratelimit", 0, 0, "at most one challenge ACK in this time; 0: no limit"),
    time_parameter("ack_war_timewindow", 0, 0,
                   "at most ack_war_cnt challenge ACKs in this time; 0: no limit"),
    count_parameter("ack_war_cnt", 5, 255, "see ack_war_timewindow"),
    flag_parameter("insecure_syn", false, "a SYN in the window kills the connection, as before RFC 5961"),
    flag_parameter("insecure_rst", false, "a RST anywhere in the window kills the connection"),
    flag_parameter("tcp_rfc1337", false, "a RST does not end TIME_WAIT"),
    ParameterTerm{"rcv_wnd", ParameterType::Count, 65'535, 0, 1 << 30, {}, "receive window in bytes"},
    ParameterTerm{"isn_source", ParameterType::Choice, 0, 0, 1, isn_choices, "how ISNs are chosen"},
    count_parameter("isn_clock_per_ms", 15'625, 1'000'000, "steps of the ISN clock in a ms (Linux: 64 ns)"),
    ParameterTerm{"port_choice", ParameterType::Choice, 0, 0, 2, port_choices,
                  "local port of each new connect() of its NFS client: the same, the next (counting down "
                  "1023..665), or one at random"},
    flag_parameter("timestamps", false,
                   "timestamps (RFC 7323) are offered and agreed to (tcp_timestamps, rfc1323)"),
    flag_parameter("tcp_tw_recycle", false,
                   "a SYN older than what the host remembers of its address is dropped; TIME_WAIT is short"),
    time_parameter("tw_recycle_timeout", 700, 1, "TIME_WAIT with tcp_tw_recycle and timestamps: 3.5 RTO"),
    flag_parameter("tolerate_missing_ts", true,
                   "a segment without the timestamp that was agreed upon is taken all the same"),
    flag_parameter("old_ack_timestamp", true,
                   "TS.Recent is taken also from a segment that acknowledges less than an earlier one"),
    flag_parameter("syn_ack_repeats_timestamp", false,
                   "a SYN-ACK that is sent again carries the TSval of the first"),
    flag_parameter("header_prediction", false,
                   "SND.WND and SND.WL1 are kept: the predicted segment must repeat the window"),
    flag_parameter("zero_window_updates", false,
                   "a window of 0 is also taken from a segment at SND.WL1 that acknowledges nothing new"),
    flag_parameter("application_reads", true,
                   "text is read as it arrives; else it stays in the receive queue"),
};
static_assert(parameters.size() == endpoint_parameter_count);

constexpr Vocabulary words{
    PolicyKind::Endpoint, tcp_state_names, segment_class_names, predicates, actions, parameters, false};

}  // namespace

const Vocabulary& endpoint_vocabulary() { return words; }

}  // namespace halfopen
