#include "spec/nat/nat.hpp"

#include <algorithm>
#include <utility>

namespace halfopen {

namespace {

PortChoiceSettings port_choice_settings(const Policy& policy) {
    const auto port = [&](std::string_view name) { return static_cast<std::uint16_t>(policy.number(name)); };
    PortChoiceSettings s;
    s.search = static_cast<PortSearch>(policy.number("port_search"));
    s.preservation = static_cast<PortPreservation>(policy.number("port_preservation"));
    s.mapping = static_cast<MappingReuse>(policy.number("mapping"));
    s.filtering = static_cast<Filtering>(policy.number("filtering"));
    s.overloading = policy.flag("port_overloading");
    s.parity = policy.flag("port_parity");
    s.first = port("port_first");
    s.last = std::max(s.first, port("port_last"));
    s.per_client = port("ports_per_client");
    return s;
}

/// tcp_timeouts[TCP_CONNTRACK_SYN_SENT2]: a constant, no sysctl reaches it (measured on 6.18.44).
constexpr std::uint32_t syn_sent2_timeout = 120'000;

}  // namespace

NatSettings nat_settings(const Policy& policy) {
    const auto timer = [&](std::string_view name) {
        return static_cast<std::uint32_t>(policy.number("nf_conntrack_tcp_timeout_" + std::string(name)));
    };
    const auto chosen = [&](std::string_view name, std::int64_t index) {
        return policy.number(name) == index;
    };
    NatSettings s;
    s.be_liberal = policy.flag("nf_conntrack_tcp_be_liberal");
    s.ignore_invalid_rst = policy.flag("nf_conntrack_tcp_ignore_invalid_rst");
    s.loose = policy.flag("nf_conntrack_tcp_loose");
    s.no_window_check = policy.flag("nf_conntrack_tcp_no_window_check");
    s.max_retrans = static_cast<std::uint8_t>(policy.number("nf_conntrack_tcp_max_retrans"));
    s.timeouts = {0,
                  timer("syn_sent"),
                  timer("syn_recv"),
                  timer("established"),
                  timer("fin_wait"),
                  timer("close_wait"),
                  timer("last_ack"),
                  timer("time_wait"),
                  timer("close"),
                  syn_sent2_timeout};
    s.timeout_max_retrans = timer("max_retrans");
    s.timeout_unacknowledged = timer("unacknowledged");
    if (chosen("timeouts", 1)) {
        const auto idle = [&](std::string_view name) {
            return static_cast<std::uint32_t>(policy.number("idle_" + std::string(name)));
        };
        s.timeouts = {0,
                      idle("first"),
                      idle("opening"),
                      idle("established"),
                      idle("closing"),
                      idle("closing"),
                      idle("fin_wait"),
                      idle("closed"),
                      idle("closed"),
                      idle("first")};
    }
    s.ports = port_choice_settings(policy);
    s.invalid_leaks = chosen("invalid", 0);
    s.input_answers = chosen("input", 0);
    s.syn_sent_refresh = policy.flag("syn_sent_refresh");
    s.reinitialise_on_syn_only = chosen("window_reinitialise", 1);
    s.lower_bound_needs_receiver = chosen("lower_bound", 1);
    s.first_packet_by_td_end = chosen("first_packet_test", 0);
    s.first_packet_by_side = chosen("first_packet_test", 2);
    s.below_window_ignored = chosen("window_failure", 1);
    s.ack_lower_bound_strict = policy.flag("ack_lower_bound_strict");
    s.pure_ack_by_ack_only = policy.flag("pure_ack_by_ack_only");
    s.unknown_receiver_learns = !chosen("unknown_receiver_learns", 0);
    s.keepalive_teaches = chosen("unknown_receiver_learns", 2);
    s.maxack = policy.flag("maxack");
    s.unacknowledged_data = policy.flag("unacknowledged_data");
    s.unacknowledged_pick_up = policy.flag("unacknowledged_pick_up");
    s.zero_window_shortens = policy.flag("zero_window_shortens");
    s.reset_shortens = policy.flag("reset_shortens");
    s.accept_remembers_direction = policy.flag("accept_remembers_direction");
    s.resynchronise_keeps_liberal = policy.flag("resynchronise_keeps_liberal");
    s.reset_initiates_close = policy.flag("reset_initiates_close");
    s.window_model = static_cast<WindowModel>(policy.number("window_test"));
    s.reset_match = static_cast<ResetMatch>(policy.number("reset_match"));
    s.fin_past_window = policy.flag("fin_past_window");
    s.first_packet_any_ack = policy.flag("first_packet_any_ack");
    s.unknown_peer_any_ack = policy.flag("unknown_peer_any_ack");
    s.packet_memory = policy.flag("packet_memory");
    s.side_states = policy.flag("side_states");
    s.sloppy = policy.flag("sloppy");
    s.expiry_resets = chosen("expiry_reset", 1);
    return s;
}

Nat::Nat(Policy policy) : policy_(std::move(policy)), table_(policy_), settings_(nat_settings(policy_)) {}

}  // namespace halfopen
