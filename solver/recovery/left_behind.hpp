/// What faults can leave behind of one connection: where every proof of recovery begins.
#pragma once

#include <string>
#include <vector>

#include "solver/recovery/connection.hpp"

namespace halfopen {

/// A connection whose numbers are unknown, and what is known of them all the same.
struct LeftBehind {
    std::string what;  ///< "the server in ESTABLISHED"
    Connection connection;
    z3::expr known;  ///< possible_numbers() of each part
};

/// Every one that there can be: the client about to connect() anew; its mapping gone, or with any content
/// where the table is kept; at the server nothing, or a connection in any state with any numbers, marks,
/// counters and timers.
std::vector<LeftBehind> left_behind(z3::context& context, const FairRun& run, const FaultSpec& fault);

}  // namespace halfopen
