/// Replays what a NAT did on a NAT policy.
#pragma once

#include <map>

#include "conformance/vectors.hpp"
#include "conformance/verdict.hpp"
#include "spec/nat/nat.hpp"
#include "spec/tcp/endpoint.hpp"

namespace halfopen::conformance {

/// The recording's network: clients in 10.1.0.0/24, the NAT's outside address 192.0.2.1, the server
/// 192.0.2.2:2049.
class NatReplayer {
   public:
    /// host: the TCP of the NAT itself, which answers what is delivered to it.
    NatReplayer(Policy policy, Policy host);

    CaseVerdict replay(const NatSequence& sequence);

   private:
    const Nat& configured(const NatSequence& sequence);

    Policy policy_;
    Endpoint host_;
    std::map<Config, Nat> nats_;
};

}  // namespace halfopen::conformance
