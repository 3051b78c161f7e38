/// What happened between two worlds: the label of a transition, complete enough to tell the story from.
#pragma once

#include <boost/container/static_vector.hpp>
#include <cstdint>
#include <optional>
#include <string_view>

#include "spec/nat/nat.hpp"
#include "spec/numbers/cells.hpp"
#include "spec/tcp/endpoint.hpp"
#include "spec/world/client_permutation.hpp"
#include "spec/world/model.hpp"

namespace halfopen {

/// A choice that the environment made, with its share of all that it could have chosen.
struct Draw {
    enum class Kind : std::uint8_t { Isn, LocalPort, OutsidePort };
    Kind kind = Kind::Isn;
    OriginRole role = 0;      ///< of an ISN
    std::uint32_t value = 0;  ///< the ISN or the port
    std::uint64_t share = 1;  ///< how many of `of` this choice stands for
    std::uint64_t of = 1;     ///< 2^32 for an ISN
    bool corner = false;
};

/// A segment put on a link, or one that found no way.
struct Emission {
    ConcreteSegment segment;
    LinkIndex link = no_link;  ///< no_link: nobody on the way owns its destination
};

/// Bits of Step::tags: side properties, and what the analyses leave in or out.
namespace tag {
inline constexpr std::uint8_t corner = 0x01;      ///< a number was drawn from a corner
inline constexpr std::uint8_t leak = 0x02;        ///< a segment left untranslated
inline constexpr std::uint8_t cross = 0x04;       ///< a segment of one connection changed another's state
inline constexpr std::uint8_t collateral = 0x08;  ///< a healthy connection was killed
inline constexpr std::uint8_t attempt = 0x10;     ///< a client drew numbers for a new connect()
inline constexpr std::uint8_t chance = 0x20;      ///< something was drawn: the step has a probability
inline constexpr std::uint8_t moved = 0x40;       ///< interchangeable clients have changed places
}  // namespace tag

struct Step {
    enum class Kind : std::uint8_t {
        Fault,         ///< the scenario's fault strikes `node`, or a later one that is not Evict
        NatUp,         ///< `node` forwards again
        Time,          ///< `elapsed` ms pass
        Connect,       ///< client `node` calls connect()
        Write,         ///< client `node` writes to the connection that it has kept
        Timer,         ///< `timer` of a connection of `node` expires
        EntryExpires,  ///< conntrack entries of `node` time out
        Deliver,       ///< `segment` reaches `node`
        Lose,          ///< `segment` is lost on its way to `node`
        Duplicate,     ///< `segment` will reach `node` twice
        Evict          ///< `node` loses one of its mappings: a later fault
    };
    Kind kind = Kind::Time;
    NodeRef node;
    std::uint8_t tag_bits = 0;
    std::uint32_t elapsed = 0;  ///< ms
    bool counts =
        false;  ///< the time counts as recovery: no NAT is down after the fault, and a client has begun to reconnect
    TcpTimer timer = TcpTimer::Retransmit;
    LinkIndex link = no_link;  ///< that `segment` came over
    std::optional<ConcreteSegment> segment;
    boost::container::static_vector<Emission, 20> sent;  ///< a NAT may reset both ends of 8 connections
    const Rule* rule = nullptr;                          ///< that decided; null where none was asked
    const Rule* host_rule = nullptr;                     ///< by which the NAT host's own TCP answered
    std::string_view reason;
    ConnectionEvent event = ConnectionEvent::None;
    std::optional<NatOutcome> outcome;  ///< what a NAT did with `segment`
    bool ignored = false;               ///< conntrack let it through without tracking it
    bool nat_is_down = false;
    boost::container::static_vector<Draw, 3> draws;
    ClientPermutation
        places;  ///< what happened is told of the world before; in that after, clients stand here

    std::uint32_t duration() const { return counts ? elapsed : 0; }
    std::uint8_t tags() const {
        return draws.empty() ? tag_bits : static_cast<std::uint8_t>(tag_bits | tag::chance);
    }
};

}  // namespace halfopen
