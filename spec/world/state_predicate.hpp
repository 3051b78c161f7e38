/// Conditions on a single world, as a scenario file writes them:
///
///   clientA.state = ESTABLISHED and nfs.state(clientA) = none
///   not (headnode.down or link(headnode, nfs) = RST)
///
/// docs/scenario-format.md is the manual.  They ask for states and for what is there, never for numbers, so
/// that worlds that differ only in the names of numbers satisfy the same ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "spec/policy/input_error.hpp"

namespace halfopen {

class Model;
struct Scenario;
struct World;

class StatePredicate {
   public:
    enum class Kind : std::uint8_t {
        And,           ///< of `left` and `right`
        Or,            ///< of `left` and `right`
        Not,           ///< of `left`
        ClientState,   ///< the client's TCB is in state `value`
        Recovered,     ///< the client has its connection back
        Reconnecting,  ///< the client has begun to reconnect
        ServerState,   ///< a TCB of the server is in state `value`; none: it has none
        EntryState,    ///< an entry of the NAT is in state `value`; none: it has none
        NatDown,       ///< the NAT forwards nothing
        OnLink         ///< a segment of class `value` is on its way from `node` to `other`; none: any is
    };
    static constexpr int none = -1;

    struct Term {
        Kind kind = Kind::And;
        std::size_t left = 0, right = 0;  ///< indices of terms
        std::size_t node = 0;   ///< of its kind; of OnLink counted through clients, NATs and servers
        std::size_t other = 0;  ///< OnLink: where to
        int value = none;
        int client = none;       ///< of ServerState and EntryState: whose it is, or none:
        std::uint16_t port = 0;  ///< by outside port
        friend bool operator==(const Term&, const Term&) = default;
    };

    /// Names of nodes are the scenario's.  Throws InputError(place), one line, where it is not a condition.
    static StatePredicate parse(std::string_view text, const Scenario& scenario, const Place& place);

    /// Of a world of that model, which is the scenario's.  Clients that do not take part (scenario.clients)
    /// have no connection anywhere.
    bool holds(const Model& model, const World& world) const;

    const std::string& text() const { return text_; }

   private:
    bool holds(const Model& model, const World& world, std::size_t term) const;

    std::string text_;
    std::vector<Term> terms_;  ///< the last one is the whole
    std::size_t clients_ = 0;  ///< that the scenario lists; fewer may take part
};

}  // namespace halfopen
