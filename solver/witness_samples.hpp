/// Segments drawn at random that lie where predicates change their answers: beside the numbers that they are
/// compared with, and a window away.  A question that one of them answers need not be put to Z3.
#pragma once

#include <random>

#include "solver/policy_case.hpp"
#include "spec/nat/entry_invariant.hpp"

namespace halfopen {

/// The same draws in every run and with every library.
using SampleDraws = std::mt19937;

/// Not every one is possible (spec/tcp/tcb_invariant.hpp, spec/nat/entry_invariant.hpp).
PolicyWitness sample_for_endpoint(const PolicyCase& at, SampleDraws& draws);
PolicyWitness sample_for_nat(const PolicyCase& at, const NatSettings& settings, const EntryMarks& marks,
                             SampleDraws& draws);

}  // namespace halfopen
