/// Replays what an endpoint did on an endpoint policy.
#pragma once

#include <map>

#include "conformance/vectors.hpp"
#include "conformance/verdict.hpp"
#include "spec/tcp/endpoint.hpp"

namespace halfopen::conformance {

class EndpointReplayer {
   public:
    explicit EndpointReplayer(Policy policy) : policy_(std::move(policy)) {}

    /// One segment on a connection that was brought into its state by hand.  Retransmissions of the
    /// endpoint's own segments that happened to fall into the recording are left out.
    CaseVerdict replay(const EndpointProbe& probe);

    /// A connection from its first segment on.  What a policy leaves to the environment is taken from the
    /// recording: a fresh ISN, the receive window, and when exactly a timer fires; that it fires, within the
    /// recording's rounding, is judged.
    CaseVerdict replay(const EndpointSequence& sequence);

   private:
    const Endpoint& configured(const Config& config);

    Policy policy_;
    std::map<Config, Endpoint> endpoints_;
};

}  // namespace halfopen::conformance
