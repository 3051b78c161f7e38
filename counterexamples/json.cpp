#include "counterexamples/json.hpp"

#include <array>

#include "counterexamples/narration.hpp"

namespace halfopen {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 10> kind_names{
    "fault", "nat up", "time", "connect", "write", "timer", "entry expires", "deliver", "lose", "duplicate"};
constexpr std::array<std::string_view, 5> outcome_names{"forwarded", "leaked", "dropped invalid", "dropped",
                                                        "to host"};
constexpr std::array<std::string_view, 3> draw_names{"isn", "local port", "outside port"};

Json connection_to_json(const ConcreteTcb& tcb) {
    return {{"local", to_string(tcb.local)}, {"remote", to_string(tcb.remote)},
            {"state", to_string(tcb.state)}, {"snd_una", tcb.snd_una.value},
            {"snd_nxt", tcb.snd_nxt.value},  {"rcv_nxt", tcb.rcv_nxt.value}};
}

Json states_to_json(const Model& model, const World& world) {
    Json states = Json::object();
    for (std::size_t i = 0; i < world.clients.size(); ++i)
        states[model.clients()[i].spec.name] = connection_to_json(world.clients[i].tcb);
    for (std::size_t i = 0; i < world.nats.size(); ++i) {
        Json entries = Json::array();
        for (const auto& entry : world.nats[i].table.entries) {
            entries.push_back({{"inside", to_string(entry.inside)},
                               {"outside", to_string(entry.outside)},
                               {"destination", to_string(entry.destination)},
                               {"state", to_string(entry.state)},
                               {"timeout_ms", entry.timeout},
                               {"assured", entry.assured}});
        }
        states[model.nats()[i].spec.name] = {{"down", world.nats[i].down != timer_off}, {"entries", entries}};
    }
    for (std::size_t i = 0; i < world.servers.size(); ++i) {
        Json connections = Json::array();
        for (const ConcreteTcb& tcb : world.servers[i].connections)
            connections.push_back(connection_to_json(tcb));
        states[model.servers()[i].spec.name] = connections;
    }
    return states;
}

Json draws_to_json(const Step& step) {
    Json draws = Json::array();
    for (const Draw& draw : step.draws) {
        draws.push_back({{"kind", draw_names[static_cast<std::size_t>(draw.kind)]},
                         {"value", draw.value},
                         {"share", draw.share},
                         {"of", draw.of},
                         {"corner", draw.corner}});
    }
    return draws;
}

Json properties_to_json(const Step& step) {
    Json names = Json::array();
    if ((step.tag_bits & tag::leak) != 0) names.push_back("leak");
    if ((step.tag_bits & tag::cross) != 0) names.push_back("cross");
    if ((step.tag_bits & tag::collateral) != 0) names.push_back("collateral");
    return names;
}

Json rule_to_json(const Rule* rule) {
    if (rule == nullptr) return nullptr;
    return {
        {"id", rule->id}, {"source", rule->source}, {"file", rule->place.file}, {"line", rule->place.line}};
}

}  // namespace

Json segment_to_json(const ConcreteSegment& segment) {
    Json json{{"source", to_string(segment.source)},
              {"destination", to_string(segment.destination)},
              {"flags", flags_to_string(segment.flags)},
              {"seq", segment.seq.value},
              {"ack", segment.ack.value},
              {"window", segment.window},
              {"length", segment.length}};
    if (segment.timestamps.present) {
        json["tsval"] = segment.timestamps.value.value;
        json["tsecr"] = segment.timestamps.echo.value;
    }
    json["text"] = to_string(segment);
    return json;
}

Json trace_to_json(const Model& model, const Trace& trace) {
    Json steps = Json::array();
    const World* before = &trace.initial;
    for (const TraceStep& at : trace.steps) {
        const Step& step = at.step;
        Json sent = Json::array();
        for (const Emission& emission : step.sent) {
            Json one = segment_to_json(emission.segment);
            one["lost"] = emission.link == no_link;
            sent.push_back(std::move(one));
        }
        std::string text;
        for (const Remark& remark : narrate(model, step, *before, at.after)) {
            if (!remark.text.empty()) text += (text.empty() ? "" : "; ") + remark.text;
        }
        const bool nobody_acts = step.kind == Step::Kind::Time;
        Json entry{{"time_ms", at.at},
                   {"actor", nobody_acts ? Json(nullptr) : Json(model.name(step.node))},
                   {"kind", kind_names[static_cast<std::size_t>(step.kind)]},
                   {"segment", step.segment ? segment_to_json(*step.segment) : Json(nullptr)},
                   {"outcome", step.outcome ? Json(outcome_names[static_cast<std::size_t>(*step.outcome)])
                                            : Json(nullptr)},
                   {"sent", std::move(sent)},
                   {"rule", rule_to_json(step.rule)},
                   {"host_rule", rule_to_json(step.host_rule)},
                   {"event", to_string(step.event)},
                   {"draws", draws_to_json(step)},
                   {"properties", properties_to_json(step)},
                   {"text", text},
                   {"states", states_to_json(model, at.after)}};
        steps.push_back(std::move(entry));
        before = &at.after;
    }
    return steps;
}

}  // namespace halfopen
