/// A small vocabulary and helpers for the tests of policy files.
#pragma once

#include <array>
#include <string>

#include "spec/policy/policy_parser.hpp"

namespace halfopen::test {

inline constexpr std::array<std::string_view, 4> sample_states{"LISTEN", "ESTABLISHED", "LAST_ACK", "CLOSED"};
inline constexpr std::array<std::string_view, 3> sample_segments{"SYN", "ACK", "RST"};
inline constexpr std::array<Term, 3> sample_predicates{
    {{"seq in window", ""}, {"seq left of window", ""}, {"ack acceptable", ""}}};
inline constexpr std::array<ActionTerm, 4> sample_actions{
    {{"drop", false, ""}, {"send reset", false, ""}, {"send ACK", false, ""}, {"enter", true, ""}}};
inline constexpr std::array<std::string_view, 2> sample_choices{"any segment", "data only"};
inline constexpr std::array<ParameterTerm, 5> sample_parameters{{
    {"insecure_syn", ParameterType::Flag, 0, 0, 1, {}, ""},
    {"keepalive_idle", ParameterType::Milliseconds, 7'200'000, 1, 86'400'000, {}, ""},
    {"keepalive_probes", ParameterType::Count, 9, 1, 100, {}, ""},
    {"syn_retransmit", ParameterType::MillisecondList, 0, 1, 600'000, {}, ""},
    {"keepalive_refresh", ParameterType::Choice, 1, 0, 1, sample_choices, ""},
}};

inline Vocabulary sample_vocabulary(bool with_direction = false) {
    return {with_direction ? PolicyKind::Nat : PolicyKind::Endpoint,
            sample_states,
            sample_segments,
            sample_predicates,
            sample_actions,
            sample_parameters,
            with_direction};
}

inline constexpr std::uint32_t listen_bit = 1, established_bit = 2, last_ack_bit = 4, closed_bit = 8;
inline constexpr std::uint32_t syn_bit = 1, ack_bit = 2, rst_bit = 4;

inline const std::string header = "name = \"sample\"\ntitle = \"A sample\"\n";  // lines 1 and 2

/// A complete rule in one line.
inline std::string rule_line(const std::string& id, const std::string& more = "") {
    return "[[rule]]\nid = \"" + id +
           "\"\nstate = \"LISTEN\"\nsegment = \"SYN\"\ndo = \"drop\"\nsource = \"s\"\n" + more + "\n";
}

inline Policy parse(const std::string& text, bool with_direction = false) {
    return parse_policy(
        sample_vocabulary(with_direction), text, "f.toml",
        [](const std::string&, const Place& place) -> Policy { throw InputError(place, "no parents here"); });
}

/// Parses child as extending parent.
inline Policy parse_child(const std::string& parent, const std::string& child) {
    return parse_policy(sample_vocabulary(), child, "f.toml",
                        [&](const std::string&, const Place&) { return parse(parent); });
}

/// what() of the InputError that it throws.
template <class Action>
std::string error_of(Action action) {
    try {
        action();
    } catch (const InputError& error) {
        return error.what();
    }
    return "no error";
}

inline std::string parse_error(const std::string& text, bool with_direction = false) {
    return error_of([&] { parse(text, with_direction); });
}

inline std::string ids_of(const Policy& policy) {
    std::string ids;
    for (const Rule& rule : policy.rules) ids += (ids.empty() ? "" : " ") + rule.id;
    return ids;
}

}  // namespace halfopen::test
