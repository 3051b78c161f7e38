/// The command line.  Results on standard output, everything else on standard error.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <memory>
#include <string_view>

#include "cli/application.hpp"
#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/interrupt.hpp"

namespace {

int run(int argc, char** argv) {
    using namespace halfopen::cli;
    Run chosen = tell_founding_story;
    const std::unique_ptr<CLI::App> whole = application(chosen);
    CLI::App& app = *whole;
    // Not parsed as a command line: its words are one that is not finished.
    if (argc > 1 && std::string_view(argv[1]) == "complete")
        return answer_completion(app, {argv + 2, argv + argc});
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
