#include <fmt/format.h>

#include <chrono>

#include "check/report.hpp"
#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"

namespace halfopen::cli {

namespace {

bool all_as_expected(const Scenario& scenario, const CheckResult& result,
                     const std::vector<VariantOutcome>& variants, const std::vector<FixSetOutcome>& fixes) {
    bool expected = as_expected(result, scenario.expect);
    for (const VariantOutcome& variant : variants)
        expected = expected && as_expected(variant.result, variant.variant.expect);
    for (const FixSetOutcome& fix : fixes) expected = expected && as_expected(fix.result, fix.expected);
    return expected;
}

/// The scenario with only those variants that answer a question.
Scenario asking(Scenario scenario) {
    std::erase_if(scenario.variants, [](const VariantSpec& variant) { return variant.question.empty(); });
    return scenario;
}

}  // namespace

int tell_founding_story() {
    ExploreOptions options;
    options.scenario = "founding";
    const auto start = std::chrono::steady_clock::now();
    const CheckOptions check_with = check_options(options);
    const PolicyLibrary library = policy_library();
    const Scenario scenario = load_scenario(options);
    const Model model(scenario, library);
    const Model endless(with_endless_connect(scenario), library);
    const ReportOptions report{use_color(options), true, true, terminal_width(options)};
    Output output("-");

    // The trace is that of one connect() which never gives up: it ends up in the trap for good, and soon.
    CheckOptions without_trace = check_with;
    without_trace.trace = false;
    const CheckResult result = check(model, without_trace);
    end_progress(false);
    output.write(check_report(model, result, scenario.expect, report));
    const CheckResult trapped = check(endless, check_with);
    end_progress(false);
    output.write("\nWhile a client does not give one connect() up, the same numbers meet again and again:\n");
    output.write(trace_report(endless, trapped, report));
    const auto variants = try_variants(asking(scenario), library, check_with, threads(options));
    end_progress(false);
    output.write("\nWhat the hang needs:\n" + questions_report(variants, report));
    FixSearchOptions singles;
    singles.check = check_with;
    singles.threads = threads(options);
    singles.max_size = 1;
    singles.exposure = false;
    singles.before = result;
    const auto fixes = find_fix_sets(scenario, scenario.fixes, fix_library(), library, singles).singles;
    end_progress(false);
    output.write(
        "\nWhat can be done, where a client gives up and tries again, and where it never gives up:\n" +
        fixes_report(fixes, report));
    const auto elapsed =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
    output.write(
        fmt::format("\n  computed in {:.1f} s; more: halfopen check founding, halfopen variants founding, "
                    "halfopen show fixes/NAME\n",
                    static_cast<double>(elapsed.count()) / 1000));
    if (result.verdict == explorer::Verdict::Inconclusive) return inconclusive;
    return all_as_expected(scenario, result, variants, fixes) ? holds : violated;
}

}  // namespace halfopen::cli
