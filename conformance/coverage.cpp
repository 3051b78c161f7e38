#include "conformance/coverage.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <tuple>

#include "spec/policy/decision_table.hpp"
#include "spec/policy/vocabulary.hpp"

namespace halfopen::conformance {

Coverage coverage(const std::vector<FileVerdict>& files, const Policy& policy) {
    std::map<std::string, std::size_t> times;
    std::set<std::tuple<std::size_t, std::size_t, std::uint8_t>> reached;
    for (const FileVerdict& file : files) {
        if (file.kind != policy.kind) continue;
        for (const auto& [at, count] : file.tally.decided) {
            times[at.rule] += count;
            reached.emplace(at.state, at.segment, at.direction);
        }
    }
    Coverage all;
    all.kind = policy.kind;
    all.policy = policy.name;
    for (const Rule& rule : policy.rules) all.rules.emplace_back(rule.id, times[rule.id]);
    const Vocabulary& words = vocabulary(policy.kind);
    const DecisionTable table(policy);
    for (std::size_t state = 0; state < words.states.size(); ++state)
        for (std::size_t segment = 0; segment < words.segments.size(); ++segment)
            for (const std::uint8_t direction : {direction_original, direction_reply}) {
                if (direction == direction_reply && !words.rules_have_direction) continue;
                if (table.rules(state, segment, direction).empty()) continue;
                ++all.cells;
                if (reached.contains({state, segment, direction})) continue;
                std::string cell = fmt::format("{}: {}", words.states[state], words.segments[segment]);
                if (words.rules_have_direction) cell += direction == direction_reply ? " reply" : " original";
                all.cells_not_reached.push_back(std::move(cell));
            }
    return all;
}

std::string coverage_text(const std::vector<Coverage>& covered) {
    std::string text;
    for (const Coverage& one : covered) {
        std::size_t tested = 0;
        for (const auto& [id, times] : one.rules) tested += times > 0 ? 1 : 0;
        text += fmt::format("\nthe {} {}: {} of {} rules decided, {} of {} cells reached\n",
                            one.kind == PolicyKind::Nat ? "NAT" : "endpoint", one.policy, tested,
                            one.rules.size(), one.cells - one.cells_not_reached.size(), one.cells);
        text += "  rule                                     times\n";
        for (const auto& [id, times] : one.rules)
            text +=
                times > 0 ? fmt::format("  {:<40} {:>5}\n", id, times) : fmt::format("  {:<40} never\n", id);
        if (!one.cells_not_reached.empty()) text += "  cells not reached\n";
        for (const std::string& cell : one.cells_not_reached) text += fmt::format("    {}\n", cell);
    }
    return text;
}

}  // namespace halfopen::conformance
