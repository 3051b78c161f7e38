/// What a step says, in words: the same words for every format.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "counterexamples/trace.hpp"

namespace halfopen {

/// One thing to tell of a step: mostly one for each segment that it put on the wire.
struct Remark {
    NodeRef actor;
    std::string packet;  ///< tcpdump notation; empty where none was sent or lost
    bool lost = false;   ///< the packet goes no further
    std::string text;    ///< what is worth saying, or empty
    const Rule* rule = nullptr;
};

/// Empty for steps that only let time pass.
std::vector<Remark> narrate(const Model& model, const Step& step, const World& before, const World& after);

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
/// "SYN_SENT"; of a NAT ">601 SYN_SENT", with the outside port; "-" where there is nothing.  ESTABLISHED is
/// shortened to ESTAB, as ss(8) does.
std::string describe_state(const Model& model, const World& world, const StateColumn& column);

/// 181000 -> "181 s", 8 -> "8 ms", 189008 -> "189.008 s", 7800000 -> "2 h 10 min".
std::string describe_duration(std::uint64_t ms);

}  // namespace halfopen
