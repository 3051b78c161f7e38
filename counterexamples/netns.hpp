/// A story as a shell script that plays it with the kernel at hand: network namespaces, real sockets, a real
/// NAT.
#pragma once

#include <string>

#include "counterexamples/story.hpp"

namespace halfopen {

/// As root it makes a namespace for each node, opens the old connections with the story's numbers, strikes
/// with the fault, lets the clients reconnect with the story's ISNs, and removes the namespaces again.  Its
/// last line says whether what the model foresees was seen.  Exit status: 0 seen, 1 not seen, 77 not tried.
std::string netns(const Story& story);

}  // namespace halfopen
