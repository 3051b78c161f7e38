/// Which of conntrack's states a NAT has: VigNAT knows flows only, pf no CLOSE_WAIT.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "spec/nat/conntrack_entry.hpp"
#include "spec/policy/policy.hpp"

namespace halfopen {

/// Bit i: an entry is at some time in vocabulary state i, because there is none yet or because a rule enters
/// it.
std::uint32_t entered_states(const Policy& nat);

/// What there is to say to somebody who asks for an entry in a state that it is never in, with those that it
/// has.
std::optional<std::string> why_never_in(const Policy& nat, TrackState state);

}  // namespace halfopen
