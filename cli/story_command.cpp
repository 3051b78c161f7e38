#include <fmt/format.h>

#include <chrono>

#include "check/report.hpp"
#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"

namespace halfopen::cli {

int tell_founding_story() {
    ExploreOptions options;
    options.scenario = "founding";
    const auto start = std::chrono::steady_clock::now();
    const CheckOptions check_with = check_options(options);
    const PolicyLibrary library = policy_library();
    const Scenario scenario = load_scenario(options);
    const Model model(scenario, library);
    const Model endless_model(with_endless_connect(scenario), library);
    Output output("-");
    const ReportOptions report{use_color(options), true};

    // One connect() that never gives up makes the shortest story; how it goes on for clients that do give up
    // is said first.
    CheckOptions without_trace = check_with;
    without_trace.trace = false;
    const CheckResult result = check(model, without_trace);
    const CheckResult endless = check(endless_model, check_with);
    output.write(check_report(model, result, scenario.expect, report));
    output.write("\nOne connect() that never gives up:\n");
    output.write(check_report(endless_model, endless, std::nullopt, report));
    const auto variants = try_variants(scenario, library, check_with, threads(options));
    end_progress(options.quiet);
    output.write("\nWhat the hang needs, and what changes it:\n\n" + variants_report(variants, report));
    const auto fixes =
        try_fixes(scenario, scenario.fixes, fix_library(), library, check_with, threads(options));
    end_progress(options.quiet);
    output.write("\nWhat can be done about it:\n\n" + fixes_report(fixes, report));
    const auto elapsed =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
    output.write(
        fmt::format("\n  all of this computed in {:.1f} s\n", static_cast<double>(elapsed.count()) / 1000));

    bool expected = as_expected(result, scenario.expect);
    for (const VariantOutcome& variant : variants)
        expected = expected && as_expected(variant.result, variant.variant.expect);
    for (const FixOutcome& fix : fixes) expected = expected && as_expected(fix.result, fix.expected);
    if (result.verdict == explorer::Verdict::Inconclusive) return inconclusive;
    return expected ? holds : violated;
}

}  // namespace halfopen::cli
