#include "counterexamples/itf.hpp"

namespace halfopen {

namespace {

using Json = nlohmann::ordered_json;

/// ADR 015 writes integers as {"#bigint": "…"}, and has no null: a record's field that is null is the empty
/// string, as TLA+ types want one type for it.
Json value(const Json& json) {
    if (json.is_number_integer()) return {{"#bigint", json.dump()}};
    if (json.is_null()) return "";
    if (json.is_array()) {
        Json list = Json::array();
        for (const Json& element : json) list.push_back(value(element));
        return list;
    }
    if (json.is_object()) {
        Json record = Json::object();
        for (const auto& [key, element] : json.items()) record[key] = value(element);
        return record;
    }
    return json;
}

/// A function from names, as TLA+ has it for keys that are data.
Json map_of(const Json& object) {
    Json pairs = Json::array();
    for (const auto& [key, element] : object.items()) pairs.push_back(Json::array({key, value(element)}));
    return {{"#map", std::move(pairs)}};
}

/// Records of one type have the same fields: timers become a function from their names.
Json connection(const Json& tcb) {
    Json record = value(tcb);
    record["timers_ms"] = map_of(tcb.at("timers_ms"));
    return record;
}

Json state(const Story& story, std::size_t index, const StoryStep& after, const Json& action) {
    Json clients = Json::array(), nats = Json::array(), servers = Json::array();
    for (const StoryNode& node : story.nodes) {
        const Json& now = after.states.at(node.name);
        switch (node.kind) {
            case StoryNode::Kind::Client:
                clients.push_back(Json::array({node.name, connection(now)}));
                break;
            case StoryNode::Kind::Nat:
                nats.push_back(Json::array({node.name, value(now)}));
                break;
            case StoryNode::Kind::Server: {
                Json connections = Json::array();
                for (const Json& tcb : now) connections.push_back(connection(tcb));
                servers.push_back(Json::array({node.name, std::move(connections)}));
                break;
            }
        }
    }
    Json links = Json::array();
    for (const Json& packet : after.in_flight)
        links.push_back(value({{"from", packet.at("from")},
                               {"to", packet.at("to")},
                               {"delay_ms", packet.at("delay_ms")},
                               {"segment", packet.at("segment").at("text")}}));
    return {{"#meta", {{"index", index}}},
            {"time_ms", value(after.at)},
            {"action", action},
            {"clients", {{"#map", std::move(clients)}}},
            {"nats", {{"#map", std::move(nats)}}},
            {"servers", {{"#map", std::move(servers)}}},
            {"links", std::move(links)}};
}

Json action(const Story& story, const StoryStep& step) {
    Json sent = Json::array();
    for (const StoryEmission& emission : step.sent) sent.push_back(to_string(emission.segment));
    const StoryRule* rule = step.host_rule ? &*step.host_rule : step.rule ? &*step.rule : nullptr;
    return {{"kind", step_kind_names[static_cast<std::size_t>(step.kind)]},
            {"actor", step.actor ? story.nodes[*step.actor].name : std::string()},
            {"segment", step.segment ? to_string(*step.segment) : std::string()},
            {"sent", std::move(sent)},
            {"rule", rule != nullptr ? rule->id : std::string()},
            {"text", step.text}};
}

}  // namespace

Json itf(const Story& story) {
    Json states = Json::array();
    const Json init{{"kind", "init"},        {"actor", ""}, {"segment", ""},
                    {"sent", Json::array()}, {"rule", ""},  {"text", ""}};
    states.push_back(state(story, 0, story.initial, init));
    for (std::size_t i = 0; i < story.steps.size(); ++i)
        states.push_back(state(story, i + 1, story.steps[i], action(story, story.steps[i])));
    Json trace{{"#meta",
                {{"format", "ITF"},
                 {"format-description", "https://apalache-mc.org/docs/adr/015adr-trace.html"},
                 {"source", story.scenario},
                 {"status", story.verdict},
                 {"description", "Created by Halfopen: " + story.title}}},
               {"params", Json::array()},
               {"vars", {"time_ms", "action", "clients", "nats", "servers", "links"}}};
    // steps[loop] follows the last step, so the state after it follows the last state; a run that stands
    // still stays in its last.
    if (story.loop) trace["loop"] = std::min(*story.loop + 1, story.steps.size());
    trace["states"] = std::move(states);
    return trace;
}

}  // namespace halfopen
