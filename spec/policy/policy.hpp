/// A policy: one stack's or NAT's behaviour as an ordered decision table (the first rule that matches
/// decides).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "spec/policy/input_error.hpp"
#include "spec/policy/vocabulary.hpp"

namespace halfopen {

/// One term of a rule's conjunction: a named predicate, or a flag parameter of the policy.
struct Condition {
    enum class Kind : std::uint8_t { Predicate, Parameter };
    Kind kind = Kind::Predicate;
    std::uint16_t index = 0;  ///< into the vocabulary's predicates or parameters
    bool negated = false;     ///< written "not …"

    friend bool operator==(const Condition&, const Condition&) = default;
};

struct Action {
    std::uint16_t verb = 0;   ///< into the vocabulary's actions
    std::uint16_t state = 0;  ///< argument of verbs that take a state

    friend bool operator==(const Action&, const Action&) = default;
};

inline constexpr std::uint8_t direction_original = 1, direction_reply = 2, direction_both = 3;

struct Rule {
    std::string id;
    std::uint32_t states = 0;                  ///< bit i: vocabulary state i
    std::uint32_t segments = 0;                ///< bit i: segment class i
    std::uint8_t directions = direction_both;  ///< NAT policies only
    std::vector<Condition> when;
    std::vector<Action> actions;
    std::string source;  ///< where the behaviour was read: repository, file, function, version
    std::string note;    ///< optional remark
    bool unconfirmed = false;
    Place place;  ///< where the rule is written
};

/// Flags, counts and milliseconds are integers (flags 0 or 1, choices their index); lists are lists.
using ParameterValue = std::variant<std::int64_t, std::vector<std::int64_t>>;

struct Policy {
    PolicyKind kind = PolicyKind::Endpoint;
    std::string name;
    std::string title;  ///< one line for people
    std::string file;
    std::vector<std::string> ancestry;  ///< names this policy extends, nearest first
    std::vector<Rule> rules;            ///< in deciding order
    std::map<std::string, ParameterValue, std::less<>> parameters;  ///< every parameter of the vocabulary
    std::string description;                                        ///< optional, may be several lines

    std::int64_t number(std::string_view parameter) const;  ///< throws std::out_of_range
    bool flag(std::string_view parameter) const { return number(parameter) != 0; }
    const std::vector<std::int64_t>& list(std::string_view parameter) const;  ///< throws std::out_of_range
    /// Sets a parameter from command-line text ("true", "60000", "60s", "6min", "1000,2000", a choice's
    /// name). Throws InputError where the name is unknown (with the nearest one), or the value is of the
    /// wrong type or range.
    void set(std::string_view parameter, std::string_view value, const Place& place = {});
};

}  // namespace halfopen
