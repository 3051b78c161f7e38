#pragma once

#include <array>
#include <string_view>

#include "spec/nat/conntrack_entry.hpp"

namespace halfopen {

/// Of SideState, in its order: the kernels' TCPS_ names, as far as there is one.
inline constexpr std::array<std::string_view, side_state_count> side_names{
    "CLOSED", "ACKED", "SYN_SENT", "ESTABLISHED", "CLOSING", "FIN_WAIT_2", "TIME_WAIT"};

}  // namespace halfopen
