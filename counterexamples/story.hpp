/// A result of `check` as its JSON tells it (docs/json-format.md), whoever wrote the file: what every format
/// for people and for other programs is written from.  Needs no model, so that a trace can be handed on.
#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "counterexamples/trace.hpp"

namespace halfopen {

/// The words of Step::Kind, NatOutcome and Draw::Kind in JSON, in their order.
inline constexpr std::array<std::string_view, 11> step_kind_names{
    "fault",         "nat up",  "time", "connect",   "write", "timer",
    "entry expires", "deliver", "lose", "duplicate", "evict"};
inline constexpr std::array<std::string_view, 5> outcome_names{"forwarded", "leaked", "dropped invalid",
                                                               "dropped", "to host"};
inline constexpr std::array<std::string_view, 3> draw_kind_names{"isn", "local port", "outside port"};

struct StoryNode {
    enum class Kind : std::uint8_t { Client, Nat, Server };
    Kind kind = Kind::Client;
    std::string name;
    std::uint32_t ip = 0;  ///< of a NAT the outside one
    std::string policy;
    std::string behind;       ///< the NAT that it sits behind, or empty
    std::string server;       ///< of a client: whom it connects to
    std::uint16_t port = 0;   ///< of a client its old local port, of a server the one that it listens on
    std::string inside;       ///< of a NAT: "10.1.0.0/16"
    std::string host_policy;  ///< of a NAT
    nlohmann::ordered_json parameters;  ///< name: value, of its policy, as the scenario has them
};

struct StoryRule {
    std::string id, source, file;
    std::uint64_t line = 0;
};

struct StoryEmission {
    ConcreteSegment segment;
    std::optional<std::size_t> to;  ///< a node; none: nobody on the way owns its destination
};

/// What narrate() says of one thing that happened (narration.hpp).
struct StoryRemark {
    std::string packet;
    bool lost = false;
    std::string text;
    std::string rule;
};

struct StoryDraw {
    Draw::Kind kind = Draw::Kind::Isn;
    std::uint32_t value = 0;
};

struct StoryStep {
    std::uint64_t at = 0;  ///< ms
    Step::Kind kind = Step::Kind::Time;
    std::optional<std::size_t> actor;  ///< a node
    std::optional<std::size_t> from;   ///< of `segment`: the neighbour that it came from
    std::optional<ConcreteSegment> segment;
    std::optional<NatOutcome> outcome;
    std::vector<StoryEmission> sent;
    std::optional<StoryRule> rule, host_rule;
    std::string event;
    std::vector<StoryDraw> draws;
    std::vector<std::string> properties;
    std::string text;
    std::vector<StoryRemark> remarks;
    std::vector<std::string> shown;    ///< the chart's columns after the step
    nlohmann::ordered_json states;     ///< by node name, checked: states_of() of json.cpp
    nlohmann::ordered_json in_flight;  ///< what the links hold after the step
};

struct StoryFault {
    std::string nat;    ///< empty: only the clients lose their connections
    std::string table;  ///< "lost", "kept", "restored"
    std::uint64_t down_ms = 0, idle_ms = 0;
};

struct Story {
    std::string scenario, title, verdict;
    std::vector<StoryNode> nodes;  ///< clients, NATs, servers
    StoryFault fault;
    std::vector<std::string> columns;  ///< titles of the chart's columns
    StoryStep initial;                 ///< only shown, states and in_flight
    std::vector<StoryStep> steps;
    std::optional<std::size_t> loop;  ///< as Trace::loop
};

/// Reads a result of `check --format json`.  Throws InputError, one line that begins with `name`, for
/// anything else; whatever is accepted every writer can write.
Story parse_story(std::string_view text, const std::string& name);
nlohmann::ordered_json parse_result(std::string_view text, const std::string& name);
Story read_story(const nlohmann::ordered_json& result, const std::string& name);
/// The story of a run of the model.
Story tell(const Model& model, const Trace& trace, const std::string& verdict = {});

/// A packet on its way between two neighbours, from the step that sends it to the step that ends it.
struct Flight {
    enum class Fate : std::uint8_t { Delivered, Lost, NoOwner, StillThere };
    ConcreteSegment segment;
    std::size_t from = 0;
    std::optional<std::size_t> to;
    std::size_t sent_by = 0;              ///< index of a step; steps.size() where it was there before
    std::optional<std::size_t> ended_by;  ///< index of a step
    Fate fate = Fate::StillThere;
};
/// All of the story, in the order in which they were sent.
std::vector<Flight> flights(const Story& story);

}  // namespace halfopen
