#include "explorer/limits.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <utility>

namespace halfopen::explorer {

namespace {

constexpr std::chrono::milliseconds report_interval{200};
constexpr std::uint64_t part_to_spare = 50;  // of the limit, between two checks

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
    // Asked often, and where there is little memory: so nothing is allocated.
    const int statm = ::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (statm < 0) return 0;
    std::array<char, 128> text{};
    const ssize_t length = ::read(statm, text.data(), text.size() - 1);
    ::close(statm);
    if (length <= 0) return 0;
    char* second = nullptr;
    std::strtoull(text.data(), &second, 10);  // all pages; those that are resident follow
    return std::strtoull(second, nullptr, 10) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

LimitWatch::LimitWatch(const Limits& limits, ProgressCallback report)
    : limits_(limits), report_(std::move(report)), start_(Clock::now()), last_report_(start_) {}

std::chrono::milliseconds LimitWatch::elapsed() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start_);
}

bool LimitWatch::is_passed(std::uint64_t more) const {
    if (!limits_.resident_bytes) return false;
    const std::uint64_t limit = *limits_.resident_bytes;
    return resident_bytes() + more > limit + limit / part_to_spare;
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
