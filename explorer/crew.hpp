#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace halfopen::explorer {

/// What different threads write stands so far apart that no processor has to ask another for it (two lines of
/// 64 bytes, as many fetch them in pairs).
inline constexpr std::size_t apart = 128;

/// A few threads that do one piece of work together, again and again; between two pieces they wait, awake for
/// some 50 us and then asleep.
class Crew {
   public:
    /// `size` members (at least 1), of whom the thread that calls work() is one.  The others are started by
    /// the first call, so a crew that never works costs nothing; where the machine refuses some, the crew is
    /// smaller.
    explicit Crew(unsigned size) : size_(size) {}
    Crew(const Crew&) = delete;
    Crew& operator=(const Crew&) = delete;
    ~Crew();

    /// Calls task(member) once for each member 0, ..., size() - 1, each on a thread of its own (0 on the
    /// caller's), and returns when all are done.  What was written before is seen by every member, and what
    /// they wrote by the caller afterwards.  The task must not throw.
    void work(const std::function<void(unsigned member)>& task);

    [[nodiscard]] unsigned size() const { return size_; }

   private:
    void serve(unsigned member);
    void give_out(const std::function<void(unsigned)>* task);

    unsigned size_;
    std::mutex mutex_;
    std::condition_variable given_out_;
    std::condition_variable all_done_;
    const std::function<void(unsigned)>* task_ = nullptr;  ///< none: the members go home
    std::atomic<std::uint32_t> piece_ = 0;                 ///< counts up when there is something to do
    std::atomic<std::uint32_t> busy_ = 0;                  ///< members still at it
    unsigned asleep_ = 0;                                  ///< members that have to be woken; under mutex_
    bool caller_asleep_ = false;                           ///< under mutex_
    std::vector<std::jthread> members_;
};

}  // namespace halfopen::explorer
