#include "explorer/limits.hpp"

#include <unistd.h>

#include <fstream>
#include <utility>

namespace halfopen::explorer {

namespace {

constexpr std::chrono::milliseconds report_interval{200};

}  // namespace

std::string_view to_string(StopReason reason) {
    switch (reason) {
        case StopReason::Complete:
            return "complete";
        case StopReason::Timeout:
            return "timeout";
        case StopReason::Memory:
            return "memory";
        case StopReason::Depth:
            return "depth";
        case StopReason::Interrupted:
            return "interrupted";
    }
    return "unknown";
}

std::uint64_t resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    std::uint64_t total = 0;
    std::uint64_t resident = 0;
    statm >> total >> resident;
    return statm ? resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) : 0;
}

LimitWatch::LimitWatch(const Limits& limits, ProgressCallback report)
    : limits_(limits), report_(std::move(report)), start_(Clock::now()), last_report_(start_) {}

std::chrono::milliseconds LimitWatch::elapsed() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start_);
}

std::optional<StopReason> LimitWatch::check(Progress progress, std::uint64_t memory_bytes) {
    const Clock::time_point now = Clock::now();
    progress.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(now - start_);
    if (report_ && now - last_report_ >= report_interval) {
        last_report_ = now;
        report_(progress);
    }
    if (limits_.stop.stop_requested()) {
        return StopReason::Interrupted;
    }
    if (limits_.timeout && now - start_ >= *limits_.timeout) {
        return StopReason::Timeout;
    }
    if (limits_.memory_bytes && memory_bytes > *limits_.memory_bytes) {
        return StopReason::Memory;
    }
    if (limits_.resident_bytes && resident_bytes() > *limits_.resident_bytes) {
        return StopReason::Memory;
    }
    return std::nullopt;
}

}  // namespace halfopen::explorer
