#include "policy_report/question.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "policy_report/member_settings.hpp"
#include "policy_report/segment_text.hpp"
#include "policy_report/witness_text.hpp"
#include "spec/nat/entered_states.hpp"
#include "spec/nat/usual_entry.hpp"
#include "spec/tcp/predicates.hpp"
#include "spec/tcp/usual_tcb.hpp"

namespace halfopen {
namespace {

constexpr Address client{0x0a010001, 903}, outside{0xc0000201, 903}, server{0xc0000202, 2049};

Place option(const char* name) { return {name, 0, 0}; }

/// What the timestamps of a connection are where nothing is said of them.
constexpr std::uint32_t usual_ts_recent = 2'000'000, usual_ts_clock = 3'000'000;

TimestampMemory<ConcreteReading> usual_timestamps(TcpState state) {
    TimestampMemory<ConcreteReading> memory;
    memory.able = true;
    memory.clock = {usual_ts_clock, 0};
    memory.on = state != TcpState::Closed && state != TcpState::Listen;
    memory.known = memory.on && state != TcpState::SynSent;
    if (memory.known) memory.recent = {usual_ts_recent, 0};
    return memory;
}

/// The SYN or SYN-ACK has just been sent.
SynTimestamps<ConcreteReading> usual_syn_timestamps(TcpState state) {
    if (state != TcpState::SynSent && state != TcpState::SynReceived) return {};
    return {true, {usual_ts_clock, 0}, {usual_ts_clock, 0}};
}

std::size_t read_state(const Policy& policy, const std::string& name) {
    const Vocabulary& words = vocabulary(policy.kind);
    const auto at = std::find(words.states.begin(), words.states.end(), name);
    if (at == words.states.end())
        throw InputError(option("--state"), unknown_name("state", name, words.states));
    const auto state = static_cast<std::size_t>(at - words.states.begin());
    if (policy.kind == PolicyKind::Endpoint) return state;
    if (const auto reason = why_never_in(policy, static_cast<TrackState>(state)))
        throw InputError(option("--state"), *reason);
    return state;
}

std::uint8_t read_direction(const Policy& policy, const std::string& name) {
    if (name.empty() || name == "original") return direction_original;
    constexpr std::array<std::string_view, 2> known{"original", "reply"};
    if (name != "reply") throw InputError(option("--direction"), unknown_name("direction", name, known));
    if (policy.kind == PolicyKind::Endpoint)
        throw InputError(option("--direction"), "an endpoint's segments have no direction; leave it out");
    return direction_reply;
}

/// "seq left of window does not hold", for the first that does not.
template <class Holds>
std::string first_failing(const Rule& rule, const CompiledRule& compiled, const Vocabulary& words,
                          const Holds& holds) {
    for (const Condition& term : compiled.predicates)
        if (holds(term.index) == term.negated)
            return fmt::format("{}{}", term.negated ? "" : "not ", words.predicates[term.index].name);
    return rule.id;
}

template <class Holds>
std::vector<Passed> passed(const Policy& policy, std::span<const CompiledRule> rules, const Holds& holds) {
    const Vocabulary& words = vocabulary(policy.kind);
    ConcreteReading r;
    std::vector<Passed> list;
    const CompiledRule* const deciding = first_match(r, rules, holds);
    for (const CompiledRule& rule : rules) {
        if (&rule == deciding) break;
        list.push_back(
            {&policy.rules[rule.rule], first_failing(policy.rules[rule.rule], rule, words, holds)});
    }
    return list;
}

/// Whether a NAT's entry has the member at all.
bool keeps(const NatSettings& nat, std::string_view member) {
    if (member.ends_with(".side")) return nat.side_states;
    if (member.starts_with("last_")) return nat.packet_memory;
    if (member.find(".td_") != std::string_view::npos) return nat.keeps_numbers();
    return true;
}

}  // namespace

bool is_about_timestamps(const Question& question) {
    const MemberSettings settings = read_member_settings(question.with);
    return read_segment(question.segment, option("--segment")).ts_value ||
           std::any_of(settings.begin(), settings.end(),
                       [](const auto& setting) { return setting.first.starts_with("ts_"); });
}

PolicyWitness read_question(const Policy& policy, const Question& question) {
    PolicyWitness witness;
    const WrittenSegment written = read_segment(question.segment, option("--segment"));
    witness.at = {read_state(policy, question.state), read_direction(policy, question.direction),
                  written.flags, written.length};
    const MemberSettings settings = read_member_settings(question.with);
    const bool out = witness.at.direction != direction_reply;
    ConcreteSegment& s = witness.segment;
    s.flags = written.flags;
    s.length = written.length;
    s.window = written.window.value_or(usual_window);
    Number next, acknowledged;
    if (policy.kind == PolicyKind::Endpoint) {
        ConcreteTcb tcb = usual_tcb(static_cast<TcpState>(witness.at.state),
                                    number_in(settings, "rcv_nxt").value_or(usual_rcv_nxt),
                                    number_in(settings, "snd_nxt").value_or(usual_snd_nxt));
        if (policy.flag("timestamps")) {
            tcb.timestamps = usual_timestamps(tcb.state);
            tcb.syn_timestamps = usual_syn_timestamps(tcb.state);
        }
        set_members(settings, tcb);
        tcb.local = server;
        tcb.remote = outside;
        if (synchronized(tcb.state) && number_in(settings, "unacked_data") == std::nullopt &&
            tcb.state != TcpState::FinWait2 && tcb.state != TcpState::TimeWait)
            tcb.unacked_data = tcb.snd_nxt.value - tcb.snd_una.value - (tcb.fin_outstanding() ? 1 : 0);
        next = tcb.rcv_nxt;
        acknowledged = tcb.snd_nxt;
        witness.tcb = tcb;
        s.source = outside;
        s.destination = server;
        if (tcb.timestamps.on)
            witness.at.timestamps = written.ts_value ? TimestampUse::Present : TimestampUse::Missing;
        if (s.has(flag::ack)) s.timestamps.echo = tcb.timestamps.clock;
    } else {
        const Nat nat(policy);
        auto entry = usual_entry(nat.settings(), static_cast<TrackState>(witness.at.state),
                                 number_in(settings, "original.td_end").value_or(usual_rcv_nxt),
                                 number_in(settings, "reply.td_end").value_or(usual_snd_nxt));
        set_members(settings, entry);
        entry.inside = client;
        entry.outside = outside;
        entry.destination = server;
        next = entry.peers[out ? original : reply].td_end;
        acknowledged = entry.peers[out ? reply : original].td_end;
        witness.entry = entry;
        s.source = out ? client : server;
        s.destination = out ? server : outside;
    }
    if (written.ts_value) {
        s.timestamps.present = true;
        s.timestamps.value = {*written.ts_value, 0};
        if (written.ts_echo) s.timestamps.echo = {*written.ts_echo, 0};
    } else {
        s.timestamps = {};
    }
    s.seq = written.seq ? Number{*written.seq, 0} : next;
    if (s.has(flag::ack)) s.ack = written.ack ? Number{*written.ack, 0} : acknowledged;
    return witness;
}

std::vector<Passed> passed_rules(const Policy& policy, const PolicyWitness& witness) {
    ConcreteReading r;
    const auto segment = static_cast<std::size_t>(witness.at.segment());
    if (policy.kind == PolicyKind::Endpoint) {
        const Endpoint endpoint(policy);
        EndpointPredicates<ConcreteReading> predicates(r, *witness.tcb, witness.segment);
        return passed(
            policy, endpoint.table().rules(witness.at.state, segment, direction_original),
            [&](std::uint16_t index) { return predicates.holds(static_cast<EndpointPredicate>(index)); });
    }
    const Nat nat(policy);
    auto entry = *witness.entry;
    TrackContext<ConcreteReading> context{nat.settings(), entry, witness.segment,
                                          witness.at.direction == direction_reply ? reply : original};
    return passed(policy, nat.table().rules(witness.at.state, segment, witness.at.direction),
                  [&](std::uint16_t index) { return holds(r, static_cast<NatPredicate>(index), context); });
}

std::string answer_text(const Policy& policy, const PolicyWitness& witness) {
    const Vocabulary& words = vocabulary(policy.kind);
    const PolicyOutcome happens = outcome_of(policy, witness);
    std::string text = fmt::format("{} in {} receives\n  {}\n", policy.name,
                                   state_text(policy.kind, witness.at), to_string(witness.segment));
    std::optional<NatSettings> nat;
    if (policy.kind == PolicyKind::Nat) nat = nat_settings(policy);
    std::string numbers;
    for (const auto& [name, value] : witness.tcb ? members_of(*witness.tcb) : members_of(*witness.entry)) {
        const bool shown = name != "local" && name != "remote" && name != "inside" && name != "outside" &&
                           name != "destination" && name != "state" && name != "timeout" &&
                           !name.ends_with(" timer") && value != "false" && value != "0" &&
                           (!nat || keeps(*nat, name));
        if (shown) numbers += fmt::format("{}{}={}", numbers.empty() ? "" : " ", name, value);
    }
    if (!numbers.empty()) text += fmt::format("  where {}\n", numbers);
    if (happens.rule == nullptr) {
        text += "\nno rule decides: the table has a hole here\n";
    } else {
        const Rule& rule = *happens.rule;
        text += fmt::format("\nrule {}{}\n", rule.id, rule.unconfirmed ? "  (unconfirmed)" : "");
        if (!rule.when.empty()) text += fmt::format("  when {}\n", joined(conditions_of(rule, words), ", "));
        text += fmt::format("  do   {}\n", joined(actions_of(rule, words), ", "));
        text += fmt::format("  from {}  ({})\n", rule.source, short_place(rule.place));
        if (!rule.note.empty()) text += fmt::format("  note {}\n", rule.note);
    }
    text += "\nso\n";
    for (const std::string& line : outcome_lines(witness, happens)) text += "  " + line + "\n";
    const auto before = passed_rules(policy, witness);
    if (!before.empty()) text += "\nrules before it that do not match\n";
    for (const Passed& one : before) text += fmt::format("  {:<34} {}\n", one.rule->id, one.because);
    return text;
}

ReportJson answer_json(const Policy& policy, const PolicyWitness& witness) {
    const Vocabulary& words = vocabulary(policy.kind);
    const PolicyOutcome happens = outcome_of(policy, witness);
    ReportJson json{
        {"policy", policy.name}, {"kind", kind_name(policy.kind)}, {"state", words.states[witness.at.state]}};
    if (words.rules_have_direction) json["direction"] = direction_name(witness.at.direction);
    json["segment"] = witness_json(witness);
    json["rule"] = nullptr;
    if (const Rule* rule = happens.rule)
        json["rule"] = {{"id", rule->id},
                        {"when", conditions_of(*rule, words)},
                        {"do", actions_of(*rule, words)},
                        {"source", rule->source},
                        {"unconfirmed", rule->unconfirmed}};
    json["outcome"] = outcome_lines(witness, happens);
    ReportJson before = ReportJson::array();
    for (const Passed& one : passed_rules(policy, witness))
        before.push_back({{"rule", one.rule->id}, {"because", one.because}});
    json["passed"] = std::move(before);
    return json;
}

}  // namespace halfopen
