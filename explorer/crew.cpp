#include "explorer/crew.hpp"

#include <chrono>
#include <system_error>

namespace halfopen::explorer {

namespace {

// A nap costs both who takes it and who ends it a call of the kernel, and some 50 us until the member is at
// work; most pieces of a search take less than ten times that.  Longer than a nap costs nobody waits awake,
// and nobody calls sched_yield() meanwhile, as std::atomic's wait() of libstdc++ does: on a busy machine each
// such call can cost the thread its turn (with six other threads on its processor a piece of work took 17 ms
// so).
constexpr std::chrono::microseconds awake{50};

void breathe() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

/// Whether `done` came true while it was waited for awake.
template <class Done>
bool comes_soon(const Done& done) {
    const auto until = std::chrono::steady_clock::now() + awake;
    do {
        for (int i = 0; i < 32; ++i) {
            if (done()) return true;
            breathe();
        }
    } while (std::chrono::steady_clock::now() < until);
    return false;
}

}  // namespace

Crew::~Crew() {
    if (!members_.empty()) {
        give_out(nullptr);
    }
}

void Crew::give_out(const std::function<void(unsigned)>* task) {
    unsigned asleep = 0;
    {
        const std::lock_guard lock(mutex_);
        task_ = task;
        busy_ = static_cast<std::uint32_t>(members_.size());
        ++piece_;
        asleep = asleep_;
    }
    if (asleep > 0) given_out_.notify_all();
}

void Crew::work(const std::function<void(unsigned)>& task) {
    try {
        while (members_.size() + 1 < size_) {
            const auto member = static_cast<unsigned>(members_.size() + 1);
            members_.emplace_back([this, member] { serve(member); });
        }
    } catch (const std::system_error&) {
        size_ = static_cast<unsigned>(members_.size() + 1);  // the machine has no more threads for us
    }
    give_out(&task);
    task(0);
    const auto done = [this] { return busy_ == 0; };
    if (comes_soon(done)) return;
    std::unique_lock lock(mutex_);
    caller_asleep_ = true;
    all_done_.wait(lock, done);
    caller_asleep_ = false;
}

void Crew::serve(unsigned member) {
    std::uint32_t seen = 0;
    for (;;) {
        const auto given_out = [&] { return piece_ != seen; };
        if (!comes_soon(given_out)) {
            std::unique_lock lock(mutex_);
            ++asleep_;
            given_out_.wait(lock, given_out);
            --asleep_;
        }
        ++seen;  // no piece is missed: the next one is given out only when all have done this one
        const std::function<void(unsigned)>* const task = task_;
        if (task == nullptr) {
            return;
        }
        (*task)(member);
        if (--busy_ == 0) {
            const std::lock_guard lock(mutex_);
            if (caller_asleep_) all_done_.notify_one();
        }
    }
}

}  // namespace halfopen::explorer
