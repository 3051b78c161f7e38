/// A world in words, for those who have to see what a certificate lied about.
#pragma once

#include <string>

#include "spec/numbers/comparison.hpp"
#include "spec/world/model.hpp"
#include "spec/world/world.hpp"

namespace halfopen::verifier {

/// A line for each host, mapping and segment on its way, each indented by two spaces.
std::string describe(const Model& model, const World& world);

/// "ISN of clientA - RCV.NXT of clientA's old connection + 5 = 0"
std::string describe(const Model& model, const Comparison& comparison);

}  // namespace halfopen::verifier
