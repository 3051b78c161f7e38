/// An entry whose sides are known, and what becomes of a segment that meets it, in one word.
#pragma once

#include <array>
#include <string>

#include "tests/spec/nat/nat_fixture.hpp"

namespace halfopen::test {

inline constexpr std::uint32_t own = 0x1000'0000;   ///< what the client would send next
inline constexpr std::uint32_t peer = 0x7000'0000;  ///< what the server would send next
inline constexpr std::uint16_t pair_port = 903;

inline constexpr std::array columns{TrackState::None,        TrackState::SynSent,  TrackState::SynRecv,
                                    TrackState::Established, TrackState::FinWait,  TrackState::CloseWait,
                                    TrackState::LastAck,     TrackState::TimeWait, TrackState::Close,
                                    TrackState::SynSent2};
inline constexpr std::array<const char*, columns.size()> short_names{"NO", "SS", "SR", "ES", "FW",
                                                                     "CW", "LA", "TW", "CL", "S2"};
inline const char* short_name(TrackState state) { return short_names[static_cast<std::size_t>(state)]; }

/// A side that has sent up to `next`, was granted 60,000 octets more and grants as many.
inline Peer<ConcreteReading> known_side(ConcreteReading& r, std::uint32_t next) {
    return {r.literal(next), r.literal(next + 60'000), r.literal(0), r.size(60'000)};
}

/// An entry in `state` after a connection whose numbers ran up to own and peer.
inline Network in_state(const std::string& era, TrackState state, Overrides overrides = {}) {
    Network network(era, overrides);
    if (state == TrackState::None) return network;
    Entry e = new_entry(network.reading, client, Address{nat_ip, pair_port}, server);
    e.state = state;
    e.timeout = 5000;
    e.peers[original] = known_side(network.reading, own);
    if (state != TrackState::SynSent) {
        e.peers[reply] = known_side(network.reading, peer);
        e.seen_reply = true;
    }
    if (era == "linux-2.6.18" && state == TrackState::SynSent) e.peers[reply].td_maxwin = 1;
    insert(network.table, e);
    return network;
}

}  // namespace halfopen::test
