#include "cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace halfopen::cli {

std::function<void(const explorer::Progress&)> progress_reporter(bool quiet) {
    if (quiet || isatty(STDERR_FILENO) != 1) return {};
    return [](const explorer::Progress& progress) {
        const double seconds = static_cast<double>(progress.elapsed.count()) / 1000;
        const double rate = seconds > 0 ? static_cast<double>(progress.states) / seconds : 0;
        fmt::print(stderr, "\r\x1b[K{} states, {:.0f}/s, {} to do, depth {}", progress.states, rate,
                   progress.frontier, progress.depth);
        std::fflush(stderr);
    };
}

void end_progress(bool quiet) {
    if (quiet || isatty(STDERR_FILENO) != 1) return;
    fmt::print(stderr, "\r\x1b[K");
    std::fflush(stderr);
}

}  // namespace halfopen::cli
