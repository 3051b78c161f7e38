/// When a computation has to be over, also one that Z3 is in the middle of.
#pragma once

#include <z3++.h>

#include <chrono>
#include <condition_variable>
#include <exception>
#include <initializer_list>
#include <mutex>
#include <thread>
#include <vector>

namespace halfopen {

/// Ends a computation whose time is up.
struct OutOfTime : std::exception {
    const char* what() const noexcept override { return "a limit of time was hit first"; }
};

class Deadline {
   public:
    using Clock = std::chrono::steady_clock;

    Deadline() = default;  ///< never
    explicit Deadline(Clock::time_point end) : end_(end) {}

    bool passed() const { return Clock::now() > end_; }
    void check() const {
        if (passed()) throw OutOfTime();
    }
    Clock::time_point time() const { return end_; }

   private:
    Clock::time_point end_ = Clock::time_point::max();
};

/// From the deadline on, and as long as this lives, whatever Z3 does in the contexts is interrupted: it
/// answers "unknown" or throws z3::exception.
class InterruptAfter {
   public:
    InterruptAfter(Deadline deadline, std::initializer_list<z3::context*> contexts)
        : contexts_(contexts), thread_([this, deadline] { watch(deadline); }) {}
    InterruptAfter(const InterruptAfter&) = delete;
    InterruptAfter& operator=(const InterruptAfter&) = delete;
    ~InterruptAfter() {
        {
            const std::lock_guard lock(mutex_);
            over_ = true;
        }
        wake_.notify_one();
        thread_.join();
    }

   private:
    void watch(const Deadline& deadline) {
        std::unique_lock lock(mutex_);
        wake_.wait_until(lock, deadline.time(), [this] { return over_; });
        // Again and again, as an interrupt ends no more than what is going on when it comes.
        while (!over_) {
            for (z3::context* context : contexts_) context->interrupt();
            wake_.wait_for(lock, std::chrono::milliseconds(20), [this] { return over_; });
        }
    }

    std::vector<z3::context*> contexts_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool over_ = false;
    std::thread thread_;
};

}  // namespace halfopen
