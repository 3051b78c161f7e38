/// That what faults can leave behind at a server stays within what left_behind() starts from, whatever comes:
/// the invariant of the proofs of recovery is inductive.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "solver/deadline.hpp"
#include "solver/recovery/connection.hpp"

namespace halfopen {

struct Induction {
    std::size_t cases = 0;  ///< of a state and an event
    std::size_t paths = 0;
    std::size_t questions = 0;
    std::vector<std::string> failures;  ///< "ESTABLISHED, FIN: …"

    bool holds() const { return cases > 0 && failures.empty(); }
};

/// Every event (each kind of segment with any numbers, each timer, close()) on every server connection that
/// the invariant allows, and on a listener.
/// Throws OutOfTime.
Induction server_invariant(z3::context& context, const FairRun& run,
                           const std::function<void(const std::string& smt_lib)>& record = {},
                           const Deadline& deadline = {});

}  // namespace halfopen
