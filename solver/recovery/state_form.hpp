/// What a proof of recovery knows a state by: two runs that have come to the same form go on alike.
///
/// Attempts draw ever new numbers, so that no state would come again if it were told by their names.  In a
/// form they are named by where they stand in the connection, and of what the path has found out about
/// numbers only that is kept which has to do with those that are there.
#pragma once

#include <z3++.h>

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "solver/recovery/connection.hpp"

namespace halfopen {

struct StateForm {
    std::vector<std::uint64_t> shape;  ///< all of the connection but how long the timers that run have left
    std::vector<std::int64_t> times;   ///< TimerZone::bounds()
    std::vector<unsigned> facts;       ///< known of its numbers, sorted

    friend bool operator==(const StateForm&, const StateForm&) = default;
};

/// Every run from `inner` is one from `outer` as well: its numbers and its timers are so much more certain.
bool within(const StateForm& inner, const StateForm& outer);

/// What drawn numbers are called: the role and which one it is.  Others are not renamed.
std::string drawn_name(const std::string& role, std::size_t which);

/// Facts of a path that share an unknown with these terms, directly or through others, in order.
using RelatedFacts = std::function<std::vector<z3::expr>(const std::vector<z3::expr>& terms)>;

/// Forms of one context, which can be compared with each other.
class StateForms {
   public:
    explicit StateForms(z3::context& context) : context_(context) {}
    StateForm of(const Connection& connection, const RelatedFacts& related);

   private:
    struct Renaming;
    unsigned number_of(const z3::expr& term);
    void learn(Renaming& renaming, const z3::expr& term);
    z3::expr renamed(const Renaming& renaming, const z3::expr& term);

    z3::context& context_;
    std::vector<z3::expr> kept_;  ///< so that no term's number is used again
    std::unordered_map<unsigned, bool> known_;
};

}  // namespace halfopen
