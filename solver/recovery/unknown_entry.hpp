/// Conntrack entries of which nothing is known but the invariant: what a NAT that has kept its table can have
/// of a connection, whatever has come by before.
#pragma once

#include <string>
#include <vector>

#include "solver/z3_reading.hpp"
#include "spec/nat/nat.hpp"

namespace halfopen {

/// Whose entry it is.
struct EntryOf {
    Address inside, outside, destination;
};

/// Those that this NAT's entries are ever in.
std::vector<TrackState> entry_states(const Nat& nat);

/// Whether a segment without SYN that meets no entry can make one that is in its handshake (in_handshake()),
/// as pf's rules with `flags any` do.  Then such an entry need not be of a handshake at all.
bool picks_up_in_handshake(z3::context& context, const Nat& nat);

/// Any entry in this state: its numbers and marks are unknown, and its timer shows the most that it may have
/// left.  r: has the oracle that decides marks once they are looked at.  name: tells one entry's unknowns
/// from another's.
ConntrackEntry<Z3Reading> unknown_entry(const Z3Reading& r, const Nat& nat, const EntryOf& of,
                                        TrackState state, const std::string& name = "entry");

/// What is true of its numbers and marks all the same.
z3::expr known_of_entry(Z3Reading& r, const Nat& nat, const ConntrackEntry<Z3Reading>& entry);

}  // namespace halfopen
