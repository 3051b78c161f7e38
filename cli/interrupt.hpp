/// SIGINT and SIGTERM end a search cleanly: what is known is reported, as inconclusive.
#pragma once

#include <stop_token>

namespace halfopen::cli {

/// Blocks the signals in this and all later threads and begins to wait for them in a thread of its own.  To
/// be called once, before any other thread exists.
void watch_for_interrupts();
std::stop_token interrupt_token();

}  // namespace halfopen::cli
