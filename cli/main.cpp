/// The command line.  Results on standard output, everything else on standard error.
#include <fmt/format.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <algorithm>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "cli/application.hpp"
#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/interrupt.hpp"
#include "cli/usage_error.hpp"

namespace {

/// What is freed goes back to the kernel, so that --memory is about what is in use: glibc would raise the
/// size from which on it does that to that of the largest piece ever freed.
void give_back_what_is_freed() {
#ifdef M_MMAP_THRESHOLD
    constexpr int large = 1 << 20;
    mallopt(M_MMAP_THRESHOLD, large);
    mallopt(M_TRIM_THRESHOLD, 2 * large);
#endif
}

int run(int argc, char** argv) {
    using namespace halfopen::cli;
    Run chosen = tell_founding_story;
    const std::unique_ptr<CLI::App> whole = application(chosen);
    CLI::App& app = *whole;
    std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
    // "halfopen help check" is what "halfopen check --help" is.
    if (!words.empty() && words.front() == "help") {
        words.erase(words.begin());
        words.emplace_back("--help");
    }
    // Not parsed as a command line: its words are one that is not finished.
    if (!words.empty() && words.front() == "complete")
        return answer_completion(app, {words.begin() + 1, words.end()});
    try {
        app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
    } catch (const CLI::CallForHelp& e) {
        return app.exit(e);
    } catch (const CLI::CallForAllHelp& e) {
        return app.exit(e);
    } catch (const CLI::CallForVersion& e) {
        return app.exit(e);
    } catch (const CLI::ParseError& e) {
        fmt::print(stderr, "halfopen: {}\n", explain(app, e, words));
        return usage_error;
    }
    watch_for_interrupts();
    return chosen();
}

}  // namespace

int main(int argc, char** argv) {
    give_back_what_is_freed();
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
