/// A story as a capture that Wireshark opens (pcapng, draft-ietf-opsawg-pcapng).
#pragma once

#include <string>

#include "counterexamples/story.hpp"

namespace halfopen {

/// One interface for each place where one could capture: at each client, on the inside and the outside of
/// each NAT, at each server.  A packet is there at each place that it passes, with real IPv4 and TCP headers,
/// the model's time as its time, and a comment: the step, what the actor made of it, and the rule.
std::string pcapng(const Story& story);

}  // namespace halfopen
