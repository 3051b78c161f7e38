/// Traces as JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "counterexamples/trace.hpp"

namespace halfopen {

/// One element a step: time in ms, actor, kind, the segment as numbers, what was sent, the rule, and the
/// states after.
nlohmann::ordered_json trace_to_json(const Model& model, const Trace& trace);
nlohmann::ordered_json segment_to_json(const ConcreteSegment& segment);
/// The run with its topology, fault, columns and initial states: what story.hpp reads.
nlohmann::ordered_json story_to_json(const Model& model, const Trace& trace);

}  // namespace halfopen
