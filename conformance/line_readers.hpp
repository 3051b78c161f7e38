/// From a line's JSON to what was observed.  Use them through vectors.hpp.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "conformance/vectors.hpp"

namespace halfopen::conformance {

NatSequence read_nat_sequence(const nlohmann::json& json, const Place& place);
EndpointProbe read_probe(const nlohmann::json& json, const Place& place);
EndpointSequence read_endpoint_sequence(const nlohmann::json& json, const Place& place);

}  // namespace halfopen::conformance
