/// The smallest scenario there is, and its worlds.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "spec/world/world_system.hpp"

namespace halfopen::test {

/// Each table begins at a known line: client 5, nat 16, server 23, fault 29.
inline const std::string small_text = R"(name = "small"
title = "One client, one NAT, one server"
source = "this test"

[[client]]
name = "alice"
address = "10.1.0.1"
policy = "linux-2.6.24"
behind = "box"
server = "files"
port = 903
reconnect_at = "61s"
snd_nxt = 1000000000
rcv_nxt = 1700000000

[[nat]]
name = "box"
policy = "linux-2.6.31"
inside = "10.1.0.0/16"
outside = "1.2.3.4"
host_policy = "linux-2.6.24"

[[server]]
name = "files"
address = "1.2.3.9"
port = 2049
policy = "freebsd-7"

[fault]
nat = "box"
down = "1min"
)";

inline const std::string second_client = R"(
[[client]]
name = "bob"
address = "10.1.0.2"
policy = "linux-2.6.24"
behind = "box"
server = "files"
port = 903
outside_port = 601
reconnect_at = "61s"
snd_nxt = 3500000000
rcv_nxt = 2600000000
)";

inline std::string replaced(std::string text, const std::string& was, const std::string& is) {
    const auto at = text.find(was);
    if (at == std::string::npos) throw std::logic_error("no such text: " + was);
    return text.replace(at, was.size(), is);
}

using Settings = std::vector<std::pair<std::string, std::string>>;

inline Settings with(Settings settings, const Settings& more) {
    settings.insert(settings.end(), more.begin(), more.end());
    return settings;
}

inline Scenario small(const Settings& settings = {}, const std::string& text = small_text) {
    Scenario scenario = parse_scenario(text, "s.toml");
    for (const auto& [key, value] : settings) apply_setting(scenario, key, value);
    return scenario;
}
inline Scenario small_pair(const Settings& settings = {}) {
    return small(settings, small_text + second_client);
}

inline const PolicyLibrary& library() {
    static const PolicyLibrary shipped(HALFOPEN_SOURCE_DIR "/spec/policies");
    return shipped;
}

struct Edge {
    World from;
    Step step;
    World to;
};

/// All that can be reached, with cells that are fine enough for every comparison made on the way.
struct Explored {
    Model model;
    Cuts cuts;
    std::vector<World> worlds;  ///< breadth first
    std::vector<Edge> edges;

    explicit Explored(const Scenario& scenario, WorldOptions options = {}) : model(scenario, library()) {
        for (;;) {
            WorldSystem system(model, cuts, options);
            search(system);
            const Cuts finer(system.comparisons());
            if (finer == cuts) return;
            cuts = finer;
        }
    }

   private:
    void search(WorldSystem& system) {
        worlds.clear();
        edges.clear();
        std::set<std::vector<std::byte>> seen;
        const auto reach = [&](const World& world) {
            std::vector<std::byte> bytes;
            system.pack(world, bytes);
            if (seen.insert(bytes).second) worlds.push_back(world);
        };
        system.initial(reach);
        for (std::size_t i = 0; i < worlds.size(); ++i) {
            if (i > 20'000) throw std::logic_error("not so small a scenario");
            const World from = worlds[i];
            system.successors(from, [&](const Step& step, const World& to) {
                edges.push_back({from, step, to});
                reach(to);
            });
        }
    }
};

/// The scenario whose single connect() never ends: some 60 worlds.
inline const Settings endless{{"client.syn_never_gives_up", "true"}};

/// Small scenarios whose worlds differ in what they are made of.
inline const std::vector<Settings> many_kinds_of_worlds{
    endless,
    {{"scenario.clients", "1"}},  // gives up and draws again
    {{"client.isn", "clock"}},
    {{"client.syn_never_gives_up", "true"}, {"network.loss", "1"}, {"network.duplication", "1"}},
    {{"client.syn_never_gives_up", "true"}, {"network.inside_delay", "1300ms"}},
    {{"client.syn_never_gives_up", "true"}, {"nat.policy", "linux-6.18"}, {"fault.table", "restored"}},
    {{"client.syn_never_gives_up", "true"}, {"server.data", "unacknowledged"}},
    {{"client.syn_never_gives_up", "true"}, {"nat.policy", "pf-static-port"}},  // a state for each side
    {{"client.syn_never_gives_up", "true"}, {"nat.policy", "libalias"}},
    {{"client.timestamps", "true"}, {"server.timestamps", "true"}},
    {{"client.timestamps", "true"},
     {"server.timestamps", "true"},
     {"network.loss", "1"},
     {"network.inside_delay", "1300ms"},
     {"client.syn_never_gives_up", "true"}},
};

}  // namespace halfopen::test
