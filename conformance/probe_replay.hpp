/// One probe against a policy.  Use it through endpoint_replay.hpp.
#pragma once

#include "conformance/vectors.hpp"
#include "conformance/verdict.hpp"
#include "spec/tcp/endpoint.hpp"

namespace halfopen::conformance {

std::optional<Disagreement> judge_probe(const Endpoint& endpoint, const EndpointProbe& probe, Tally& tally);

}  // namespace halfopen::conformance
