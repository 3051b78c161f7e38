/// A trace for a terminal: one line a packet, the state of each actor beside it, repetitions folded.
#pragma once

#include <string>

#include "counterexamples/story.hpp"
#include "counterexamples/trace.hpp"

namespace halfopen {

struct ChartOptions {
    bool color = false;
    bool fold = true;    ///< fold rounds that repeat the same packets
    bool brief = false;  ///< only clients that stay behind; remarks only where no state says it; no rule ids
    std::size_t width = 0;  ///< cut lines off after so many columns; 0: never
};

std::string chart(const Model& model, const Trace& trace, const ChartOptions& options = {});
/// brief has no effect here.
std::string chart(const Story& story, const ChartOptions& options = {});

}  // namespace halfopen
