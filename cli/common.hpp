/// What the subcommands share: options, libraries, exit codes, output.
#pragma once

#include <CLI/CLI.hpp>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "check/check.hpp"
#include "spec/policy/fix.hpp"
#include "spec/policy/policy_library.hpp"
#include "spec/world/scenario.hpp"

namespace halfopen::cli {

/// Exit statuses (design §9).
inline constexpr int holds = 0, violated = 1, usage_error = 2, inconclusive = 3;

/// The words of --isn, in the order of IsnMode.
inline constexpr std::array<std::string_view, 2> isn_modes{"generic", "complete"};

/// Where a command's result goes, and in which form.
struct ReportTo {
    std::string format = "text";
    std::string output = "-";
};
void add_report_options(CLI::App& app, ReportTo& options);
/// Throws InputError where the format is neither text nor json.
bool wants_json(const ReportTo& options);

/// Options of every command that explores.
struct ExploreOptions : ReportTo {
    std::string scenario;
    std::vector<std::string> set;
    std::vector<std::string> fixes;
    std::string variant;
    std::string isn = "generic";
    std::string timeout;
    std::string memory;
    std::uint32_t max_depth = 0;
    unsigned jobs = 0;
    std::string color = "auto";
    bool quiet = false;
    bool no_corners = false;
    bool no_merge = false;
    bool no_symmetry = false;
    bool joint_cells = false;
    bool no_fold = false;
};

void add_explore_options(CLI::App& app, ExploreOptions& options);

/// The folder that holds policies/ and scenarios/: HALFOPEN_SPEC, or where Halfopen is installed, or was
/// built.
std::string spec_folder();
PolicyLibrary policy_library();
FixLibrary fix_library();
/// Names of the shipped scenarios, sorted.
std::vector<std::string> scenario_names();
bool contains(const std::vector<std::string>& names, const std::string& name);

/// A scenario by name or path, with --variant, --fix and --set applied in this order.
Scenario load_scenario(const ExploreOptions& options);
/// The verdict that is expected of it: the scenario's own, the variant's, or the fix's where exactly one is
/// applied; none where --set changes something.
std::optional<std::string> expected_verdict(const Scenario& scenario, const ExploreOptions& options);

/// A policy that an option names; errors begin with the option.
Policy policy_of_option(PolicyKind kind, const std::string& name, std::string_view option);
/// "; it is a fix: …" where a name that is no good here is good elsewhere; else empty.
std::string what_it_is(const std::string& name);

CheckOptions check_options(const ExploreOptions& options);
unsigned threads(const ExploreOptions& options);
bool use_color(const ExploreOptions& options);
/// Columns of the terminal that results go to; 0 where they go elsewhere.
std::size_t terminal_width(const ExploreOptions& options);
int exit_status(const CheckResult& result, const std::optional<std::string>& expected);

/// "2GiB", "512M", a number of bytes.  Throws InputError.
std::uint64_t parse_memory(const std::string& text);

}  // namespace halfopen::cli
