#include "counterexamples/json.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>

#include "counterexamples/narration.hpp"
#include "counterexamples/state_columns.hpp"
#include "counterexamples/story.hpp"

namespace halfopen {

namespace {

using Json = nlohmann::ordered_json;

Json numbers_of(const Peer<ConcreteReading>& peer) {
    return {
        {"td_end", peer.td_end.value}, {"td_maxend", peer.td_maxend.value}, {"td_maxwin", peer.td_maxwin}};
}

Json connection_to_json(const ConcreteTcb& tcb) {
    Json timers = Json::object();
    for (std::size_t t = 0; t < tcp_timer_count; ++t) {
        if (tcb.timers[t] != timer_off) timers[std::string(tcp_timer_names[t])] = tcb.timers[t];
    }
    return {{"local", to_string(tcb.local)},    {"remote", to_string(tcb.remote)},
            {"state", to_string(tcb.state)},    {"iss", tcb.iss.value},
            {"snd_una", tcb.snd_una.value},     {"snd_nxt", tcb.snd_nxt.value},
            {"rcv_nxt", tcb.rcv_nxt.value},     {"rcv_wnd", tcb.rcv_wnd},
            {"unacked_data", tcb.unacked_data}, {"retransmits", tcb.retransmits},
            {"timers_ms", std::move(timers)}};
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
                               {"seen_reply", entry.seen_reply},
                               {"assured", entry.assured},
                               {"original", numbers_of(entry.peers[original])},
                               {"reply", numbers_of(entry.peers[reply])}});
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
        draws.push_back({{"kind", draw_kind_names[static_cast<std::size_t>(draw.kind)]},
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

Json in_flight_to_json(const Model& model, const World& world, std::uint64_t at) {
    Json list = Json::array();
    for (std::size_t i = 0; i < world.links.size(); ++i) {
        for (InFlight packet : world.links[i]) {
            set_clocks(packet.segment, at);
            list.push_back({{"from", model.name(model.links()[i].from)},
                            {"to", model.name(model.links()[i].to)},
                            {"delay_ms", packet.delay},
                            {"segment", segment_to_json(packet.segment)}});
        }
    }
    return list;
}

Json shown_to_json(const Model& model, const World& world, const std::vector<StateColumn>& columns) {
    Json shown = Json::array();
    for (const StateColumn& column : columns) shown.push_back(describe_state(model, world, column));
    return shown;
}

Json remarks_to_json(const std::vector<Remark>& remarks) {
    Json list = Json::array();
    for (const Remark& remark : remarks) {
        list.push_back({{"packet", remark.packet},
                        {"lost", remark.lost},
                        {"text", remark.text},
                        {"rule", remark.rule != nullptr ? remark.rule->id : std::string()}});
    }
    return list;
}

Json parameters_to_json(const std::vector<ParameterOverride>& parameters) {
    Json json = Json::object();
    for (const ParameterOverride& parameter : parameters) json[parameter.name] = parameter.value;
    return json;
}

Json nodes_to_json(const Model& model) {
    Json nodes = Json::array();
    for (const ClientNode& client : model.clients()) {
        nodes.push_back({{"kind", "client"},
                         {"name", client.spec.name},
                         {"address", ip_to_string(client.spec.ip)},
                         {"policy", client.endpoint.policy().name},
                         {"behind", client.spec.behind},
                         {"server", client.spec.server},
                         {"port", client.spec.port},
                         {"parameters", parameters_to_json(client.spec.parameters)}});
    }
    for (const NatNode& nat : model.nats()) {
        nodes.push_back({{"kind", "nat"},
                         {"name", nat.spec.name},
                         {"address", ip_to_string(nat.spec.outside_ip)},
                         {"policy", nat.nat.policy().name},
                         {"behind", nat.spec.behind},
                         {"inside", fmt::format("{}/{}", ip_to_string(nat.spec.inside_net),
                                                std::popcount(nat.spec.inside_mask))},
                         {"host_policy", nat.spec.host_policy},
                         {"parameters", parameters_to_json(nat.spec.parameters)}});
    }
    for (const ServerNode& server : model.servers()) {
        nodes.push_back({{"kind", "server"},
                         {"name", server.spec.name},
                         {"address", ip_to_string(server.spec.ip)},
                         {"policy", server.endpoint.policy().name},
                         {"port", server.spec.port},
                         {"parameters", parameters_to_json(server.spec.parameters)}});
    }
    return nodes;
}

Json fault_to_json(const Model& model) {
    constexpr std::array<std::string_view, 3> tables{"lost", "kept", "restored"};
    const FaultSpec& fault = model.scenario().fault;
    return {{"nat", model.faulty_nat() < 0 ? std::string() : fault.nat},
            {"table", tables[static_cast<std::size_t>(fault.table)]},
            {"down_ms", fault.down},
            {"idle_ms", fault.idle}};
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
    const std::vector<StateColumn> columns = state_columns(model, trace);
    Json steps = Json::array();
    const World* before = &trace.initial;
    for (const TraceStep& at : trace.steps) {
        const Step& step = at.step;
        Json sent = Json::array();
        for (const Emission& emission : step.sent) {
            Json one = segment_to_json(emission.segment);
            one["lost"] = emission.link == no_link;
            one["to"] =
                emission.link == no_link ? Json(nullptr) : Json(model.name(model.links()[emission.link].to));
            sent.push_back(std::move(one));
        }
        std::string text;
        const std::vector<Remark> remarks = narrate(model, step, *before, at.after);
        for (const Remark& remark : remarks) {
            if (!remark.text.empty()) text += (text.empty() ? "" : "; ") + remark.text;
        }
        const bool nobody_acts = step.kind == Step::Kind::Time;
        const bool arrives = step.segment && step.link != no_link;
        Json entry{{"time_ms", at.at},
                   {"actor", nobody_acts ? Json(nullptr) : Json(model.name(step.node))},
                   {"kind", step_kind_names[static_cast<std::size_t>(step.kind)]},
                   {"from", arrives ? Json(model.name(model.links()[step.link].from)) : Json(nullptr)},
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
                   {"remarks", remarks_to_json(remarks)},
                   {"shown", shown_to_json(model, at.after, columns)},
                   {"in_flight", in_flight_to_json(model, at.after, at.at)},
                   {"states", states_to_json(model, at.after)}};
        steps.push_back(std::move(entry));
        before = &at.after;
    }
    return steps;
}

Json story_to_json(const Model& model, const Trace& trace) {
    // A search that was stopped has no run to show, nor its first state.
    const bool none = trace.initial.clients.size() != model.clients().size();
    const std::vector<StateColumn> columns = none ? std::vector<StateColumn>() : state_columns(model, trace);
    Json titles = Json::array();
    for (const StateColumn& column : columns) titles.push_back(column.title);
    Json initial(nullptr);
    if (!none)
        initial = {{"shown", shown_to_json(model, trace.initial, columns)},
                   {"in_flight", in_flight_to_json(model, trace.initial, 0)},
                   {"states", states_to_json(model, trace.initial)}};
    return {{"title", model.scenario().title},
            {"nodes", nodes_to_json(model)},
            {"fault", fault_to_json(model)},
            {"columns", std::move(titles)},
            {"initial", std::move(initial)},
            {"loop_start", trace.loop ? Json(*trace.loop) : Json(nullptr)},
            {"trace", none ? Json::array() : trace_to_json(model, trace)}};
}

Story tell(const Model& model, const Trace& trace, const std::string& verdict) {
    Json result = story_to_json(model, trace);
    result["scenario"] = model.scenario().name;
    result["verdict"] = verdict;
    return read_story(result, model.scenario().name);
}

}  // namespace halfopen
