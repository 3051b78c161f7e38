/// How the attempts of a client to get its connection back can end: which fresh numbers lose, and how likely
/// an attempt is to get through.
#pragma once

#include <optional>
#include <vector>

#include "check/followed_client.hpp"

namespace halfopen {

/// By client and connection met; only where some number loses.  Where the exploration has corners
/// (Corners::One) the counts are exact to the single number; otherwise corners count as not losing.
std::vector<LosingNumbers> losing_numbers(FollowedClients& followed);

/// By client, whatever its SYN meets: for which numbers of an attempt it never has its connection back,
/// although it may come as far as to believe itself connected.  Told by the distance from the SND.NXT of its
/// own old connection (LosingNumbers::meets_old_connection is false).
std::vector<LosingNumbers> trapped_numbers(FollowedClients& followed);

/// As in CheckResult.  A Markov decision process: draws are chance, the order of events is the adversary's.
std::optional<double> escape_per_attempt(FollowedClients& followed);

}  // namespace halfopen
