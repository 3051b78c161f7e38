/// What a proof of recovery knows a state by: two runs that have come to the same form go on alike.
///
/// Attempts draw ever new numbers, so that no state would come again if it were told by their names.  In a
/// form they are named by where they stand in the connection, and of what the path has found out about
/// numbers only that is kept which has to do with those that are there.
#pragma once

#include <z3++.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "solver/recovery/connection.hpp"
#include "solver/recovery/hash_of_numbers.hpp"

namespace halfopen {

/// Of a state's numbers and timers.
struct Known {
    std::vector<std::int64_t> times;  ///< TimerZone::bounds()
    std::vector<unsigned> facts;      ///< sorted

    friend bool operator==(const Known&, const Known&) = default;
};

struct StateForm {
    /// All of the connection but how long the timers that run have left, of which it has what is known
    /// exactly.
    std::vector<std::uint64_t> shape;
    Known known;
};

/// The same but for the timers.
bool facts_within(const Known& inner, const Known& outer);

/// Of two states of one shape: every run from `inner` is one from `outer` as well, because so much more is
/// known of its numbers and its timers.
bool within(const Known& inner, const Known& outer);

/// What drawn numbers are called: the role and which one it is.  Others are not renamed.
std::string drawn_name(const std::string& role, std::size_t which);

/// A connection on a path, before anything is said of its numbers.
struct NamedState {
    std::vector<std::uint64_t> shape;
    /// The shape, but for what is known of timers and how many connect()s have failed.
    std::vector<std::uint64_t> but_for_times;
    std::vector<std::int64_t> times;
    std::vector<z3::expr> terms;  ///< the connection's numbers
    /// Drawn numbers, and their names in a form.
    struct Names {
        std::vector<std::size_t> of_role;  ///< how many there are, by role (StateForms)
        std::vector<z3::expr> from, to;
        std::vector<unsigned> from_number, to_number;  ///< of these terms
    } names;
};

/// Forms of one context, which can be compared with each other.
class StateForms {
   public:
    explicit StateForms(z3::context& context) : context_(context) {}
    NamedState named(const Connection& connection);
    /// known: what the path has found out that has to do with its terms.
    StateForm form(NamedState state, const std::vector<z3::expr>& known);

    /// From now on wanted() of states like this one has this fact of the state's numbers, whatever their
    /// timers and however many connect()s have failed.  False where it has had it before.
    bool want(const NamedState& state, const z3::expr& fact);
    std::vector<z3::expr> wanted(const NamedState& state) const;

   private:
    /// In the order in which they are first met.
    struct DrawnNumber {
        z3::expr term;
        unsigned number;
        std::size_t role;
    };
    const std::vector<DrawnNumber>& drawn_numbers_in(const z3::expr& term);
    std::size_t role_of(const z3::expr& drawn);
    const DrawnNumber& name(std::size_t role, std::size_t which);
    void learn(NamedState::Names& names, const z3::expr& term);
    /// Of the term with the names of a form.
    unsigned number_of_renamed(const NamedState::Names& names, const z3::expr& term);

    z3::context& context_;
    std::vector<z3::expr> kept_;  ///< so that no term's number is used again
    std::unordered_map<unsigned, std::vector<DrawnNumber>> drawn_in_;  ///< by number; has each that is kept
    std::vector<std::string> roles_;
    std::vector<std::deque<DrawnNumber>> names_;  ///< in forms, by role
    /// By the number of a term and those of its drawn numbers' names.
    std::unordered_map<std::vector<unsigned>, unsigned, HashOfNumbers> renamed_;
    /// By NamedState::but_for_times, in its names.
    std::unordered_map<std::vector<std::uint64_t>, std::vector<z3::expr>, HashOfNumbers> wanted_;
};

}  // namespace halfopen
