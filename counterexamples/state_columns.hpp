/// Who is in which state, as the columns of a chart or table have it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "counterexamples/trace.hpp"

namespace halfopen {

/// One column of a chart: an endpoint, what a NAT holds for a client, or what a NAT or a server holds for an
/// outside port.
struct StateColumn {
    std::string title;
    NodeRef node;
    std::uint8_t client = nobody;    ///< of a client, or of a NAT that it sits behind
    std::uint16_t outside_port = 0;  ///< of a server, or of a NAT behind whom other NATs sit
};
/// Clients, NATs and servers, in the order of the scenario.  A NAT has a column for each client that sits
/// directly behind it; a server, and a NAT for what comes from other NATs, one for each outside port that
/// occurs in the trace.
std::vector<StateColumn> state_columns(const Model& model, const Trace& trace);

/// "SYN_SENT"; of a NAT ">601 SYN_SENT", with the outside port; "-" where there is nothing.  States
/// have their short_name().
std::string describe_state(const Model& model, const World& world, const StateColumn& column);

/// ESTABLISHED is shortened to ESTAB, as ss(8) does; other states keep their names.
std::string short_name(std::string_view state);

}  // namespace halfopen
