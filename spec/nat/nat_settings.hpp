/// A NAT policy's parameters as plain values.
#pragma once

#include <array>
#include <cstdint>

#include "spec/nat/conntrack_entry.hpp"
#include "spec/nat/port_search.hpp"
#include "spec/policy/policy.hpp"

namespace halfopen {

/// How sequence numbers are judged.
enum class WindowModel : std::uint8_t {
    Conntrack,  ///< tcp_in_window() (window.hpp)
    Pf,         ///< pf_tcp_track_full() and what descends from it (pf_window.hpp)
    None,
};

/// Which resets pf accepts.
enum class ResetMatch : std::uint8_t {
    InWindow,     ///< any in window (FreeBSD's pf where no scrub rule reassembles)
    Next,         ///< one off the highest number seen at most
    NextOrExact,  ///< … or RST,ACK in window with exactly the right acknowledgement (OpenBSD)
};

struct NatSettings {
    bool be_liberal = false;
    bool ignore_invalid_rst = false;
    bool loose = true;
    bool no_window_check = false;
    std::uint8_t max_retrans = 3;
    std::array<std::uint32_t, track_state_count> timeouts{};  ///< by TrackState, ms
    std::uint32_t timeout_max_retrans = 0;
    std::uint32_t timeout_unacknowledged = 0;

    PortChoiceSettings ports;
    bool invalid_leaks = true;
    bool input_answers = true;
    bool syn_sent_refresh = true;

    bool reinitialise_on_syn_only = false;
    bool lower_bound_needs_receiver = false;
    bool first_packet_by_td_end = true;
    bool below_window_ignored = false;
    bool ack_lower_bound_strict = false;
    bool pure_ack_by_ack_only = false;
    bool unknown_receiver_learns = false;
    bool keepalive_teaches = false;
    bool maxack = false;
    bool unacknowledged_data = false;
    bool unacknowledged_pick_up = false;
    bool zero_window_shortens = false;
    bool reset_shortens = false;
    bool accept_remembers_direction = true;
    bool resynchronise_keeps_liberal = false;
    bool reset_initiates_close = false;

    WindowModel window_model = WindowModel::Conntrack;
    ResetMatch reset_match = ResetMatch::InWindow;
    bool fin_past_window = false;
    bool first_packet_by_side = false;
    bool first_packet_any_ack = false;
    bool unknown_peer_any_ack = false;
    bool packet_memory = true;
    bool side_states = false;
    bool sloppy = false;
    bool expiry_resets = false;

    /// Whether sequence numbers are in its entries at all.
    bool keeps_numbers() const { return window_model != WindowModel::None || expiry_resets; }
    std::uint32_t timeout(TrackState s) const { return timeouts[static_cast<std::size_t>(s)]; }
};

NatSettings nat_settings(const Policy& policy);

}  // namespace halfopen
