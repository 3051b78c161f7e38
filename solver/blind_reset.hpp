/// What a policy costs in security: how many spoofed segments an off-path attacker needs to end an
/// established connection.
///
/// The attacker knows both addresses and ports, sends in the peer's name and sees no answer; of the
/// connection's numbers he knows nothing (RFC 5961 §1).  Whatever the policy does with a segment is found out
/// from the endpoint's own step function, for all values of its sequence number, acknowledgement number and
/// time stamp.
///
///   const BlindResetExposure exposure = blind_reset_exposure(Endpoint(library.load(PolicyKind::Endpoint,
///   "rfc9293"))); exposure.expected();  // 2147483648.5: a reset with exactly RCV.NXT (RFC 5961 §3.2)
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "solver/spoofed_segment.hpp"
#include "spec/numbers/arc.hpp"
#include "spec/tcp/endpoint.hpp"

namespace halfopen {

/// Segments of one kind.  Each of them whose numbers lie in the three arcs ends the connection.
struct BlindAttack {
    std::uint8_t flags = 0;
    std::uint32_t length = 0;                     ///< of its data: 0 or spoofed_length
    TimestampUse timestamps = TimestampUse::Off;  ///< Missing: a segment without, on a connection with
    ConnectionEnd end = ConnectionEnd::Deleted;
    Arc seq;                         ///< of SEG.SEQ - RCV.NXT; everything: not looked at
    Arc ack;                         ///< of SEG.ACK - SND.NXT
    Arc stamp;                       ///< of SEG.TSval - TS.Recent
    std::vector<std::string> rules;  ///< by which it does
    double expected = 0;             ///< segments, on average, stepping by the arcs' sizes
    double at_most = 0;              ///< so many certainly suffice
    /// No order of segments of this kind needs fewer on average: a bound by how many numbers each can hit.
    double at_least = 0;
};

struct BlindResetExposure {
    /// The best one for each set of flags and each end that it can bring about; cheapest first.  Empty where
    /// no segment ends the connection.
    std::vector<BlindAttack> attacks;
    std::size_t kinds = 0;  ///< of segments that were looked into
    std::size_t paths = 0;  ///< through the step function, which Z3 found possible, over all kinds

    /// Segments of the cheapest attack.
    double expected() const {
        return attacks.empty() ? std::numeric_limits<double>::infinity() : attacks.front().expected;
    }
};

/// Of an idle connection in ESTABLISHED that has carried more than a window each way; its receive window is
/// the policy's.  With timestamps in the policy the connection has them.
///
/// The arcs come from the comparisons that runs with real numbers make.  That they are right is then proved
/// with Z3 without them, for every kind and all numbers of connection and segment: inside the arcs' boxes the
/// connection always ends in that way, outside it never does.  std::logic_error where that fails.
BlindResetExposure blind_reset_exposure(const Endpoint& endpoint);

}  // namespace halfopen
