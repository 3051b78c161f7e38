/// A policy's parameters as a plain struct, so that nothing looks a name up while a model runs.
#pragma once

#include <cstdint>
#include <vector>

#include "spec/policy/policy.hpp"

namespace halfopen {

enum class KeepaliveRefresh : std::uint8_t { ValidSegment, AnySegment };
enum class IsnSource : std::uint8_t { Random, Clock };
enum class LocalPort : std::uint8_t { Same, Next, Random };

/// Times in ms.  The meaning of each is in endpoint_vocabulary(), under the parameter's name.
struct EndpointSettings {
    bool keepalive = false;
    std::uint32_t keepalive_idle = 0;
    std::uint32_t keepalive_interval = 0;
    std::uint32_t keepalive_count = 0;
    bool keepalive_reset = false;
    KeepaliveRefresh keepalive_refresh = KeepaliveRefresh::ValidSegment;
    std::uint32_t idle_close = 0;  ///< 0: never

    /// Gap i is waited for after transmission i; after the last one the endpoint gives up.  An empty list
    /// sends once and waits for ever.
    std::vector<std::uint32_t> syn_retransmit;
    bool syn_never_gives_up = false;
    std::uint32_t quick_syn = 0;  ///< 0: not done
    std::vector<std::uint32_t> synack_retransmit;
    std::vector<std::uint32_t> data_retransmit;
    std::vector<std::uint32_t> crossed_syn_retransmit;  ///< syn_retransmit where the policy gives none
    std::vector<std::uint32_t> late_syn_retransmit;     ///< synack_retransmit where the policy gives none
    std::vector<std::uint32_t> unmeasured_retransmit;   ///< empty: none of its own
    std::vector<std::uint32_t> orphan_retransmit;       ///< data_retransmit where the policy gives none
    bool retransmits_for_ever = false;                  ///< SYN-ACK, data and FIN
    bool partial_ack_restarts_timer = true;
    bool keeps_backoff = false;
    bool data_timeout_reset = false;

    std::uint32_t time_wait = 0;
    std::uint32_t fin_wait_2 = 0;
    /// At most challenge_count limited ACKs in challenge_window; window 0: no limit.
    std::uint32_t challenge_window = 0;
    std::uint32_t challenge_count = 0;

    bool insecure_syn = false;
    bool insecure_rst = false;
    bool tcp_rfc1337 = false;
    std::uint32_t rcv_wnd = 0;
    IsnSource isn_source = IsnSource::Random;
    std::uint32_t isn_clock_per_ms = 0;
    LocalPort port_choice = LocalPort::Same;  ///< of each new connect()
    bool timestamps = false;
    bool old_ack_timestamp = true;
    bool syn_ack_repeats_timestamp = false;
    bool keeps_syn_timestamps = false;  ///< a rule or the flag above asks for what our SYNs carried
    bool header_prediction = false;
    bool zero_window_updates = false;
    bool application_reads = true;
    bool tcp_tw_recycle = false;
    std::uint32_t tw_recycle_timeout = 0;
};

/// Throws InputError where the parameters contradict each other.
EndpointSettings read_endpoint_settings(const Policy& policy);

}  // namespace halfopen
