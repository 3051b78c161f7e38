#include <fmt/format.h>

#include <algorithm>

#include "conformance/json_object.hpp"
#include "conformance/line_readers.hpp"
#include "conformance/segment_fields.hpp"
#include "spec/nat/conntrack_entry.hpp"
#include "spec/nat/side_names.hpp"

namespace halfopen::conformance {

namespace {

using nlohmann::json;

constexpr std::uint32_t first_client = 0x0a010001;  // 10.1.0.1
constexpr std::size_t most_clients = 8;
constexpr std::string_view of_the_nat = "nat.";

/// An entry of a tracker that has a state for each side.
ObservedEntry sided_entry_from(const json& value, const Place& place, const std::string& path) {
    const JsonObject o(value, place, path, {"sides", "timeout", "picked_up"});
    ObservedEntry entry;
    entry.timeout = o.number("timeout");
    entry.picked_up = o.has("picked_up") && o.truth("picked_up");
    const json& sides = o.list("sides");
    const bool two = sides.size() == 2 && sides[0].is_string() && sides[1].is_string();
    if (!two) o.refuse("sides", "a list of two states, the client's side first");
    entry.sides = {sides[0].get<std::string>(), sides[1].get<std::string>()};
    for (const std::string& side : *entry.sides)
        if (std::find(side_names.begin(), side_names.end(), side) == side_names.end())
            throw InputError(place, o.path("sides") + ": " + unknown_name("state", side, side_names));
    return entry;
}

ObservedEntry entry_from(const json& value, const Place& place, const std::string& path) {
    if (value.contains("sides")) return sided_entry_from(value, place, path);
    const JsonObject o(value, place, path, {"state", "timeout", "assured", "unreplied"});
    ObservedEntry entry;
    entry.state = o.text("state");
    entry.timeout = o.number("timeout");
    entry.assured = o.truth("assured");
    entry.unreplied = o.truth("unreplied");
    if (std::find(track_state_names.begin() + 1, track_state_names.end(), entry.state) ==
        track_state_names.end())
        throw InputError(place,
                         o.path("state") + ": " +
                             unknown_name("state", entry.state, std::span(track_state_names).subspan(1)));
    return entry;
}

NatObservation step_from(const json& value, const Place& place, const std::string& path,
                         std::size_t clients) {
    const JsonObject o(value, place, path,
                       {"dir", "client", "at", "flags", "seq", "ack", "win", "len", "options", "forwarded",
                        "source", "sport", "destination", "dport", "entry", "answer"});
    NatObservation s;
    const std::string direction = o.text("dir");
    if (direction != "orig" && direction != "reply") o.refuse("dir", "\"orig\" or \"reply\"");
    s.outbound = direction == "orig";
    if (o.has("client")) s.client = o.number("client", static_cast<std::uint32_t>(clients - 1));
    s.at = o.optional("at", [&] { return o.number("at"); });
    s.segment = segment_from(o);
    s.forwarded = o.truth("forwarded");
    if (!o.is_null("source")) s.source = Address{o.ip("source"), o.port("sport")};
    s.destination = o.optional("destination", [&] { return o.ip("destination"); });
    s.destination_port = o.optional("dport", [&] { return o.port("dport"); });
    if (s.forwarded && (!s.source || !s.destination))
        o.refuse(s.source ? "destination" : "source", "the address with which it came out");
    s.entry_recorded = o.has("entry");
    if (!o.is_null("entry")) s.entry = entry_from(o.object("entry"), place, o.path("entry"));
    s.answer = o.optional("answer", [&] { return replies_from(o, "answer"); });
    return s;
}

OldConnection old_from(const json& value, const Place& place, const std::string& path) {
    const JsonObject o(value, place, path, {"port", "snd_nxt", "rcv_nxt", "server_snd_nxt"});
    return {o.port("port"), o.number("snd_nxt"), o.number("rcv_nxt"),
            o.optional("server_snd_nxt", [&] { return o.number("server_snd_nxt"); })};
}

}  // namespace

NatSequence read_nat_sequence(const json& value, const Place& place) {
    const JsonObject o(value, place, "",
                       {"id", "seed", "kernel", "script", "config", "settings", "clients", "sport", "old",
                        "recovered", "holds_ports", "steps"});
    NatSequence q;
    q.line = place.line;
    q.name = fmt::format("{} {}, seed {}", one_line(o.text("script")), o.number("id"), o.number("seed"));
    q.kernel = o.has("kernel") ? o.text("kernel") : "";
    q.config = values_from(o, "config", "nf_conntrack_tcp_");
    for (const auto& [name, setting] : values_from(o, "settings")) {
        if (name.starts_with(of_the_nat))
            q.config.emplace(name.substr(of_the_nat.size()), setting);
        else
            q.settings.emplace(name, setting);
    }
    q.client_port = o.port("sport");
    if (o.has("clients")) {
        for (const json& client : o.list("clients")) {
            const auto ip = client.is_string() ? parse_ip(client.get<std::string>()) : std::nullopt;
            if (!ip) o.refuse("clients", "a list of IPv4 addresses");
            q.clients.push_back(*ip);
        }
        if (q.clients.empty() || q.clients.size() > most_clients)
            o.refuse("clients", fmt::format("a list of 1 to {} addresses", most_clients));
    } else {
        q.clients.push_back(first_client);
    }
    if (o.has("old")) {
        for (const json& old : o.list("old"))
            q.old.push_back(old_from(old, place, fmt::format("old[{}]", q.old.size())));
        if (q.old.size() != q.clients.size()) o.refuse("old", "one connection for each client");
    }
    if (o.has("holds_ports")) q.holds_ports = o.truth("holds_ports");
    if (o.has("recovered")) q.recovered = o.truth("recovered");
    std::size_t index = 0;
    for (const json& step : o.list("steps"))
        q.steps.push_back(step_from(step, place, fmt::format("steps[{}]", index++), q.clients.size()));
    return q;
}

}  // namespace halfopen::conformance
