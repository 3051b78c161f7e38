/// The command line.  Results on standard output, everything else on standard error.
#include <fmt/format.h>

#include <cstdio>
#include <exception>

#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/interrupt.hpp"

namespace {

int run(int argc, char** argv) {
    using namespace halfopen::cli;
    CLI::App app(
        "Halfopen: a model checker for TCP connections that meet a NAT.  Without a subcommand: the founding "
        "story.",
        "halfopen");
    app.set_version_flag("--version", "halfopen " HALFOPEN_VERSION);
    app.require_subcommand(0, 1);
    app.footer(
        "Exit status: 0 holds or as expected, 1 violated or not as expected, 2 usage or input error, 3 "
        "inconclusive.\n"
        "Example: halfopen check founding");
    Run chosen = tell_founding_story;
    add_check(app, chosen);
    add_export(app, chosen);
    add_explain(app, chosen);
    add_fixes(app, chosen);
    add_variants(app, chosen);
    add_verify(app, chosen);
    add_prove(app, chosen);
    add_conform(app, chosen);
    add_list(app, chosen);
    add_show(app, chosen);
    add_lint(app, chosen);
    add_diff(app, chosen);
    add_gate(app, chosen);
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp& e) {
        return app.exit(e);
    } catch (const CLI::CallForAllHelp& e) {
        return app.exit(e);
    } catch (const CLI::CallForVersion& e) {
        return app.exit(e);
    } catch (const CLI::ParseError& e) {
        fmt::print(stderr, "halfopen: {}; see halfopen --help\n", e.what());
        return usage_error;
    }
    watch_for_interrupts();
    return chosen();
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const halfopen::InputError& error) {
        fmt::print(stderr, "halfopen: {}\n", error.what());
        return halfopen::cli::usage_error;
    } catch (const std::bad_alloc&) {
        fmt::print(stderr, "halfopen: out of memory; --memory sets a limit that is kept\n");
        return halfopen::cli::inconclusive;
    } catch (const std::exception& error) {
        fmt::print(stderr, "halfopen: internal error: {}\n", error.what());
        return halfopen::cli::inconclusive;
    }
}
