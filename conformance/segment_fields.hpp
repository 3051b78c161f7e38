/// What the lines about NATs and those about endpoints have in common.
#pragma once

#include "conformance/json_object.hpp"
#include "conformance/vectors.hpp"

namespace halfopen::conformance {

/// flags, seq, ack, win, len and options of the object.
ObservedSegment segment_from(const JsonObject& o);
/// A list of segments that an endpoint sent.
std::vector<ObservedReply> replies_from(const JsonObject& o, const char* key);
/// An object of names, to which the prefix is put, and values; none where it is missing.
Config values_from(const JsonObject& o, const char* key, const std::string& prefix = "");

}  // namespace halfopen::conformance
