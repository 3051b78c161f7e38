/// The blind-reset exposure of an endpoint's policy in words and as JSON.
#pragma once

#include <string>

#include "policy_report/words.hpp"
#include "solver/blind_reset.hpp"

namespace halfopen {

/// "1", "32768.5", "2.94 million", "2.15 billion", "6.3e15"; "none" where no number of segments does it.
std::string segment_count(double expected);
/// "SYN with SEG.SEQ - RCV.NXT in [0, 65536)", "SYN with any numbers".
std::string attack_text(const BlindAttack& attack);
/// A line for each attack, cheapest first, below a line that says what is counted.
std::string exposure_text(const BlindResetExposure& exposure);
/// Of all attacks.  Figures that are infinite are null.
ReportJson exposure_json(const BlindResetExposure& exposure);

}  // namespace halfopen
