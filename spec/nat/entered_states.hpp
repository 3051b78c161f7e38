/// Which of conntrack's states a NAT has: VigNAT knows flows only, pf no CLOSE_WAIT.
#pragma once

#include <cstdint>

#include "spec/policy/policy.hpp"

namespace halfopen {

/// Bit i: an entry is at some time in vocabulary state i, because there is none yet or because a rule enters
/// it.
std::uint32_t entered_states(const Policy& nat);

}  // namespace halfopen
