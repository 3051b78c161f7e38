/// Small scenarios at random: a shipped one's topology, with policies of the library, faults, losses and
/// habits drawn anew.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "spec/policy/input_error.hpp"
#include "tests/check/promises.hpp"

namespace halfopen::test {

/// With the command that asks about it.
struct RandomScenario {
    Scenario scenario;
    std::string command;
};

class RandomScenarios {
   public:
    explicit RandomScenarios(std::uint32_t seed)
        : random_(seed),
          topologies_(shipped_scenarios()),
          endpoints_(policies("endpoints")),
          nats_(policies("nats")) {
        std::sort(topologies_.begin(), topologies_.end(),
                  [](const Scenario& a, const Scenario& b) { return a.name < b.name; });
    }

    /// The next one that makes sense.
    RandomScenario next() {
        for (;;) {
            if (std::optional<RandomScenario> made = attempt()) return *std::move(made);
        }
    }

   private:
    using Words = std::vector<std::string>;

    static Words policies(const std::string& kind) {
        Words names;
        for (const auto& entry : std::filesystem::directory_iterator(spec_folder + "/policies/" + kind))
            names.push_back(entry.path().stem().string());
        std::sort(names.begin(), names.end());
        return names;
    }

    /// Not a standard distribution: those differ between libraries.
    std::size_t below(std::size_t n) { return random_() % n; }
    bool one_in(std::size_t n) { return below(n) == 0; }
    const std::string& any(const Words& words) { return words[below(words.size())]; }

    void set(const std::string& key, const std::string& value) { settings_.emplace_back(key, value); }
    void set_any(const std::string& key, const Words& values) { set(key, any(values)); }
    void maybe(std::size_t n, const std::string& key, const Words& values) {
        if (one_in(n)) set_any(key, values);
    }

    std::optional<RandomScenario> attempt() {
        const auto founding_story = std::find_if(topologies_.begin(), topologies_.end(),
                                                 [](const Scenario& s) { return s.name == "founding"; });
        const auto two_doors = std::find_if(topologies_.begin(), topologies_.end(),
                                            [](const Scenario& s) { return s.name == "tuple-collapse"; });
        const Scenario& topology = one_in(3)   ? topologies_[below(topologies_.size())]
                                   : one_in(6) ? *two_doors
                                               : *founding_story;
        settings_.clear();
        set_nodes(topology);
        set_faults(topology);
        set_habits(topology);
        RandomScenario made{topology, "check " + topology.name};
        // The file's own verdict is of the scenario as it was.
        made.scenario.expect.reset();
        try {
            for (const auto& [key, value] : settings_) {
                apply_setting(made.scenario, key, value);
                made.command += " --set " + key + "=" + value;
            }
            const Model possible(made.scenario, library());
        } catch (const InputError&) {
            return std::nullopt;
        }
        return made;
    }

    void set_nodes(const Scenario& topology) {
        if (topology.clients.size() > 1) set_any("scenario.clients", {"1", "2", "2"});
        if (one_in(2)) {
            set("client.policy", any(endpoints_));
        } else {
            for (const ClientSpec& client : topology.clients) maybe(2, client.name + ".policy", endpoints_);
        }
        maybe(2, "server.policy", endpoints_);
        maybe(2, "nat.policy", nats_);
        maybe(4, "nat.host_policy", endpoints_);
        maybe(8, "nat.port_mapping", {"fixed"});
        if (one_in(8)) {
            set("client.timestamps", "true");
            set("server.timestamps", "true");
        }
    }

    void set_faults(const Scenario& topology) {
        set_any("network.loss", {"0", "1", "1", "2"});
        maybe(4, "network.duplication", {"1"});
        maybe(6, "network.inside_delay", {"1ms", "20ms"});
        maybe(6, "network.outside_delay", {"1ms", "20ms"});
        maybe(4, "network.order", {"kept", "reversed"});
        maybe(3, "fault.table", {"lost", "kept", "restored"});
        maybe(3, "fault.down", {"0", "20s", "90s"});
        maybe(8, "fault.idle", {"5min"});
        if (one_in(3)) {
            set("fault.again", "1");
            Words which{"fault", topology.clients.front().name, topology.servers.front().name};
            if (!topology.nats.empty()) which.push_back(topology.nats.front().name + ".entry");
            maybe(2, "fault.which", which);
        }
    }

    void set_habits(const Scenario& topology) {
        maybe(3, "client.old_connection", {"lost", "reset", "kept", "none"});
        maybe(3, "client.reconnect_at", {"1s", "20s", "181s", "1s,20s"});
        if (one_in(4)) {
            // So that one begins just when a segment of another's arrives.
            for (const ClientSpec& client : topology.clients)
                set_any(client.name + ".reconnect_at",
                        {"1s", "1020ms", "1040ms", "1060ms", "1080ms", "1100ms", "1120ms"});
            set_any("network.inside_delay", {"0", "20ms"});
            set_any("network.outside_delay", {"0", "20ms"});
        }
        maybe(3, "client.reconnect_delay", {"1s", "10s", "100s"});
        set_any("client.reconnect_delay_max", {"3s", "100s", "300s"});
        maybe(3, "client.syn_never_gives_up", {"true"});
        // A short life makes few states.
        maybe(2, "client.syn_retransmit", {"3s", "3s,6s", "1s,1s,1s"});
        maybe(4, "client.server_state",
              {"SYN_RCVD", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSE_WAIT", "TIME_WAIT", "none"});
        maybe(5, "client.entry", {"none", "SYN_SENT", "SYN_RECV", "TIME_WAIT"});
        maybe(5, "server.data", {"unacknowledged"});
        maybe(6, "server.keepalive", {"true"});
        maybe(6, "client.port_choice", {"same", "next", "random"});
        maybe(8, "client.session", {"5s"});
        if (one_in(3)) {
            set("client.snd_nxt", std::to_string(1 + below(UINT32_MAX)));
            set("client.rcv_nxt", std::to_string(1 + below(UINT32_MAX)));
        }
    }

    std::mt19937 random_;
    std::vector<Scenario> topologies_;
    Words endpoints_, nats_;
    Settings settings_;
};

}  // namespace halfopen::test
