/// A story in the Informal Trace Format of Apalache (ADR 015), which its trace explorers and libraries read.
#pragma once

#include <nlohmann/json.hpp>

#include "counterexamples/story.hpp"

namespace halfopen {

/// States: the first world, then that after each step.  Variables: `time_ms`, `action` (the step that led
/// here), `clients`, `nats` and `servers` by name, `links`.  `loop` is where the last state goes on.
nlohmann::ordered_json itf(const Story& story);

}  // namespace halfopen
