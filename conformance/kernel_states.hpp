/// TCP states as ss(8) of Linux prints them, against those of RFC 9293.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "spec/tcp/tcb.hpp"

namespace halfopen::conformance {

/// NONE: no socket for the four numbers, be there a listener or not.
inline constexpr std::array<std::string_view, 10> kernel_state_names{
    "NONE",      "SYN_SENT",   "SYN_RECV", "ESTABLISHED", "FIN_WAIT1",
    "FIN_WAIT2", "CLOSE_WAIT", "CLOSING",  "LAST_ACK",    "TIME_WAIT"};

std::string_view kernel_name(TcpState state);
/// The state that RFC 9293 calls so.
std::optional<TcpState> state_named(std::string_view name);

}  // namespace halfopen::conformance
