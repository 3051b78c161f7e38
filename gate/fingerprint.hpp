/// What a policy does, as text: two policies with the same text behave alike in every scenario.
#pragma once

#include <string>
#include <string_view>

#include "spec/world/model.hpp"

namespace halfopen::gate {

/// Rules and parameters without ids, sources, remarks and places.
std::string behaviour_text(const Policy& policy);
/// Of every policy that the model runs, with the parameters that it gives it.
std::string behaviour_text(const Model& model);
/// Ids of the rules, in order: they appear in traces.
std::string rule_names(const Model& model);

/// 16 hexadecimal digits (FNV-1a), the same everywhere and for ever.
std::string fingerprint(std::string_view text);

}  // namespace halfopen::gate
