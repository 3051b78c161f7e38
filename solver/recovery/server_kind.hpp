/// What a server can have of an old connection, as far as it is no number.
#pragma once

#include "spec/tcp/tcb.hpp"

namespace halfopen {

/// As possible_flags() of tcb_invariant.hpp has it, for connections that a listener made and whose
/// application closes when its peer has.
struct ServerKind {
    TcpState state = TcpState::Established;
    bool orphan = false;
    bool data = false;             ///< sent and not acknowledged
    bool syn_outstanding = false;  ///< no acknowledgement of the SYN-ACK has been looked at
    bool handed_over = false;

    friend bool operator==(const ServerKind&, const ServerKind&) = default;
};

template <class R>
ServerKind kind_of(const Tcb<R>& tcb) {
    return {tcb.state, tcb.orphan, tcb.unacked_data > 0, tcb.syn_outstanding, tcb.handed_over};
}

}  // namespace halfopen
