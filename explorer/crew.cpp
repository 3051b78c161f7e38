#include "explorer/crew.hpp"

#include <system_error>

namespace halfopen::explorer {

Crew::~Crew() {
    if (members_.empty()) {
        return;
    }
    task_ = nullptr;
    ++piece_;
    piece_.notify_all();
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
    task_ = &task;
    busy_ = size_ - 1;
    ++piece_;
    piece_.notify_all();
    task(0);
    for (std::uint32_t busy = busy_; busy != 0; busy = busy_) {
        busy_.wait(busy);
    }
}

void Crew::serve(unsigned member) {
    std::uint32_t seen = 0;
    for (;;) {
        piece_.wait(seen);
        ++seen;  // no piece is missed: the next one is given out only when all have done this one
        if (task_ == nullptr) {
            return;
        }
        (*task_)(member);
        if (--busy_ == 0) {
            busy_.notify_one();
        }
    }
}

}  // namespace halfopen::explorer
