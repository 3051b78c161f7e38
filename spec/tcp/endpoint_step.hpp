/// An endpoint's policy made ready, and what one event brings about.
#pragma once

#include <boost/container/static_vector.hpp>
#include <cstdint>
#include <string_view>

#include "spec/policy/decision_table.hpp"
#include "spec/policy/policy.hpp"
#include "spec/tcp/endpoint_settings.hpp"
#include "spec/tcp/segment.hpp"

namespace halfopen {

/// A bound policy.  Immutable: steps point at its rules, so it must outlive them and cannot be copied.
class Endpoint {
   public:
    explicit Endpoint(Policy policy);
    Endpoint(const Endpoint&) = delete;
    Endpoint& operator=(const Endpoint&) = delete;
    Endpoint(Endpoint&&) = default;
    Endpoint& operator=(Endpoint&&) = default;
    ~Endpoint() = default;

    const Policy& policy() const { return policy_; }
    const DecisionTable& table() const { return table_; }
    const EndpointSettings& settings() const { return settings_; }

   private:
    Policy policy_;
    DecisionTable table_;
    EndpointSettings settings_;
};

/// What a connection made by established() has sent without an acknowledgment, and carried each way before.
inline constexpr std::uint32_t outstanding_bytes = 100;
inline constexpr std::uint32_t bytes_carried_before = 100'000;

/// What the application is told.  Closed with the TCB in CLOSE_WAIT is the end of file that the peer's FIN
/// stands for: the application is then expected to close().
enum class ConnectionEvent : std::uint8_t { None, Established, Refused, Reset, TimedOut, Closed };
std::string_view to_string(ConnectionEvent event);

template <class R>
struct EndpointStep {
    boost::container::static_vector<Segment<R>, 4> sent;  ///< in order
    const Rule* rule = nullptr;                           ///< the rule that fired; null for timers and calls
    std::string_view reason;  ///< why, where no rule fired, e.g. "SYN retransmission timeout"
    ConnectionEvent event = ConnectionEvent::None;
    /// A new connection would be opened and no ISN was given.  Nothing has been changed: ask again with one.
    bool needs_isn = false;
    /// tcp_tw_recycle: the host is to remember the connection's TS.Recent as the peer address's newest.
    bool remembers_peer = false;
};

}  // namespace halfopen
