/// Runs a certificate's path step by step.
#pragma once

#include <optional>
#include <vector>

#include "spec/world/world_system.hpp"
#include "verifier/certificate.hpp"
#include "verifier/verifier.hpp"

namespace halfopen::verifier {

struct PathRun {
    std::optional<Lie> lie;
    World end;  ///< in canonical form; where there is no lie
};

/// From an initial world, each time to a successor whose canonical form is the path's next state.  Numbers
/// are not renamed on the way, so the steps make one run that fits together.  Where there is a loop it has to
/// close, and to take time (unbounded) or none (storm).
///
/// system: one for this alone.  What a single run of real numbers compares says nothing about other runs, and
/// need not be in the certificate.
PathRun run_path(WorldSystem system, const Certificate& certificate);

}  // namespace halfopen::verifier
