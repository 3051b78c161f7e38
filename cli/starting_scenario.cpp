#include "cli/starting_scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "spec/world/setting.hpp"

namespace halfopen::cli {

namespace {

struct Key {
    std::string_view name;
    std::string_view value;
    bool needed = true;  ///< otherwise the line is commented out, and holds another value than the default
};
constexpr bool optional = false;

template <class Spec>
std::string_view meaning_of(std::string_view key, std::span<const Setting<Spec>> settings) {
    const auto at =
        std::find_if(settings.begin(), settings.end(), [&](const Setting<Spec>& s) { return s.key == key; });
    if (at == settings.end()) throw std::logic_error("the starting scenario has a key that does not exist");
    return at->meaning;
}

/// "key = value" and what the key is, one below the other.
template <class Spec>
std::string table(std::string_view heading, std::string_view meaning, std::span<const Setting<Spec>> settings,
                  const std::vector<Key>& keys) {
    std::string text = fmt::format("\n# {}\n{}\n", meaning, heading);
    for (const Key& key : keys) {
        const std::string line = fmt::format("{}{} = {}", key.needed ? "" : "# ", key.name, key.value);
        text += fmt::format("{:<37} # {}\n", line, meaning_of(key.name, settings));
    }
    return text;
}

/// A TOML basic string's contents.
std::string toml_string(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += c;
    }
    return result + "\"";
}

}  // namespace

std::string starting_scenario(const std::string& name) {
    std::string text = fmt::format(
        R"(# A scenario for Halfopen: a topology, the policy of each node, a fault and some limits.
#   halfopen check FILE            says whether a client can be left without its connection, and for how long
#   halfopen fixes FILE            tries what would help
# A line that begins with "# key =" shows a key that has a default.  docs/scenario-format.md has the rest.

name = {}
title = "what happens, in one line"
source = "where it was seen or read"
# expect = "bounded"                  # the exit status of `halfopen check` says whether it is: bounded, unbounded, storm, permanent
# description = """
# As many lines as it takes.
# """
)",
        toml_string(name));
    text += table("[[client]]",
                  "A host that has a connection when the fault strikes, and opens it again; 1 to 8 of them.",
                  client_settings(),
                  {{"name", "\"workstation\""},
                   {"address", "\"192.168.0.10\""},
                   {"policy", "\"linux-6.18\""},
                   {"behind", "\"firewall\""},
                   {"server", "\"filer\""},
                   {"port", "790"},
                   {"outside_port", "791", optional},
                   {"port_choice", "\"random\"", optional},
                   {"old_connection", "\"reset\"", optional},
                   {"snd_nxt", "1_000_000_000"},
                   {"rcv_nxt", "2_000_000_000"},
                   {"server_state", "\"FIN_WAIT_2\"", optional},
                   {"server_snd_nxt", "2_000_000_100", optional},
                   {"server_rcv_nxt", "1_000_000_100", optional},
                   {"entry", "\"SYN_SENT\"", optional},
                   {"entry_address", "\"203.0.113.2\"", optional},
                   {"reconnect_at", "\"30s\""},
                   {"reconnect_delay", "\"3s\"", optional},
                   {"reconnect_delay_max", "\"5min\"", optional},
                   {"session", "\"10s\"", optional},
                   {"timestamp_clock", "\"random\"", optional},
                   {"isn", "\"clock\"", optional}});
    text += "# syn_never_gives_up = true           # a parameter of its policy: halfopen list parameters\n";
    text += table("[[nat]]", "A middlebox that tracks and translates; one or more.", nat_settings(),
                  {{"name", "\"firewall\""},
                   {"policy", "\"linux-5.18\""},
                   {"inside", "\"192.168.0.0/24\""},
                   {"outside", "\"203.0.113.1\""},
                   {"host_policy", "\"linux-6.18\""},
                   {"busy_ports", "[790]", optional},
                   {"port_mapping", "\"fixed\"", optional},
                   {"behind", "\"provider\"", optional}});
    text += "# nf_conntrack_tcp_be_liberal = true  # a parameter of its policy: halfopen list parameters\n";
    text += table("[[server]]", "A host that listens; one or more.", server_settings(),
                  {{"name", "\"filer\""},
                   {"address", "\"203.0.113.50\""},
                   {"port", "2049"},
                   {"policy", "\"freebsd-14\""},
                   {"data", "\"unacknowledged\"", optional},
                   {"timestamp_clock", "\"random\"", optional}});
    text += "# keepalive_idle = \"60s\"              # a parameter of its policy: halfopen list parameters\n";
    text +=
        table("[fault]",
              "What goes wrong at the beginning, and maybe again; without it only the clients lose their connections.",
              fault_settings(),
              {{"nat", "\"firewall\""},
               {"table", "\"lost\""},
               {"down", "\"5s\""},
               {"idle", "\"10min\"", optional},
               {"again", "1", optional},
               {"which", "[\"firewall\", \"firewall.entry\", \"filer\"]", optional},
               {"every", "\"10s\"", optional}});
    text += table("[network]", "Loss, duplication, delay and order.", network_settings(),
                  {{"loss", "1", optional},
                   {"duplication", "1", optional},
                   {"inside_delay", "\"1ms\""},
                   {"outside_delay", "\"1ms\""},
                   {"order", "\"kept\"", optional}});
    return text + R"(
# The scenario with some settings changed: halfopen check FILE --variant endless
[[variant]]
name = "endless"
title = "one connect() that is never given up"
# question = "Does the client have to give up?"
# expect = "permanent"
set = { "client.syn_never_gives_up" = true }

# What `halfopen fixes` tries; without any, all there are: halfopen list fixes
# [[fix]]
# name = "be-liberal"
# expect = "bounded"

# What every run has to respect: halfopen check FILE --property comes-back
# [[property]]
# name = "comes-back"
# title = "the client can always come back"
# always_possible = "workstation.recovered"
)";
}

}  // namespace halfopen::cli
