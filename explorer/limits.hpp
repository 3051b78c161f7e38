#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string_view>

namespace halfopen::explorer {

/// When a search gives up; by default never.
struct Limits {
    std::optional<std::chrono::milliseconds> timeout;  ///< wall-clock time
    std::optional<std::uint64_t> memory_bytes;         ///< allocated for states and graph
    std::optional<std::uint64_t> resident_bytes;       ///< of the whole process, as the kernel counts them
    std::optional<std::uint32_t> max_depth;  ///< states more than this many steps away are not entered
    std::stop_token stop;                    ///< lets another thread, or a signal handler's helper, interrupt
};

/// Why a search ended.  After anything but Complete there are states whose successors are not (all) known.
enum class StopReason { Complete, Timeout, Memory, Depth, Interrupted };

/// "complete", "timeout", "memory", "depth" or "interrupted".
std::string_view to_string(StopReason reason);

/// The memory of this process that is resident now, read from /proc/self/statm; 0 where there is no such
/// file.
std::uint64_t resident_bytes();

/// How far a search has come.
struct Progress {
    std::uint64_t states;       ///< found so far
    std::uint64_t transitions;  ///< found so far
    std::uint64_t frontier;     ///< states found whose successors are not computed yet
    std::uint32_t depth;        ///< of the state to be expanded next
    std::chrono::milliseconds elapsed;
};

using ProgressCallback = std::function<void(const Progress&)>;

/// Watches the clock, the memory and the stop token for a search, and reports its progress, at most five
/// times a second.
class LimitWatch {
   public:
    /// Starts the clock.
    LimitWatch(const Limits& limits, ProgressCallback report);

    /// Cheap enough (a clock reading) to call every few hundred states.  The reason to stop now, if there is
    /// one. `progress.elapsed` is filled in here.
    std::optional<StopReason> check(Progress progress, std::uint64_t memory_bytes);

    /// Whether the process is, or would be with so many bytes more, further beyond Limits::resident_bytes
    /// than a search may come before check() is called again.  For any thread, at any time; a system call.
    [[nodiscard]] bool is_passed(std::uint64_t more = 0) const;

    [[nodiscard]] std::chrono::milliseconds elapsed() const;

   private:
    using Clock = std::chrono::steady_clock;

    Limits limits_;
    ProgressCallback report_;
    Clock::time_point start_;
    Clock::time_point last_report_;
};

}  // namespace halfopen::explorer
