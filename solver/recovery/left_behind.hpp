/// What faults can leave behind of one connection: where every proof of recovery begins.
#pragma once

#include <string>
#include <vector>

#include "solver/recovery/connection.hpp"
#include "solver/recovery/server_kind.hpp"

namespace halfopen {

std::vector<ServerKind> server_kinds(const Endpoint& endpoint);
/// "FIN_WAIT_1 with data outstanding"
std::string name_of(const ServerKind& kind);
/// Any connection of that kind: its numbers and counters are unknown, and each timer shows the most that it
/// may have left.
Tcb<Z3Reading> unknown_server(const Z3Reading& r, const FairRun& run, const ServerKind& kind);
/// What is true of the numbers of a server's connection of any kind.
z3::expr known_of_server(Z3Reading& r, const FairRun& run, const Tcb<Z3Reading>& tcb);

/// A connection whose numbers are unknown, and what is known of them all the same.
struct LeftBehind {
    std::string what;  ///< "server in ESTABLISHED"
    Connection connection;
    z3::expr known;  ///< possible_numbers() of each part
    /// Its mapping is left as well, and may be in any of these states (with_entry()); none: it is gone, or
    /// `connection` has it.
    std::vector<TrackState> entries{};
    /// A handshake under way, where the scenario's old connections are past theirs: no connection that is
    /// used can become one (server_invariant()), and no mapping of one (entry_invariant()), so that only a
    /// fault in the middle of a handshake leaves it behind.
    bool half_open = false;
    /// As the scenario's own old connection is, or gone where the table is lost.
    bool own = false;
    /// The NAT's part is not as the fault has left it: whatever can have come by has, since.
    bool since = false;
};

/// Every one that there can be: the client about to connect() anew; at the server nothing, or a connection in
/// any state with any numbers, marks, counters and timers.  Where the table is lost the mapping is gone;
/// where it is kept or restored it is as the fault leaves it, or as anything that came since can have made it
/// (entry_invariant()), or gone again.
std::vector<LeftBehind> left_behind(z3::context& context, const FairRun& run, const FaultSpec& fault);

/// The connection with its mapping in this state, of any age and with any numbers and marks, and what is
/// known of these.  marks: has the oracle that decides about marks.
struct Mapped {
    Connection connection;
    z3::expr known;
};
Mapped with_entry(Z3Reading& marks, const FairRun& run, Connection connection, TrackState state);

/// The same with the client in SYN_SENT: all SYNs so far, any number of them, were lost (at a NAT that was
/// down, or on the way), and the next one is due.  What else may have happened until then has led to
/// something that is left behind as well.  iss: the number that its SYNs have.
Connection in_syn_sent(Z3Reading& r, const FairRun& run, Connection about_to_connect,
                       const Z3Reading::Word& iss);

}  // namespace halfopen
