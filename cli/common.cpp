#include "cli/common.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "cli/arguments.hpp"
#include "cli/interrupt.hpp"
#include "cli/progress.hpp"
#include "spec/world/setting.hpp"

namespace halfopen::cli {

namespace {

constexpr std::array<std::string_view, 2> formats{"text", "json"};
constexpr std::array<std::string_view, 3> color_modes{"auto", "always", "never"};

/// Well below what a workstation has, and far above what any shipped scenario needs.
constexpr std::uint64_t default_memory = 4ULL << 30U;

Place option_place(std::string_view option) { return {std::string(option), 0, 0}; }

}  // namespace

void add_report_options(CLI::App& app, ReportTo& options) {
    add_choice(app, "--format", options.format, formats, "of the result (default: text)");
    app.add_option("-o,--output", options.output,
                   "a file, written only when all is done; - is standard output")
        ->type_name(argument::file);
}

bool wants_json(const ReportTo& options) {
    return parse_choice(options.format, formats, option_place("--format")) == 1;
}

void add_explore_options(CLI::App& app, ExploreOptions& options) {
    app.add_option("scenario", options.scenario, "a shipped scenario's name, or a .toml file")
        ->type_name(argument::scenario)
        ->required();
    app.add_option("--variant", options.variant, "a named variant of the scenario")
        ->type_name(argument::variant);
    repeatable(app.add_option("--fix", options.fixes, "apply a fix (repeatable); see `halfopen list fixes`"))
        ->type_name(argument::fix);
    repeatable(app.add_option("--set", options.set,
                              "any setting of the scenario or parameter of a policy (repeatable)"))
        ->type_name(argument::setting);
    add_choice(app, "--isn", options.isn, isn_modes,
               "which cells of fresh sequence numbers decide (default: generic)");
    add_report_options(app, options);
    app.add_option("--timeout", options.timeout,
                   "stop after this long, e.g. 30s; then the answer is inconclusive")
        ->type_name(argument::duration);
    app.add_option("--memory", options.memory, "stop when this much is used, e.g. 2GiB (default: 4GiB)")
        ->type_name(argument::amount);
    add_count(app, "--max-depth", options.max_depth, 1, 1'000'000'000,
              "explore no further than this many steps");
    add_count(app, "-j,--jobs", options.jobs, 1, most_jobs,
              "how many threads share the work (default: one a core); the answer is the same for any "
              "number");
    add_choice(app, "--color", options.color, color_modes,
               "of text, on a terminal (default: auto); NO_COLOR is honoured");
    app.add_flag("-q,--quiet", options.quiet, "no progress on standard error");
    app.add_flag("--no-corners", options.no_corners, "do not look into cells of fewer than 2^17 numbers");
    app.add_flag("--no-merge", options.no_merge, "explore every order of steps that commute");
    app.add_flag("--no-symmetry", options.no_symmetry, "tell interchangeable clients apart");
    app.add_flag("--joint-cells", options.joint_cells,
                 "tell numbers apart by sums of two comparisons as well: a stricter search, of several times "
                 "as many states");
    app.add_flag("--no-fold", options.no_fold, "show every round of a trace");
}

std::string spec_folder() {
    if (const char* folder = std::getenv("HALFOPEN_SPEC"); folder != nullptr && *folder != '\0')
        return folder;
    // Installed, they lie in share/ beside the bin/ that this program is in, wherever that has been moved to.
    std::error_code error;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
    const auto installed = program.parent_path().parent_path() / HALFOPEN_INSTALLED_SPEC;
    if (!error && std::filesystem::is_directory(installed, error)) return installed.string();
    return HALFOPEN_SPEC_DIR;
}

PolicyLibrary policy_library() { return PolicyLibrary(spec_folder() + "/policies"); }
FixLibrary fix_library() { return FixLibrary(spec_folder() + "/policies"); }

std::vector<std::string> scenario_names() {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(spec_folder() + "/scenarios", error)) {
        if (entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

Scenario load_scenario(const ExploreOptions& options) {
    const std::vector<std::string> names = scenario_names();
    std::string file = options.scenario;
    if (contains(names, file)) {
        file = spec_folder() + "/scenarios/" + file + ".toml";
    } else if (file.find('/') == std::string::npos && !file.ends_with(".toml")) {
        const std::vector<std::string_view> known(names.begin(), names.end());
        throw InputError(unknown_name("scenario", file, known) + what_it_is(file) + "; or give a .toml file");
    }
    Scenario scenario = read_scenario(file);
    require_known_fixes(scenario, fix_library());
    if (!options.variant.empty()) {
        const auto at = std::find_if(scenario.variants.begin(), scenario.variants.end(),
                                     [&](const VariantSpec& v) { return v.name == options.variant; });
        if (at == scenario.variants.end()) {
            std::vector<std::string_view> known;
            for (const VariantSpec& variant : scenario.variants) known.push_back(variant.name);
            throw InputError(option_place("--variant"), unknown_name("variant", options.variant, known));
        }
        const VariantSpec variant = *at;
        apply_variant(scenario, variant);
    }
    for (const std::string& fix : options.fixes) apply_fix(scenario, fix_library().load(fix));
    for (const std::string& setting : options.set) {
        const auto equals = setting.find('=');
        if (equals == std::string::npos)
            throw InputError(
                option_place("--set"),
                fmt::format("\"{}\" has no '='; write GROUP.KEY=VALUE, such as network.loss=1", setting));
        apply_setting(scenario, setting.substr(0, equals), setting.substr(equals + 1), option_place("--set"));
    }
    return scenario;
}

std::optional<std::string> expected_verdict(const Scenario& scenario, const ExploreOptions& options) {
    if (!options.set.empty()) return std::nullopt;
    if (!options.variant.empty() && options.fixes.empty()) {
        for (const VariantSpec& variant : scenario.variants) {
            if (variant.name == options.variant) return variant.expect;
        }
    }
    if (options.variant.empty() && options.fixes.size() == 1) {
        for (const ExpectedFix& fix : scenario.fixes) {
            if (fix.name == options.fixes.front()) return fix.expect;
        }
    }
    return options.variant.empty() && options.fixes.empty() ? scenario.expect : std::nullopt;
}

std::uint64_t parse_memory(const std::string& text) {
    struct Unit {
        std::string_view name;
        std::uint64_t bytes;
    };
    constexpr std::array<Unit, 9> units{{{"GiB", 1ULL << 30U},
                                         {"MiB", 1ULL << 20U},
                                         {"KiB", 1ULL << 10U},
                                         {"GB", 1'000'000'000},
                                         {"MB", 1'000'000},
                                         {"kB", 1'000},
                                         {"G", 1ULL << 30U},
                                         {"M", 1ULL << 20U},
                                         {"K", 1ULL << 10U}}};
    std::string_view digits = text;
    std::uint64_t factor = 1;
    for (const Unit& unit : units) {
        if (text.size() > unit.name.size() && text.ends_with(unit.name)) {
            digits.remove_suffix(unit.name.size());
            factor = unit.bytes;
            break;
        }
    }
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size() || value == 0 ||
        value > (1ULL << 50U) / factor)
        throw InputError(option_place("--memory"),
                         fmt::format("\"{}\" is not an amount such as 512MiB or 2GiB", text));
    return value * factor;
}

Policy policy_of_option(PolicyKind kind, const std::string& name, std::string_view option) {
    try {
        return policy_library().load(kind, name);
    } catch (const InputError& error) {
        // A file has its own place; a name has none but the option.
        if (name.ends_with(".toml")) throw;
        throw InputError(option_place(option), error.what());
    }
}

std::string what_it_is(const std::string& name) {
    if (contains(scenario_names(), name)) return "; it is a scenario: halfopen check " + name;
    for (const PolicyKind kind : {PolicyKind::Endpoint, PolicyKind::Nat})
        if (contains(policy_library().names(kind), name)) return "; it is a policy: halfopen show " + name;
    if (contains(fix_library().names(), name)) return "; it is a fix: halfopen show " + name;
    return {};
}

CheckOptions check_options(const ExploreOptions& options) {
    CheckOptions check;
    check.isn = static_cast<IsnMode>(parse_choice(options.isn, isn_modes, option_place("--isn")));
    wants_json(options);
    parse_choice(options.color, color_modes, option_place("--color"));
    if (!options.timeout.empty())
        check.limits.timeout =
            std::chrono::milliseconds(parse_duration(options.timeout, option_place("--timeout")));
    check.limits.resident_bytes = options.memory.empty() ? default_memory : parse_memory(options.memory);
    if (options.max_depth > 0) check.limits.max_depth = options.max_depth;
    check.limits.stop = interrupt_token();
    check.corners = !options.no_corners;
    check.threads = threads(options);
    check.merge_commuting_steps = !options.no_merge;
    check.symmetry = !options.no_symmetry;
    check.joint_cells = options.joint_cells;
    check.report = progress_reporter(options.quiet);
    return check;
}

unsigned threads(const ExploreOptions& options) {
    return options.jobs > 0 ? options.jobs : std::max(1U, std::thread::hardware_concurrency());
}

bool use_color(const ExploreOptions& options) {
    if (options.color == "always") return true;
    if (options.color == "never" || options.output != "-") return false;
    const char* no_color = std::getenv("NO_COLOR");
    const char* term = std::getenv("TERM");
    if (no_color != nullptr && *no_color != '\0') return false;
    return isatty(STDOUT_FILENO) == 1 && (term == nullptr || std::string_view(term) != "dumb");
}

std::size_t terminal_width(const ExploreOptions& options) {
    winsize size{};
    if (options.output != "-" || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
    return size.ws_col;
}

int exit_status(const CheckResult& result, const std::optional<std::string>& expected) {
    if (result.verdict == explorer::Verdict::Inconclusive) return inconclusive;
    if (expected) return *expected == to_string(result.verdict) ? holds : violated;
    return result.verdict == explorer::Verdict::Bounded ? holds : violated;
}

}  // namespace halfopen::cli
