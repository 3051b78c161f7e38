/// Checks a certificate: a proof of a verdict that was found by a search, read by something that does not
/// search.
///
/// The verifier computes each step with the world's plain step functions, every order of events, no two steps
/// merged.  It establishes by itself that
///  - each initial state, and each successor of each state listed, is listed: nothing is left out;
///  - each state listed is reached from one listed before it: no byte of the file is taken for a state before
///    the verifier has come upon the very same bytes;
///  - the numbers that a state bears follow from its successors' alone (docs/certificate-format.md says which
///    and why they prove the verdict);
///  - the path can be run step by step with real numbers;
///  - the cells of fresh numbers are fine enough for every comparison made on the way.
///
/// Its own memory does not grow with the number of states, but for what the canonical form of numbers
/// remembers; the file is mapped, not read.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include "spec/world/model.hpp"
#include "verifier/certificate.hpp"

namespace halfopen::verifier {

/// The first thing found that is not true.
struct Lie {
    std::string what;   ///< one line
    std::string state;  ///< where: lines with an end each; empty where it is about no state
};

struct Verification {
    bool interrupted = false;
    std::optional<Lie> lie;         ///< none: all is true
    std::uint64_t states = 0;       ///< looked at
    std::uint64_t transitions = 0;  ///< computed
};

/// model: of the question that the certificate answers; what files it depends on is for the caller to compare
/// (fingerprint.hpp).  Stops, with `interrupted`, when asked to.
Verification verify(const Certificate& certificate, const Model& model, std::stop_token stop = {});

}  // namespace halfopen::verifier
