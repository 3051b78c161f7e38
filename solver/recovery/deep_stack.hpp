/// A stack for recursion that is deeper than a thread's usual 8 MiB.
#pragma once

#include <pthread.h>

#include <cstddef>
#include <exception>
#include <system_error>

namespace halfopen {

/// Runs the function to its end, on a thread of its own that has a stack of so many bytes (of which the
/// system gives only what is touched), while the caller waits.  Throws what the function throws;
/// std::system_error where no such thread is to be had.
template <class Function>
void on_deep_stack(std::size_t bytes, Function&& function) {
    struct Job {
        Function& function;
        std::exception_ptr thrown;
    } job{function, nullptr};
    const auto check = [](int error) {
        if (error != 0) throw std::system_error(error, std::generic_category(), "a thread with a deep stack");
    };
    pthread_attr_t attributes;
    check(pthread_attr_init(&attributes));
    pthread_t thread{};
    int error = pthread_attr_setstacksize(&attributes, bytes);
    if (error == 0)
        error = pthread_create(
            &thread, &attributes,
            [](void* argument) -> void* {
                auto& given = *static_cast<Job*>(argument);
                try {
                    given.function();
                } catch (...) {
                    given.thrown = std::current_exception();
                }
                return nullptr;
            },
            &job);
    pthread_attr_destroy(&attributes);
    check(error);
    check(pthread_join(thread, nullptr));
    if (job.thrown) std::rethrow_exception(job.thrown);
}

}  // namespace halfopen
