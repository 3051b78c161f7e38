/// What one endpoint gets and answers in a story, as a packetdrill script (github.com/google/packetdrill).
#pragma once

#include <string>

#include "counterexamples/story.hpp"

namespace halfopen {

/// A test of the client or server `node` alone: packetdrill plays everybody else.  It ends where the first
/// connection does that the story is about: a script has one connection.
std::string packetdrill(const Story& story, std::size_t node);

}  // namespace halfopen
