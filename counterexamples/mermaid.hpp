/// A story as a Mermaid sequence diagram, which GitHub, GitLab and many wikis draw from text.
#pragma once

#include <string>

#include "counterexamples/story.hpp"

namespace halfopen {

/// `sequenceDiagram …`, to be put between ```mermaid and ```.  Repetitions are folded and the endless part of
/// a lasso stands in a `loop` frame.
std::string mermaid(const Story& story);

}  // namespace halfopen
