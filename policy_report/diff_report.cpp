#include "policy_report/diff_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "policy_report/witness_text.hpp"

namespace halfopen {
namespace {

/// With keepalive, as diff() compares endpoints: else what restarts its timer is not seen.
Policy as_compared(Policy policy) {
    if (policy.kind == PolicyKind::Endpoint) policy.set("keepalive", "true");
    return policy;
}

std::string segments_text(const PolicyDifference& difference, PolicyKind kind) {
    const Vocabulary& words = vocabulary(kind);
    std::vector<std::string> segments, states;
    for (const SegmentClass segment : difference.segments)
        segments.emplace_back(segment_class_names[static_cast<std::size_t>(segment)]);
    for (const std::size_t state : difference.states) states.emplace_back(words.states[state]);
    std::string text = fmt::format("{} in {}", joined(segments, ", "), joined(states, " "));
    if (words.rules_have_direction && difference.directions != direction_both)
        text += fmt::format(", {} direction", direction_name(difference.directions));
    return text;
}

std::string side_text(const std::string& name, std::size_t width, const Policy& policy,
                      const PolicyWitness& witness) {
    const Vocabulary& words = vocabulary(policy.kind);
    const Policy compared = as_compared(policy);
    const PolicyOutcome happens = outcome_of(compared, witness);
    std::string text;
    if (happens.rule == nullptr) {
        text += fmt::format("    {:<{}}  [no rule]\n", name, width);
    } else {
        const Rule& rule = *happens.rule;
        const std::string when = joined(conditions_of(rule, words), ", ");
        text += fmt::format("    {:<{}}  [{}]{}{}: {}\n", name, width, rule.id, when.empty() ? "" : " when ",
                            when, joined(actions_of(rule, words), ", "));
        text += fmt::format("    {:<{}}  from {}  ({})\n", "", width, rule.source, short_place(rule.place));
    }
    for (const std::string& line : outcome_lines(witness, happens))
        text += fmt::format("    {:<{}}    {}\n", "", width, line);
    return text;
}

}  // namespace

std::string diff_text(const Policy& before, const Policy& after, const PolicyDiff& diff) {
    if (diff.same()) return fmt::format("{} and {} do the same\n", before.name, after.name);
    const std::size_t width = std::max(before.name.size(), after.name.size());
    std::string text =
        fmt::format("{} -> {}: {} and {}\n", before.name, after.name,
                    diff.differences.size() == 1
                        ? std::string("1 pair of rules that act differently")
                        : fmt::format("{} pairs of rules that act differently", diff.differences.size()),
                    diff.parameters.size() == 1 ? std::string("1 parameter")
                                                : fmt::format("{} parameters", diff.parameters.size()));
    for (const PolicyDifference& difference : diff.differences) {
        text += fmt::format("\n  {}\n", segments_text(difference, before.kind));
        text += fmt::format("    such as {} in {}\n", to_string(difference.witness.segment),
                            state_text(before.kind, difference.witness.at));
        const std::string with = with_text(before, difference.witness);
        if (!with.empty()) text += fmt::format("    with {}\n", with);
        text += side_text(before.name, width, before, difference.witness);
        text += side_text(after.name, width, after, difference.witness);
    }
    if (diff.parameters.empty()) return text;
    text += "\n  parameters\n";
    const auto shown = [](const std::string& value) { return value.empty() ? std::string("(none)") : value; };
    for (const ParameterDifference& parameter : diff.parameters)
        text += fmt::format("    {:<40} {} -> {}\n", parameter.name, shown(parameter.old_value),
                            shown(parameter.new_value));
    return text;
}

ReportJson diff_json(const Policy& before, const Policy& after, const PolicyDiff& diff) {
    const Vocabulary& words = vocabulary(before.kind);
    const auto side = [&](const Policy& policy, const PolicyWitness& witness) {
        const Policy compared = as_compared(policy);
        const PolicyOutcome happens = outcome_of(compared, witness);
        ReportJson json = outcome_json(witness, happens);
        if (happens.rule != nullptr) {
            json["when"] = conditions_of(*happens.rule, words);
            json["do"] = actions_of(*happens.rule, words);
            json["source"] = happens.rule->source;
        }
        return json;
    };
    ReportJson differences = ReportJson::array();
    for (const PolicyDifference& difference : diff.differences) {
        ReportJson segments = ReportJson::array(), states = ReportJson::array();
        for (const SegmentClass segment : difference.segments)
            segments.push_back(segment_class_names[static_cast<std::size_t>(segment)]);
        for (const std::size_t state : difference.states) states.push_back(words.states[state]);
        ReportJson one{{"segments", std::move(segments)}, {"states", std::move(states)}};
        if (words.rules_have_direction) one["direction"] = direction_name(difference.directions);
        one["witness"] = witness_json(difference.witness);
        one["witness"]["state"] = words.states[difference.witness.at.state];
        if (words.rules_have_direction)
            one["witness"]["direction"] = direction_name(difference.witness.at.direction);
        one["old"] = side(before, difference.witness);
        one["new"] = side(after, difference.witness);
        differences.push_back(std::move(one));
    }
    ReportJson parameters = ReportJson::array();
    for (const ParameterDifference& parameter : diff.parameters)
        parameters.push_back(
            {{"name", parameter.name}, {"old", parameter.old_value}, {"new", parameter.new_value}});
    return {{"old", before.name},
            {"new", after.name},
            {"kind", kind_name(before.kind)},
            {"same", diff.same()},
            {"differences", std::move(differences)},
            {"parameters", std::move(parameters)}};
}

}  // namespace halfopen
