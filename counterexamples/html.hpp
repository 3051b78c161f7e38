/// A story as a page to step through: one file, which loads nothing.
#pragma once

#include <string>

#include "counterexamples/story.hpp"

namespace halfopen {

/// The chart of svg.hpp in both time axes, and beside it what each actor and link holds at each step.
/// Without scripts the chart is still there.
std::string html(const Story& story);

}  // namespace halfopen
