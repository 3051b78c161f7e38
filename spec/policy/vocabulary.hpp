/// The words that a policy file may use.  One vocabulary for endpoints (spec/tcp/), one for NATs (spec/nat/).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace halfopen {

enum class PolicyKind : std::uint8_t { Endpoint, Nat };

/// A name with the sentence that `halfopen list` shows for it.
struct Term {
    std::string_view name;
    std::string_view meaning;
};

/// An action may name a state as its argument: "enter SYN_RCVD".
struct ActionTerm {
    std::string_view name;
    bool takes_state = false;
    std::string_view meaning;
};

enum class ParameterType : std::uint8_t { Flag, Milliseconds, Count, MillisecondList, Choice };

/// A parameter has its real name (a sysctl's, a socket option's) and a default.  Flags can guard rules.
struct ParameterTerm {
    std::string_view name;
    ParameterType type = ParameterType::Flag;
    std::int64_t standard = 0;  ///< default; index into choices for Choice; lists are empty by default
    std::int64_t lowest = 0;
    std::int64_t highest = 1;
    std::span<const std::string_view> choices{};  ///< only for Choice
    std::string_view meaning;
};

/// Everything is identified by its index in these spans, which the owning module's enums mirror.
struct Vocabulary {
    PolicyKind kind;
    std::span<const std::string_view> states;
    std::span<const std::string_view> segments;
    std::span<const Term> predicates;
    std::span<const ActionTerm> actions;
    std::span<const ParameterTerm> parameters;
    bool rules_have_direction = false;  ///< NAT rules say original, reply or both
};

/// The two vocabularies: defined in spec/tcp/endpoint_vocabulary.cpp and spec/nat/nat_vocabulary.cpp.
const Vocabulary& endpoint_vocabulary();
const Vocabulary& nat_vocabulary();
const Vocabulary& vocabulary(PolicyKind kind);

}  // namespace halfopen
