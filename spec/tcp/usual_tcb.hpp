/// A TCB as one expects it in a state: what examples begin with.
#pragma once

#include "spec/tcp/endpoint_step.hpp"
#include "spec/tcp/tcb.hpp"

namespace halfopen {

inline constexpr std::uint32_t usual_rcv_nxt = 1'000'001, usual_snd_nxt = 5'000'001, usual_window = 65'535;

/// Nothing is outstanding but what the state itself says: a SYN or a FIN.  A synchronized connection has
/// carried more than a window each way.
inline ConcreteTcb usual_tcb(TcpState state, std::uint32_t rcv_nxt = usual_rcv_nxt,
                             std::uint32_t snd_nxt = usual_snd_nxt) {
    ConcreteTcb tcb;
    tcb.state = state;
    tcb.rcv_wnd = tcb.max_snd_wnd = usual_window;
    if (state == TcpState::Closed || state == TcpState::Listen) return tcb;
    const std::uint32_t carried = synchronized(state) ? bytes_carried_before : 1;
    tcb.snd_nxt = {snd_nxt, 0};
    tcb.iss = {snd_nxt - carried, 0};
    tcb.snd_una = synchronized(state) ? tcb.snd_nxt : tcb.iss;
    if (tcb.fin_outstanding()) tcb.snd_una = {snd_nxt - 1, 0};
    tcb.active_open = state == TcpState::SynSent;
    if (state == TcpState::SynSent) return tcb;
    tcb.rcv_nxt = tcb.last_ack_sent = {rcv_nxt, 0};
    tcb.irs = {rcv_nxt - carried, 0};
    return tcb;
}

}  // namespace halfopen
