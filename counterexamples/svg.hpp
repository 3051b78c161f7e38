/// A story as a picture: a sequence chart as in a textbook, in SVG.
#pragma once

#include <string>

#include "counterexamples/sequence_layout.hpp"

namespace halfopen {

/// A whole file with its own style, for documents: repetitions folded, remarks beside the rows, light or dark
/// as the viewer prefers.
std::string svg(const Story& story);

/// Parts of it for a page that has its own style sheet: the heads of the lanes, and the chart below them.
/// What belongs to a step carries data-step, a packet also data-end, the step that ends it.
std::string svg_heads(const Story& story, const SequenceLayout& layout);
std::string svg_body(const Story& story, const SequenceLayout& layout);

}  // namespace halfopen
