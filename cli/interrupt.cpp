#include "cli/interrupt.hpp"

#include <pthread.h>

#include <csignal>
#include <cstdlib>
#include <thread>

namespace halfopen::cli {

namespace {

std::stop_source& source() {
    static std::stop_source stop;
    return stop;
}

sigset_t watched_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    return signals;
}

}  // namespace

void watch_for_interrupts() {
    const sigset_t signals = watched_signals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::thread([signals] {
        int signal = 0;
        sigwait(&signals, &signal);
        source().request_stop();
        // A second one means it: whatever is still being done is dropped.
        sigwait(&signals, &signal);
        std::_Exit(128 + signal);
    }).detach();
}

std::stop_token interrupt_token() { return source().get_token(); }

}  // namespace halfopen::cli
