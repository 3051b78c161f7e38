#include "conformance/kernel_states.hpp"

#include <algorithm>

namespace halfopen::conformance {

std::string_view kernel_name(TcpState state) {
    switch (state) {
        case TcpState::Closed:
        case TcpState::Listen:
            return "NONE";
        case TcpState::SynReceived:
            return "SYN_RECV";
        case TcpState::FinWait1:
            return "FIN_WAIT1";
        case TcpState::FinWait2:
            return "FIN_WAIT2";
        default:
            return to_string(state);
    }
}

std::optional<TcpState> state_named(std::string_view name) {
    const auto found = std::find(tcp_state_names.begin(), tcp_state_names.end(), name);
    if (found == tcp_state_names.end()) return std::nullopt;
    return static_cast<TcpState>(found - tcp_state_names.begin());
}

}  // namespace halfopen::conformance
