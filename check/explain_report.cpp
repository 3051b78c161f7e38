/// Explanations, for people and for programs.
#include "check/explain_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "check/report.hpp"
#include "check/report_words.hpp"
#include "counterexamples/chart.hpp"
#include "counterexamples/json.hpp"
#include "counterexamples/narration.hpp"

namespace halfopen {

namespace {

using Json = nlohmann::ordered_json;

std::string signed_distance(std::uint32_t distance) {
    constexpr std::uint32_t half = 0x80000000U;
    if (distance == half) return "2^31";
    return distance < half ? fmt::format("{}", distance) : fmt::format("-{}", 0U - distance);
}

/// "[65536, 2^31 - 2]" where that reads better than the number.
std::string bound(std::uint64_t value) {
    constexpr std::uint64_t half = std::uint64_t{1} << 31U;
    constexpr std::uint64_t near = 1U << 17U;
    const auto about = [&](std::uint64_t power, const char* name) -> std::string {
        if (value == power) return name;
        if (value < power && power - value <= near) return fmt::format("{} - {}", name, power - value);
        if (value > power && value - power <= near) return fmt::format("{} + {}", name, value - power);
        return {};
    };
    if (std::string text = about(half, "2^31"); !text.empty()) return text;
    if (std::string text = about(all_values, "2^32"); !text.empty()) return text;
    return fmt::format("{}", value);
}

/// reference: what the number is told from, "RCV.NXT".
std::string interval_text(const Interval& one, std::string_view reference) {
    if (one.size == 1)
        return fmt::format("ISS = {} {} {}", reference, one.first < 0x80000000U ? "+" : "-",
                           one.first < 0x80000000U ? one.first : 0U - one.first);
    // A half-open interval on the circle; one that wraps begins below 0.
    if (one.first + one.size > all_values && one.size < all_values)
        return fmt::format("ISS - {} in [-{}, {})", reference, 0U - one.first,
                           bound(one.first + one.size - all_values));
    return fmt::format("ISS - {} in [{}, {})", reference, bound(one.first), bound(one.first + one.size));
}

std::string share(std::uint64_t count) {
    return percent(static_cast<double>(count) / static_cast<double>(all_values));
}

std::string sample_text(const Sample& sample) {
    std::string text = fmt::format("{} of {} can fail", sample.can_fail, sample.tried);
    if (sample.can_fail > 0) text += fmt::format(", {} in every order of events", sample.always_fail);
    if (sample.open > 0) text += "; a limit was hit";
    return text;
}

std::string condition_text(const Model& model, const MeetingCondition& one, const ReportOptions& options) {
    const LosingNumbers& numbers = one.numbers;
    const std::string& client = model.clients()[numbers.client].spec.name;
    const std::string_view reference = numbers.meets_old_connection ? "RCV.NXT" : "SND.NXT";
    std::string text =
        numbers.meets_old_connection
            ? fmt::format("{} meets the old connection of {}, RCV.NXT = {}: fails if\n", client,
                          model.clients()[numbers.met_client].spec.name, numbers.rcv_nxt)
            : fmt::format("{} never has its connection back, by its old one's SND.NXT = {}, if\n", client,
                          numbers.rcv_nxt);
    if (numbers.count == all_values) text += "  whatever its ISS\n";
    for (const Interval& one_interval : numbers.intervals) {
        if (numbers.count != all_values)
            text +=
                fmt::format("  {:<52} {} value{}, {}\n", interval_text(one_interval, reference),
                            one_interval.size, one_interval.size == 1 ? "" : "s", share(one_interval.size));
    }
    text += fmt::format("  in all       {} of 2^32 ({})\n", numbers.count, share(numbers.count));
    for (const ClockWindow& window : one.windows)
        text += fmt::format("  as a time    {} to {} (mod {}) after the ISN clock stood at {}\n",
                            describe_duration(window.from_ms), describe_duration(window.to_ms),
                            describe_duration(one.clock_period_ms), reference);
    const auto said = [&](bool proved) {
        return proved ? std::string("proved") : painted(options, "31;1", "NOT PROVED");
    };
    text += fmt::format(
        "  by Z3        inside always: {}; outside never: {}; over {} comparisons with given numbers\n",
        said(one.proof.inside_always), said(one.proof.outside_never), one.proof.comparisons);
    if (one.other_comparisons > 0)
        text += fmt::format("               {} with numbers drawn elsewhere are left to their cells\n",
                            one.other_comparisons);
    text += fmt::format("  runs inside  {}\n  runs outside {}\n", sample_text(one.members),
                        sample_text(one.others));
    if (one.in_trace)
        text += fmt::format("  the run below has ISS - {} = {}\n", reference, signed_distance(*one.in_trace));
    return text + "\n";
}

/// One line.
std::string why_no_condition(const Explanation& explanation) {
    using explorer::Verdict;
    if (explanation.verdict == Verdict::Bounded)
        return "no condition: every run recovers, whatever number a client draws";
    if (explanation.drawn_by_clients == 0)
        return "no condition on a fresh number: no client ever draws one, so that the hang takes none";
    if (explanation.between_fresh > 0)
        return fmt::format(
            "no condition on a client's ISS and the scenario's numbers: what decides is among the {} "
            "comparisons "
            "with numbers drawn elsewhere, or something else, as the order of events",
            explanation.between_fresh);
    return "no condition on a client's ISS: no number that a client draws loses by itself; what decides is "
           "something else, as the order of events or time stamps";
}

std::string rules_text(const Explanation& explanation) {
    std::string text = "rules that fired, in the order in which they first did\n";
    std::size_t actors = 0, ids = 0;
    for (const FiredRule& rule : explanation.rules) {
        actors = std::max(actors, rule.actor.size());
        ids = std::max(ids, rule.id.size());
    }
    for (const FiredRule& rule : explanation.rules)
        text += fmt::format("  {:<{}}  {:<{}}  {:>3} x  {}{}\n", rule.actor, actors, rule.id, ids, rule.times,
                            rule.source, rule.unconfirmed ? " (unconfirmed)" : "");
    return text;
}

Json sample_json(const Sample& sample) {
    return {{"tried", sample.tried},
            {"can_fail", sample.can_fail},
            {"always_fail", sample.always_fail},
            {"open", sample.open}};
}

Json condition_json(const Model& model, const MeetingCondition& one) {
    Json intervals = Json::array();
    for (const Interval& interval : one.numbers.intervals)
        intervals.push_back({{"first", interval.first}, {"count", interval.size}});
    Json windows = Json::array();
    for (const ClockWindow& window : one.windows)
        windows.push_back({{"from_ms", window.from_ms}, {"to_ms", window.to_ms}});
    return {
        {"client", model.clients()[one.numbers.client].spec.name},
        {"meets", one.numbers.meets_old_connection ? Json(model.clients()[one.numbers.met_client].spec.name)
                                                   : Json(nullptr)},
        {one.numbers.meets_old_connection ? "rcv_nxt" : "snd_nxt", one.numbers.rcv_nxt},
        {"count", one.numbers.count},
        {"of", all_values},
        {one.numbers.meets_old_connection ? "iss_minus_rcv_nxt" : "iss_minus_snd_nxt", std::move(intervals)},
        {"clock", {{"period_ms", one.clock_period_ms}, {"windows", std::move(windows)}}},
        {"proof",
         {{"inside_always", one.proof.inside_always},
          {"outside_never", one.proof.outside_never},
          {"comparisons", one.proof.comparisons},
          {"other_comparisons", one.other_comparisons}}},
        {"runs", {{"inside", sample_json(one.members)}, {"outside", sample_json(one.others)}}},
        {"in_trace", one.in_trace ? Json(*one.in_trace) : Json(nullptr)}};
}

}  // namespace

std::string explain_report(const Model& model, const Explanation& explanation, const ReportOptions& options) {
    const Scenario& scenario = model.scenario();
    std::string text = fmt::format("{}: {}\n\n", scenario.name, scenario.title);
    if (explanation.stopped != explorer::StopReason::Complete)
        return text + fmt::format("  inconclusive: stopped by {}; nothing is claimed\n",
                                  to_string(explanation.stopped));
    text += fmt::format(
        "of clients that never give one connect() up: {}, {}\n\n",
        painted(options, verdict_color(explanation.verdict), std::string(to_string(explanation.verdict))),
        describe_verdict(explanation.verdict));
    for (const MeetingCondition& one : explanation.conditions) text += condition_text(model, one, options);
    if (explanation.conditions.empty()) text += why_no_condition(explanation) + "\n\n";
    if (explanation.as_it_stands && *explanation.as_it_stands != explanation.verdict)
        text += fmt::format(
            "as the scenario stands its clients do give up, and it is {}: an attempt that is cut off is "
            "followed\n"
            "by another that draws anew, of which `check` speaks\n\n",
            to_string(*explanation.as_it_stands));
    text += rules_text(explanation);
    if (!explanation.trace.steps.empty())
        text += "\n" +
                chart(model, explanation.trace, {options.color, options.fold, options.brief, options.width});
    return text;
}

nlohmann::ordered_json explain_json(const Model& model, const Explanation& explanation) {
    Json conditions = Json::array();
    for (const MeetingCondition& one : explanation.conditions)
        conditions.push_back(condition_json(model, one));
    Json rules = Json::array();
    for (const FiredRule& rule : explanation.rules)
        rules.push_back({{"actor", rule.actor},
                         {"rule", rule.id},
                         {"source", rule.source},
                         {"unconfirmed", rule.unconfirmed},
                         {"times", rule.times}});
    return {
        {"scenario", model.scenario().name},
        {"verdict", to_string(explanation.verdict)},
        {"stopped", to_string(explanation.stopped)},
        {"as_it_stands",
         explanation.as_it_stands ? Json(to_string(*explanation.as_it_stands)) : Json(nullptr)},
        {"conditions", std::move(conditions)},
        {"why_none", explanation.conditions.empty() && explanation.stopped == explorer::StopReason::Complete
                         ? Json(why_no_condition(explanation))
                         : Json(nullptr)},
        {"rules", std::move(rules)},
        {"loop_start", explanation.trace.loop ? Json(*explanation.trace.loop) : Json(nullptr)},
        {"trace", trace_to_json(model, explanation.trace)}};
}

}  // namespace halfopen
