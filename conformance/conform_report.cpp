#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "conformance/conform.hpp"
#include "conformance/coverage.hpp"

namespace halfopen::conformance {

namespace {

using Json = nlohmann::ordered_json;

std::string_view kind_name(PolicyKind kind) { return kind == PolicyKind::Nat ? "nat" : "endpoint"; }

void add_line(std::string& text, std::string_view name, std::size_t count, std::string_view meaning) {
    text += fmt::format("  {:<14} {:>7}  {}\n", name, count, meaning);
}

std::string shown(const Disagreement& d, const std::string& file) {
    std::string text =
        fmt::format("\n{}:{}: {}, segment {}\n  {}\n", file, d.line, d.name, d.step, d.segment);
    for (const Difference& difference : d.differences)
        text += fmt::format("  {:<14} kernel: {}; model: {}\n", to_string(difference.aspect),
                            difference.kernel, difference.model);
    return text + fmt::format("  {:<14} {}\n", "rule", d.rule.empty() ? "none" : d.rule);
}

/// A kernel is written by its release alone, another NAT with its name.
std::string recorded_on(const std::string& kernel) {
    const bool release = kernel.front() >= '0' && kernel.front() <= '9';
    return (release ? "Linux " : "") + one_line(kernel);
}

std::string shown(const FileVerdict& file, std::size_t most) {
    std::string text =
        fmt::format("{}: {} {}{}\n", file.file, file.kind == PolicyKind::Nat ? "the NAT" : "the endpoint",
                    file.policy, file.kernel.empty() ? "" : ", recorded on " + recorded_on(file.kernel));
    text += fmt::format("  {} of {} cases agree in everything\n", file.cases_agreed, file.cases);
    add_line(text, "agree", file.agreed, "segments and calls");
    add_line(text, "disagree", file.disagreed, "the first one of a case");
    if (file.behind > 0)
        add_line(text, "not judged", file.behind, "behind a disagreement, which they follow from");
    add_line(text, "outside", file.outside, "of what the model has words for");
    for (const auto& [reason, count] : file.outside_reasons) add_line(text, "", count, reason);
    text += "\n  compared          times  differ\n";
    for (std::size_t i = 0; i < aspect_count; ++i) {
        if (file.tally.judged[i] == 0) continue;
        text += fmt::format("  {:<14} {:>8} {:>7}\n", aspect_names[i], file.tally.judged[i],
                            file.tally.differed[i]);
    }
    if (!file.disagreeing_rules.empty()) {
        text += "\n  rule that decided otherwise              times\n";
        for (const auto& [rule, count] : file.disagreeing_rules)
            text += fmt::format("  {:<40} {:>5}\n", rule.empty() ? "none" : rule, count);
    }
    for (std::size_t i = 0; i < std::min(most, file.disagreements.size()); ++i)
        text += shown(file.disagreements[i], file.file);
    return text;
}

Json to_json(const Disagreement& d) {
    Json differences = Json::array();
    for (const Difference& difference : d.differences)
        differences.push_back({{"aspect", to_string(difference.aspect)},
                               {"kernel", difference.kernel},
                               {"model", difference.model}});
    return {{"line", d.line},       {"case", d.name}, {"step", d.step},
            {"segment", d.segment}, {"rule", d.rule}, {"differences", std::move(differences)}};
}

Json to_json(const FileVerdict& file, std::size_t most) {
    Json compared = Json::object();
    for (std::size_t i = 0; i < aspect_count; ++i) {
        if (file.tally.judged[i] == 0) continue;
        compared[std::string(aspect_names[i])] = {{"times", file.tally.judged[i]},
                                                  {"differ", file.tally.differed[i]}};
    }
    Json first = Json::array();
    for (std::size_t i = 0; i < std::min(most, file.disagreements.size()); ++i)
        first.push_back(to_json(file.disagreements[i]));
    return {{"file", file.file},
            {"kind", kind_name(file.kind)},
            {"policy", file.policy},
            {"kernel", file.kernel},
            {"cases", file.cases},
            {"cases_agreed", file.cases_agreed},
            {"agreed", file.agreed},
            {"disagreed", file.disagreed},
            {"not_judged", file.behind},
            {"outside", file.outside},
            {"outside_reasons", file.outside_reasons},
            {"rules", file.disagreeing_rules},
            {"compared", std::move(compared)},
            {"disagreements", std::move(first)}};
}

}  // namespace

std::string conform_text(const std::vector<FileVerdict>& files, std::size_t most) {
    std::string text;
    for (const FileVerdict& file : files) text += (text.empty() ? "" : "\n") + shown(file, most);
    return text;
}

std::string conform_json(const std::vector<FileVerdict>& files, std::size_t most) {
    return conform_json(files, most, {});
}

std::string conform_json(const std::vector<FileVerdict>& files, std::size_t most,
                         const std::vector<Coverage>& covered) {
    Json list = Json::array();
    for (const FileVerdict& file : files) list.push_back(to_json(file, most));
    for (const Coverage& one : covered) {
        Json rules = Json::object();
        for (const auto& [id, times] : one.rules) rules[id] = times;
        list.push_back(
            {{"kind", kind_name(one.kind)},
             {"policy", one.policy},
             {"coverage", {{"rules", std::move(rules)}, {"cells_not_reached", one.cells_not_reached}}}});
    }
    // Names of cases come from the recording, which need not be UTF-8 throughout.
    return list.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace halfopen::conformance
