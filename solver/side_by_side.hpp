/// Independent pieces of work on several threads, such as questions to Z3, each with a context of its own.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <thread>
#include <vector>

namespace halfopen {

/// Calls task(i) once for each i in [0, count), in this order of beginning, on `threads` threads (at least 1,
/// the caller's among them).  All are done when it returns; of what they throw the one of the least i is
/// thrown.
template <class Task>
void side_by_side(std::size_t count, unsigned threads, const Task& task) {
    std::vector<std::exception_ptr> errors(count);
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        for (std::size_t i = next++; i < count; i = next++) {
            try {
                task(i);
            } catch (...) {
                errors[i] = std::current_exception();
            }
        }
    };
    {
        std::vector<std::jthread> workers;
        for (unsigned t = 1; t < threads; ++t) workers.emplace_back(work);
        work();
    }
    for (const std::exception_ptr& error : errors) {
        if (error) std::rethrow_exception(error);
    }
}

}  // namespace halfopen
