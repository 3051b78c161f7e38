/// Draws a sequence chart: lanes, packets from where they are sent to where they end, states that change.
#pragma once

#include <string>

#include "counterexamples/sequence_layout.hpp"
#include "counterexamples/story.hpp"

namespace halfopen {

/// What lies between the tags of an SVG of the layout's size.
std::string paint(const Story& story, const SequenceLayout& layout);

}  // namespace halfopen
