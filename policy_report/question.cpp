#include "policy_report/question.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <type_traits>

#include "policy_report/segment_text.hpp"
#include "policy_report/witness_text.hpp"
#include "spec/nat/usual_entry.hpp"
#include "spec/tcp/predicates.hpp"
#include "spec/tcp/usual_tcb.hpp"

namespace halfopen {
namespace {

constexpr Address client{0x0a010001, 903}, outside{0xc0000201, 903}, server{0xc0000202, 2049};

Place option(const char* name) { return {name, 0, 0}; }

using Settings = std::vector<std::pair<std::string, std::string>>;

Settings read_settings(std::string_view text) {
    Settings settings;
    while (!text.empty()) {
        const auto end = std::min(text.find(','), text.size());
        std::string_view one = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        while (one.starts_with(' ')) one.remove_prefix(1);
        while (one.ends_with(' ')) one.remove_suffix(1);
        const auto equals = one.find('=');
        if (equals == std::string_view::npos)
            throw InputError(option("--with"),
                             fmt::format("{} has no '='; write NAME=VALUE,…", in_quotes(one)));
        settings.emplace_back(one.substr(0, equals), one.substr(equals + 1));
    }
    return settings;
}

std::optional<std::uint32_t> number_in(const Settings& settings, std::string_view name) {
    for (const auto& [key, value] : settings)
        if (key == name) return read_word(value, option("--with"));
    return std::nullopt;
}

/// Sets those members that are named; addresses, timers and the state are not for this.
class Setter {
   public:
    explicit Setter(const Settings& settings) : settings_(settings), used_(settings.size()) {}

    template <class T>
    void operator()(const char* name, T& member) {
        constexpr bool number = std::is_same_v<T, Number>;
        constexpr bool plain = std::is_integral_v<T>;
        if constexpr (number || plain || std::is_same_v<T, SegmentClass> || std::is_same_v<T, SideState>) {
            known_.emplace_back(name);
            for (std::size_t i = 0; i < settings_.size(); ++i) {
                if (settings_[i].first != name) continue;
                used_[i] = true;
                set(settings_[i].first, settings_[i].second, member);
            }
        }
    }
    void require_all_used() const {
        for (std::size_t i = 0; i < settings_.size(); ++i)
            if (!used_[i])
                throw InputError(option("--with"),
                                 unknown_name("variable", settings_[i].first, known_, known_.size()));
    }

   private:
    static void set(const std::string&, const std::string& text, Number& member) {
        member = {read_word(text, option("--with")), 0};
    }
    static void set(const std::string& name, const std::string& text, bool& member) {
        if (text != "true" && text != "false" && text != "0" && text != "1")
            throw InputError(option("--with"),
                             fmt::format("{} is {}; it must be true or false", name, in_quotes(text)));
        member = text == "true" || text == "1";
    }
    static void set(const std::string& name, const std::string& text, SegmentClass& member) {
        const auto at = std::find(segment_class_names.begin(), segment_class_names.end(), text);
        if (at == segment_class_names.end())
            throw InputError(option("--with"), unknown_name(name, text, segment_class_names));
        member = static_cast<SegmentClass>(at - segment_class_names.begin());
    }
    static void set(const std::string& name, const std::string& text, SideState& member) {
        const auto at = std::find(side_names.begin(), side_names.end(), text);
        if (at == side_names.end()) throw InputError(option("--with"), unknown_name(name, text, side_names));
        member = static_cast<SideState>(at - side_names.begin());
    }
    template <class T>
    requires std::is_integral_v<T>
    static void set(const std::string& name, const std::string& text, T& member) {
        const std::uint32_t value = read_word(text, option("--with"));
        const std::uint32_t highest = name == "last_direction" ? 1 : std::numeric_limits<T>::max();
        if (value > highest)
            throw InputError(option("--with"), fmt::format("{} is {}; at most {}", name, value, highest));
        member = static_cast<T>(value);
    }

    const Settings& settings_;
    std::vector<bool> used_;
    std::vector<std::string_view> known_;
};

template <class Actor>
void apply(const Settings& settings, Actor& actor) {
    Setter setter(settings);
    fields(setter, actor);
    setter.require_all_used();
}

std::size_t read_state(const Vocabulary& words, const std::string& name) {
    const auto at = std::find(words.states.begin(), words.states.end(), name);
    if (at == words.states.end())
        throw InputError(option("--state"), unknown_name("state", name, words.states));
    return static_cast<std::size_t>(at - words.states.begin());
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

}  // namespace

PolicyWitness read_question(const Policy& policy, const Question& question) {
    PolicyWitness witness;
    const WrittenSegment written = read_segment(question.segment, option("--segment"));
    witness.at = {read_state(vocabulary(policy.kind), question.state),
                  read_direction(policy, question.direction), written.flags, written.length};
    const Settings settings = read_settings(question.with);
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
        apply(settings, tcb);
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
    } else {
        const Nat nat(policy);
        auto entry = usual_entry(nat.settings(), static_cast<TrackState>(witness.at.state),
                                 number_in(settings, "original.td_end").value_or(usual_rcv_nxt),
                                 number_in(settings, "reply.td_end").value_or(usual_snd_nxt));
        apply(settings, entry);
        entry.inside = client;
        entry.outside = outside;
        entry.destination = server;
        next = entry.peers[out ? original : reply].td_end;
        acknowledged = entry.peers[out ? reply : original].td_end;
        witness.entry = entry;
        s.source = out ? client : server;
        s.destination = out ? server : outside;
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
    std::string numbers;
    for (const auto& [name, value] : witness.tcb ? members_of(*witness.tcb) : members_of(*witness.entry)) {
        const bool shown = name != "local" && name != "remote" && name != "inside" && name != "outside" &&
                           name != "destination" && name != "state" && name != "timeout" &&
                           !name.ends_with(" timer") && value != "false" && value != "0";
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
