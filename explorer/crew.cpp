#include "explorer/crew.hpp"

#include <system_error>

// Whoever waits sleeps at once.  std::atomic's wait() of libstdc++ first calls sched_yield() four times, and
// on a busy machine each such call can cost the thread its turn: with six other threads on its processor a
// piece of work took 17 ms so, and 0.5 ms like this (two members, Linux 6.18).
namespace halfopen::explorer {

Crew::~Crew() {
    if (!members_.empty()) {
        give_out(nullptr);
    }
}

void Crew::give_out(const std::function<void(unsigned)>* task) {
    {
        const std::lock_guard lock(mutex_);
        task_ = task;
        busy_ = static_cast<std::uint32_t>(members_.size());
        ++piece_;
    }
    given_out_.notify_all();
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
    std::unique_lock lock(mutex_);
    all_done_.wait(lock, [this] { return busy_ == 0; });
}

void Crew::serve(unsigned member) {
    std::uint32_t seen = 0;
    std::unique_lock lock(mutex_);
    for (;;) {
        given_out_.wait(lock, [&] { return piece_ != seen; });
        ++seen;  // no piece is missed: the next one is given out only when all have done this one
        const std::function<void(unsigned)>* const task = task_;
        if (task == nullptr) {
            return;
        }
        lock.unlock();
        (*task)(member);
        lock.lock();
        if (--busy_ == 0) {
            all_done_.notify_one();
        }
    }
}

}  // namespace halfopen::explorer
