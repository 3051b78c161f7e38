#include "spec/world/setting.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "spec/policy/duration.hpp"
#include "spec/tcp/segment.hpp"

namespace halfopen {

namespace {

constexpr std::int64_t longest_duration = 30LL * 24 * 3600 * 1000;

std::uint32_t parse_address(std::string_view text, const Place& place) {
    const auto ip = parse_ip(text);
    if (!ip) throw InputError(place, fmt::format("\"{}\" is not an IPv4 address such as 10.1.0.1", text));
    return *ip;
}

std::uint16_t parse_port(std::string_view text, const Place& place) {
    return static_cast<std::uint16_t>(parse_count(text, 1, 65535, place));
}

void parse_network(NatSpec& nat, std::string_view text, const Place& place) {
    const auto slash = text.find('/');
    if (slash == std::string_view::npos)
        throw InputError(place, fmt::format("\"{}\" is not a network such as 10.1.0.0/16", text));
    const std::uint32_t ip = parse_address(text.substr(0, slash), place);
    const auto bits = parse_count(text.substr(slash + 1), 1, 32, place);
    nat.inside_mask = ~std::uint32_t{0} << (32 - static_cast<unsigned>(bits));
    nat.inside_net = ip & nat.inside_mask;
    if (nat.inside_net != ip)
        throw InputError(place, fmt::format("\"{}\" has bits beyond its prefix; the network is {}/{}", text,
                                            ip_to_string(nat.inside_net), bits));
}

template <class Enum, std::size_t n>
Enum parse_enum(std::string_view text, const std::array<std::string_view, n>& names, const Place& place) {
    return static_cast<Enum>(parse_choice(text, names, place));
}

constexpr std::array<std::string_view, 4> old_connections{"lost", "reset", "none", "kept"};
constexpr std::array<std::string_view, 9> server_states{"none",       "SYN_RCVD",   "ESTABLISHED",
                                                        "FIN_WAIT_1", "FIN_WAIT_2", "CLOSE_WAIT",
                                                        "CLOSING",    "LAST_ACK",   "TIME_WAIT"};
constexpr std::array<std::string_view, 9> table_entries{"none",        "SYN_SENT",  "SYN_RECV",
                                                        "ESTABLISHED", "FIN_WAIT",  "CLOSE_WAIT",
                                                        "LAST_ACK",    "TIME_WAIT", "CLOSE"};
constexpr std::array<std::string_view, 2> port_mappings{"shared", "fixed"};
constexpr std::array<std::string_view, 2> data_choices{"none", "unacknowledged"};
constexpr std::array<std::string_view, 3> tables{"lost", "kept", "restored"};
constexpr std::array<std::string_view, 3> orders{"any", "kept", "reversed"};

std::uint32_t parse_number(std::string_view text, const Place& place) {
    return static_cast<std::uint32_t>(parse_count(text, 0, 0xFFFFFFFFLL, place));
}

TcpState parse_server_state(std::string_view text, const Place& place) {
    const std::string_view name = server_states[parse_choice(text, server_states, place)];
    const auto at = std::find(tcp_state_names.begin(), tcp_state_names.end(), name);
    return at == tcp_state_names.end() ? TcpState::Closed
                                       : static_cast<TcpState>(at - tcp_state_names.begin());
}

TrackState parse_entry(std::string_view text, const Place& place) {
    const std::string_view name = table_entries[parse_choice(text, table_entries, place)];
    const auto at = std::find(track_state_names.begin(), track_state_names.end(), name);
    return at == track_state_names.end() ? TrackState::None
                                         : static_cast<TrackState>(at - track_state_names.begin());
}

ClockSpec parse_clock(std::string_view text, const Place& place) {
    if (text == "random") return {std::nullopt, true};
    try {
        return {parse_number(text, place), false};
    } catch (const InputError&) {
        throw InputError(
            place, fmt::format("\"{}\" is neither \"random\" nor a whole number from 0 to 4294967295", text));
    }
}

}  // namespace

std::int64_t parse_count(std::string_view text, std::int64_t lowest, std::int64_t highest,
                         const Place& place) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < lowest || value > highest)
        throw InputError(place,
                         fmt::format("\"{}\" is not a whole number from {} to {}", text, lowest, highest));
    return value;
}

std::int64_t parse_duration(std::string_view text, const Place& place) {
    const auto milliseconds = milliseconds_from_text(text);
    if (!milliseconds || *milliseconds > longest_duration)
        throw InputError(
            place,
            fmt::format("\"{}\" is not a duration such as 500ms, 3s, 6min, 2h or 5d (0 to 30 days)", text));
    return *milliseconds;
}

std::vector<std::string> split_list(std::string_view text) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto comma = text.find(',');
        std::string_view part = text.substr(0, comma);
        while (part.starts_with(' ')) part.remove_prefix(1);
        while (part.ends_with(' ')) part.remove_suffix(1);
        if (!part.empty()) parts.emplace_back(part);
        if (comma == std::string_view::npos) break;
        text.remove_prefix(comma + 1);
    }
    return parts;
}

std::size_t parse_choice(std::string_view text, std::span<const std::string_view> names, const Place& place) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == text) return i;
    }
    throw InputError(place, unknown_name("value", text, names));
}

std::span<const Setting<ClientSpec>> client_settings() {
    using S = ClientSpec;
    static constexpr std::array<Setting<S>, 22> settings{{
        {"name", "how traces call it", [](S& s, std::string_view v, const Place&) { s.name = v; }},
        {"address", "its IPv4 address",
         [](S& s, std::string_view v, const Place& p) { s.ip = parse_address(v, p); }},
        {"policy", "its TCP: a name from `halfopen list endpoints`, or a file",
         [](S& s, std::string_view v, const Place&) { s.policy = v; }},
        {"behind", "the NAT that it sits behind",
         [](S& s, std::string_view v, const Place&) { s.behind = v; }},
        {"server", "the server that it connects to",
         [](S& s, std::string_view v, const Place&) { s.server = v; }},
        {"port", "its local port",
         [](S& s, std::string_view v, const Place& p) { s.port = parse_port(v, p); }},
        {"outside_port", "its port at the NAT before the fault",
         [](S& s, std::string_view v, const Place& p) { s.outside_port = parse_port(v, p); }},
        {"port_choice", "local port of each new connect(): same, next (counting down 1023..665), random",
         [](S& s, std::string_view v, const Place& p) {
             s.parameters.push_back({"port_choice", std::string(v), p});
         }},
        {"old_connection",
         "lost (silently), reset (RST sent before it reconnects) or kept by the fault; none: there is none",
         [](S& s, std::string_view v, const Place& p) {
             s.old_connection = parse_enum<S::OldConnection>(v, old_connections, p);
         }},
        {"reconnect_at",
         "when it reconnects or, with a kept connection, writes, after the fault; alternatives",
         [](S& s, std::string_view v, const Place& p) {
             s.reconnect_at.clear();
             for (const auto& part : split_list(v)) s.reconnect_at.push_back(parse_duration(part, p));
             if (s.reconnect_at.empty()) throw InputError(p, "reconnect_at needs at least one duration");
         },
         true},
        {"reconnect_delay", "from a failed connect() to the next one; doubles each time",
         [](S& s, std::string_view v, const Place& p) { s.reconnect_delay = parse_duration(v, p); }},
        {"reconnect_delay_max", "the delay doubles up to this",
         [](S& s, std::string_view v, const Place& p) { s.reconnect_delay_max = parse_duration(v, p); }},
        {"snd_nxt", "SND.NXT of its old connection",
         [](S& s, std::string_view v, const Place& p) { s.snd_nxt = parse_number(v, p); }},
        {"rcv_nxt", "RCV.NXT of its old connection",
         [](S& s, std::string_view v, const Place& p) { s.rcv_nxt = parse_number(v, p); }},
        {"server_state",
         "the server's side of it: ESTABLISHED, another state (SYN_RCVD, FIN_WAIT_2, ...), or none",
         [](S& s, std::string_view v, const Place& p) { s.server_state = parse_server_state(v, p); }},
        {"server_snd_nxt", "SND.NXT of the server's side, where it is not the client's RCV.NXT",
         [](S& s, std::string_view v, const Place& p) { s.server_snd_nxt = parse_number(v, p); }},
        {"server_rcv_nxt", "RCV.NXT of the server's side, where it is not the client's SND.NXT",
         [](S& s, std::string_view v, const Place& p) { s.server_rcv_nxt = parse_number(v, p); }},
        {"entry", "what the NATs have of it: ESTABLISHED, another state of an entry (SYN_SENT, ...), or none",
         [](S& s, std::string_view v, const Place& p) { s.entry = parse_entry(v, p); }},
        {"entry_address", "the outside address in that entry, where it is no longer the NAT's",
         [](S& s, std::string_view v, const Place& p) { s.entry_address = parse_address(v, p); }},
        {"session",
         "the server closes each new connection after so long, and the client opens another; 0: never",
         [](S& s, std::string_view v, const Place& p) { s.session = parse_duration(v, p); }},
        {"timestamp_clock", "its timestamp clock at the beginning (with timestamps on): a number, or random",
         [](S& s, std::string_view v, const Place& p) { s.timestamp_clock = parse_clock(v, p); }},
        {"isn", "where its ISNs come from: random or clock (the policy's isn_source)",
         [](S& s, std::string_view v, const Place& p) {
             s.parameters.push_back({"isn_source", std::string(v), p});
         }},
    }};
    return settings;
}

std::span<const Setting<NatSpec>> nat_settings() {
    using S = NatSpec;
    static constexpr std::array<Setting<S>, 8> settings{{
        {"name", "how traces call it", [](S& s, std::string_view v, const Place&) { s.name = v; }},
        {"policy", "its tracker: a name from `halfopen list nats`, or a file",
         [](S& s, std::string_view v, const Place&) { s.policy = v; }},
        {"inside", "source addresses that it translates: -s of the SNAT rule",
         [](S& s, std::string_view v, const Place& p) { parse_network(s, v, p); }},
        {"outside", "the address that they are translated to: --to of the SNAT rule",
         [](S& s, std::string_view v, const Place& p) { s.outside_ip = parse_address(v, p); }},
        {"busy_ports", "outside ports taken towards the server by connections that are not modelled",
         [](S& s, std::string_view v, const Place& p) {
             s.busy_ports.clear();
             for (const auto& part : split_list(v)) s.busy_ports.push_back(parse_port(part, p));
         },
         true},
        {"port_mapping", "shared: ports are searched; fixed: each client has its own outside port",
         [](S& s, std::string_view v, const Place& p) {
             s.port_mapping = parse_enum<S::PortMapping>(v, port_mappings, p);
         }},
        {"behind", "the NAT that this one sits behind; not set where it faces the servers",
         [](S& s, std::string_view v, const Place&) { s.behind = v; }},
        {"host_policy", "the NAT host's own TCP, which answers what is delivered to it",
         [](S& s, std::string_view v, const Place&) { s.host_policy = v; }},
    }};
    return settings;
}

std::span<const Setting<ServerSpec>> server_settings() {
    using S = ServerSpec;
    static constexpr std::array<Setting<S>, 6> settings{{
        {"name", "how traces call it", [](S& s, std::string_view v, const Place&) { s.name = v; }},
        {"address", "its IPv4 address",
         [](S& s, std::string_view v, const Place& p) { s.ip = parse_address(v, p); }},
        {"port", "the port that it listens on",
         [](S& s, std::string_view v, const Place& p) { s.port = parse_port(v, p); }},
        {"policy", "its TCP: a name from `halfopen list endpoints`, or a file",
         [](S& s, std::string_view v, const Place&) { s.policy = v; }},
        {"timestamp_clock", "its timestamp clock at the beginning (with timestamps on): a number, or random",
         [](S& s, std::string_view v, const Place& p) { s.timestamp_clock = parse_clock(v, p); }},
        {"data", "on the old connections when the fault strikes: none, or unacknowledged (it retransmits)",
         [](S& s, std::string_view v, const Place& p) { s.data = parse_enum<S::Data>(v, data_choices, p); }},
    }};
    return settings;
}

std::span<const Setting<FaultSpec>> fault_settings() {
    using S = FaultSpec;
    static constexpr std::array<Setting<S>, 7> settings{{
        {"nat", "the NAT that fails", [](S& s, std::string_view v, const Place&) { s.nat = v; }},
        {"table", "its table is lost, kept, or restored (as `conntrack -R` does, without window data)",
         [](S& s, std::string_view v, const Place& p) { s.table = parse_enum<S::Table>(v, tables, p); }},
        {"down", "how long it forwards nothing",
         [](S& s, std::string_view v, const Place& p) { s.down = parse_duration(v, p); }},
        {"idle", "how long the connections are idle before: entries expire, keepalives are sent",
         [](S& s, std::string_view v, const Place& p) { s.idle = parse_duration(v, p); }},
        {"again", "how many more faults may come, each at any later moment (0 to 8)",
         [](S& s, std::string_view v, const Place& p) { s.again = parse_count(v, 0, 8, p); }},
        {"which",
         "what each of them may be: fault (the same once more), a NAT, a server or a client (it restarts), "
         "NAT.entry (one mapping is lost)",
         [](S& s, std::string_view v, const Place& p) {
             s.which = split_list(v);
             if (s.which.empty()) throw InputError(p, "which needs at least one fault");
         },
         true},
        {"every", "one of them may come also after so long a silence; 0: only when something else happens",
         [](S& s, std::string_view v, const Place& p) { s.every = parse_duration(v, p); }},
    }};
    return settings;
}

std::span<const Setting<NetworkSpec>> network_settings() {
    using S = NetworkSpec;
    static constexpr std::array<Setting<S>, 5> settings{{
        {"loss", "how many segments may be lost in a run (0 to 8)",
         [](S& s, std::string_view v, const Place& p) { s.loss = parse_count(v, 0, 8, p); }},
        {"duplication", "how many segments may be duplicated in a run (0 to 8)",
         [](S& s, std::string_view v, const Place& p) { s.duplication = parse_count(v, 0, 8, p); }},
        {"inside_delay", "on each link between a client and the NAT, one way",
         [](S& s, std::string_view v, const Place& p) { s.inside_delay = parse_duration(v, p); }},
        {"outside_delay", "on each link between the NAT and a server, one way",
         [](S& s, std::string_view v, const Place& p) { s.outside_delay = parse_duration(v, p); }},
        {"order", "in which clients due together begin to reconnect: any, kept (as listed), reversed",
         [](S& s, std::string_view v, const Place& p) { s.order = parse_enum<S::Order>(v, orders, p); }},
    }};
    return settings;
}

}  // namespace halfopen
