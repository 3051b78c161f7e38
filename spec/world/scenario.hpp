/// A scenario: a topology, its policies, its fault and its limits, as data.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "spec/nat/conntrack_entry.hpp"
#include "spec/policy/fix.hpp"
#include "spec/policy/input_error.hpp"
#include "spec/tcp/tcb.hpp"

namespace halfopen {

/// A parameter of a node's policy that the scenario sets, with where it says so.
struct ParameterOverride {
    std::string name;
    std::string value;
    Place place;
};

/// Where each key of a node's table has its value, in a file or in --set.
using ValuePlaces = std::map<std::string, Place, std::less<>>;

/// A host's timestamp clock when the scenario begins.
struct ClockSpec {
    std::optional<std::uint32_t> value;  ///< none: see usual_clock() of initial_worlds.cpp
    bool random = false;                 ///< the environment draws it
};

/// A host that opens a connection and, once it has lost it, opens it again.
struct ClientSpec {
    enum class OldConnection : std::uint8_t { Lost, Reset, None, Kept };

    std::string name;
    std::uint32_t ip = 0;
    std::string policy;
    std::vector<ParameterOverride> parameters;
    std::string behind;              ///< name of the NAT that it sits behind
    std::string server;              ///< name of the server that it connects to
    std::uint16_t port = 0;          ///< local port, before and (port_choice same) after
    std::uint16_t outside_port = 0;  ///< at the outermost NAT, before the fault
    OldConnection old_connection = OldConnection::Lost;
    std::vector<std::int64_t> reconnect_at;      ///< ms after the fault; each is a possible beginning
    std::int64_t reconnect_delay = 3'000;        ///< ms from a failed connect() to the next one
    std::int64_t reconnect_delay_max = 300'000;  ///< the delay doubles up to this
    std::int64_t session = 0;                ///< ms after which the server closes a connection; 0: it stays
    std::uint32_t snd_nxt = 0, rcv_nxt = 0;  ///< of the old connection
    /// What the server has of the old connection; Closed: nothing.
    TcpState server_state = TcpState::Established;
    std::optional<std::uint32_t> server_snd_nxt, server_rcv_nxt;  ///< none: they agree with the client's
    /// What the NATs on the way have of it; None: nothing.
    TrackState entry = TrackState::Established;
    std::uint32_t entry_address = 0;  ///< outside address in the outermost NAT's entry; 0: the NAT's own
    ClockSpec timestamp_clock;
    Place place;
    ValuePlaces value_places;
};

/// A middlebox: translates what comes from its inside network, tracks everything.
struct NatSpec {
    enum class PortMapping : std::uint8_t { Shared, Fixed };

    std::string name;
    std::string policy;
    std::vector<ParameterOverride> parameters;
    std::uint32_t inside_net = 0, inside_mask = 0;
    std::uint32_t outside_ip = 0;
    std::vector<std::uint16_t> busy_ports;           ///< taken towards the server by connections not modelled
    PortMapping port_mapping = PortMapping::Shared;  ///< Fixed: each client always gets its outside_port
    std::string host_policy;                         ///< the NAT host's own TCP
    std::string behind;  ///< the NAT that this one sits behind; empty where it faces the servers
    Place place;
    ValuePlaces value_places;
};

struct ServerSpec {
    enum class Data : std::uint8_t { None, Unacknowledged };

    std::string name;
    std::uint32_t ip = 0;
    std::uint16_t port = 0;
    std::string policy;
    std::vector<ParameterOverride> parameters;
    ClockSpec timestamp_clock;
    Data data = Data::None;  ///< outstanding on the old connections when the fault strikes
    Place place;
    ValuePlaces value_places;
};

/// What goes wrong: at the beginning and, where `again` says so, later.
struct FaultSpec {
    enum class Table : std::uint8_t { Lost, Kept, Restored };
    static constexpr std::string_view same = "fault", mapping_of = ".entry";

    std::string nat;
    Table table = Table::Lost;
    std::int64_t down = 0;   ///< ms during which the NAT forwards nothing
    std::int64_t idle = 0;   ///< ms of silence before it strikes
    std::int64_t again = 0;  ///< how many more faults may come, each at any later moment
    /// What each of them may be: `same`, a node's name, or a NAT's name with `mapping_of`.
    std::vector<std::string> which{std::string(same)};
    std::int64_t every = 0;  ///< ms after which one may come also while nothing else happens; 0: it does not
    Place place;
    ValuePlaces value_places;
};

struct NetworkSpec {
    enum class Order : std::uint8_t { Any, Kept, Reversed };

    std::int64_t loss = 0;           ///< how many segments may be lost in a run
    std::int64_t duplication = 0;    ///< how many segments may be duplicated in a run
    std::int64_t inside_delay = 0;   ///< ms on each link between a client and the NAT
    std::int64_t outside_delay = 0;  ///< ms on each link between the NAT and a server
    Order order = Order::Any;        ///< in which clients due together begin to reconnect
};

/// A named set of settings with the verdict that is expected under it.
struct VariantSpec {
    std::string name;
    std::string title;
    std::vector<std::pair<std::string, std::string>> set;
    std::optional<std::string> expect;
    std::vector<SettingSource> sources;  ///< of each setting
    std::string question;  ///< "Is … needed for the hang?", which the variant's verdict answers; or empty
};

struct ExpectedFix {
    std::string name;
    std::optional<std::string> expect;
    Place place;
};

struct Scenario {
    std::string name;
    std::string title;
    std::string description;
    std::string source;
    std::string file;
    std::optional<std::string> expect;  ///< a verdict's name
    std::int64_t client_limit = 0;      ///< only the first so many clients take part; 0: all
    std::vector<ClientSpec> clients;
    std::vector<NatSpec> nats;
    std::vector<ServerSpec> servers;
    FaultSpec fault;
    NetworkSpec network;
    std::vector<VariantSpec> variants;
    std::vector<ExpectedFix> fixes;
};

/// Where a node's key has its value; where the node stands if the key is not given.
template <class Spec>
const Place& place_of_value(const Spec& spec, std::string_view key) {
    const auto at = spec.value_places.find(key);
    return at == spec.value_places.end() ? spec.place : at->second;
}

/// Reads a scenario file (format: docs/scenario-format.md).  Throws InputError.
Scenario read_scenario(const std::string& file);
/// The same from text already in memory; file is for messages.
Scenario parse_scenario(std::string_view text, const std::string& file);

/// Applies "GROUP.KEY=VALUE" or "NODE.KEY=VALUE": client.*, nat.*, server.* set all nodes of that kind;
/// fault.* and network.* the rest; a KEY may also be a parameter of the node's policy.  Throws InputError
/// with the nearest name.
void apply_setting(Scenario& scenario, std::string_view key, std::string_view value, const Place& place = {});
void apply_fix(Scenario& scenario, const Fix& fix);
void apply_variant(Scenario& scenario, const VariantSpec& variant);

/// Checks what only the whole can show: names that refer to each other, addresses, ports.  Throws InputError.
void validate(const Scenario& scenario);

/// Checks that every fix the scenario lists is in the library, or a file.  Throws InputError where it is
/// named.
void require_known_fixes(const Scenario& scenario, const FixLibrary& library);

}  // namespace halfopen
