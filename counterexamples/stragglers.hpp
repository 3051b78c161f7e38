/// Who has its connection back at the end of a trace, and whose packets are whose: what a short chart needs
/// to show only those that are left behind.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "counterexamples/trace.hpp"

namespace halfopen {

/// A client that has recovered for good.
struct RecoveredClient {
    std::size_t client = 0;
    std::uint64_t at = 0;  ///< ms since the trace began
};
/// Those that have their connection back in every world from some step of the trace on, in the order of the
/// scenario.
std::vector<RecoveredClient> recovered_clients(const Model& model, const Trace& trace);

/// Whether the step happened at the client, or to a segment that it sent or that was on its way to it, as far
/// as the mappings of the two worlds tell.
bool concerns(const Model& model, const Step& step, const World& before, const World& after,
              std::size_t client);

}  // namespace halfopen
