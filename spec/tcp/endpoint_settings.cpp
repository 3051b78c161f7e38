#include "spec/tcp/endpoint_settings.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "spec/tcp/endpoint_vocabulary.hpp"

namespace halfopen {

namespace {

std::uint32_t whole(const Policy& policy, std::string_view name) {
    return static_cast<std::uint32_t>(policy.number(name));
}

std::vector<std::uint32_t> gaps(const Policy& policy, std::string_view name) {
    const auto& list = policy.list(name);
    // Retransmissions are counted in a byte of the TCB.
    if (list.size() > 255)
        throw InputError("policy " + policy.name + ": " + std::string(name) + " has " +
                         std::to_string(list.size()) + " entries; at most 255 are allowed");
    return {list.begin(), list.end()};
}

bool asks_for_echo(const Policy& policy) {
    using enum EndpointPredicate;
    const auto of_echo = [](const Condition& term) {
        if (term.kind != Condition::Kind::Predicate) return false;
        const auto predicate = static_cast<EndpointPredicate>(term.index);
        return predicate == TsecrOfNoSyn || predicate == TsecrOfNoSynAck || predicate == TsecrOfOtherSynAck;
    };
    return std::any_of(policy.rules.begin(), policy.rules.end(), [&](const Rule& rule) {
        return std::any_of(rule.when.begin(), rule.when.end(), of_echo);
    });
}

}  // namespace

EndpointSettings read_endpoint_settings(const Policy& policy) {
    EndpointSettings s;
    s.keepalive = policy.flag("keepalive");
    s.keepalive_idle = whole(policy, "keepalive_idle");
    s.keepalive_interval = whole(policy, "keepalive_interval");
    s.keepalive_count = whole(policy, "keepalive_count");
    s.keepalive_reset = policy.flag("keepalive_reset");
    s.keepalive_refresh = static_cast<KeepaliveRefresh>(policy.number("keepalive_refresh"));
    s.idle_close = whole(policy, "idle_close");

    s.syn_retransmit = gaps(policy, "syn_retransmit");
    s.syn_never_gives_up = policy.flag("syn_never_gives_up");
    s.quick_syn = whole(policy, "quick_syn");
    s.synack_retransmit = gaps(policy, "synack_retransmit");
    s.data_retransmit = gaps(policy, "data_retransmit");
    s.crossed_syn_retransmit = gaps(policy, "crossed_syn_retransmit");
    if (s.crossed_syn_retransmit.empty()) s.crossed_syn_retransmit = s.syn_retransmit;
    s.late_syn_retransmit = gaps(policy, "late_syn_retransmit");
    if (s.late_syn_retransmit.empty()) s.late_syn_retransmit = s.synack_retransmit;
    s.unmeasured_retransmit = gaps(policy, "unmeasured_retransmit");
    s.orphan_retransmit = gaps(policy, "orphan_retransmit");
    if (s.orphan_retransmit.empty()) s.orphan_retransmit = s.data_retransmit;
    s.retransmits_for_ever = policy.flag("retransmits_for_ever");
    s.partial_ack_restarts_timer = policy.flag("partial_ack_restarts_timer");
    s.keeps_backoff = policy.flag("keeps_backoff");
    s.data_timeout_reset = policy.flag("data_timeout_reset");

    s.time_wait = whole(policy, "time_wait");
    s.fin_wait_2 = whole(policy, "fin_wait_2");
    const std::uint32_t linux_limit = whole(policy, "tcp_invalid_ratelimit");
    const std::uint32_t freebsd_limit = whole(policy, "ack_war_timewindow");
    if (linux_limit > 0 && freebsd_limit > 0)
        throw InputError(
            "policy " + policy.name +
            ": both tcp_invalid_ratelimit and ack_war_timewindow limit challenge ACKs; one of them "
            "must be 0");
    s.challenge_window = linux_limit > 0 ? linux_limit : freebsd_limit;
    s.challenge_count = linux_limit > 0 ? 1 : whole(policy, "ack_war_cnt");

    s.insecure_syn = policy.flag("insecure_syn");
    s.insecure_rst = policy.flag("insecure_rst");
    s.tcp_rfc1337 = policy.flag("tcp_rfc1337");
    s.rcv_wnd = whole(policy, "rcv_wnd");
    s.isn_source = static_cast<IsnSource>(policy.number("isn_source"));
    s.isn_clock_per_ms = whole(policy, "isn_clock_per_ms");
    s.port_choice = static_cast<LocalPort>(policy.number("port_choice"));
    s.timestamps = policy.flag("timestamps");
    s.old_ack_timestamp = policy.flag("old_ack_timestamp");
    s.syn_ack_repeats_timestamp = policy.flag("syn_ack_repeats_timestamp");
    s.keeps_syn_timestamps = s.timestamps && (s.syn_ack_repeats_timestamp || asks_for_echo(policy));
    s.header_prediction = policy.flag("header_prediction");
    s.zero_window_updates = policy.flag("zero_window_updates");
    s.application_reads = policy.flag("application_reads");
    s.tcp_tw_recycle = policy.flag("tcp_tw_recycle");
    s.tw_recycle_timeout = whole(policy, "tw_recycle_timeout");
    return s;
}

}  // namespace halfopen
