#include "gate/pairings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

namespace halfopen::gate {

namespace fs = std::filesystem;

namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

std::string text_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::shared_ptr<const Model> build(const Scenario& scenario, const PolicyLibrary& library,
                                   std::string& error) {
    try {
        return std::make_shared<const Model>(scenario, library);
    } catch (const InputError& e) {
        error = e.what();
        return nullptr;
    }
}

/// "endpoint NAME" or "nat NAME" of every policy that the scenario names.
std::set<std::string> policies_named(const Scenario& scenario) {
    std::set<std::string> names;
    for (const ClientSpec& client : scenario.clients) names.insert("endpoint " + client.policy);
    for (const ServerSpec& server : scenario.servers) names.insert("endpoint " + server.policy);
    for (const NatSpec& nat : scenario.nats) {
        names.insert("nat " + nat.policy);
        names.insert("endpoint " + nat.host_policy);
    }
    return names;
}

class Collector {
   public:
    Collector(const PolicyLibrary& before, const PolicyLibrary& after,
              const std::vector<PolicyChange>& changes)
        : before_(before), after_(after), changes_(changes) {}

    /// Counts the scenario as untouched where it runs no changed policy.
    void add(const Scenario& scenario, std::string id, std::string title, std::string text) {
        const std::set<std::string> named = policies_named(scenario);
        Pairing pairing{std::move(id), std::move(title), std::move(text), {}, {}, {}, {}, {}};
        for (const PolicyChange& change : changes_)
            if (named.contains((change.kind == PolicyKind::Nat ? "nat " : "endpoint ") + change.name))
                pairing.policies.push_back(change.name);
        if (pairing.policies.empty()) {
            ++untouched;
            return;
        }
        pairing.before = build(scenario, before_, pairing.error_before);
        pairing.after = build(scenario, after_, pairing.error_after);
        // Neither library can: the scenario is at fault.
        if (!pairing.before && !pairing.after) throw InputError(pairing.error_after);
        pairings.push_back(std::move(pairing));
    }

    std::vector<Pairing> pairings;
    std::size_t untouched = 0;

   private:
    const PolicyLibrary &before_, &after_;
    const std::vector<PolicyChange>& changes_;
};

/// A changed policy in each role that it can have, in a scenario of one client.
void add_roles(Collector& collector, const Scenario& founding, const std::string& text,
               const PolicyChange& change) {
    const auto roles = change.kind == PolicyKind::Nat ? std::vector<std::string>{"nat"}
                                                      : std::vector<std::string>{"server", "client"};
    for (const std::string& role : roles)
        for (const bool endless : {false, true}) {
            Settings set{{"scenario.clients", "1"}, {role + ".policy", change.name}};
            if (endless) set.emplace_back("client.syn_never_gives_up", "true");
            Scenario scenario = founding;
            std::string key = text;
            for (const auto& [name, value] : set) {
                apply_setting(scenario, name, value);
                key += "\n--set " + name + "=" + value;
            }
            collector.add(
                scenario,
                fmt::format("{}+{}={}{}", founding.name, role, change.name, endless ? "/endless" : ""),
                fmt::format("{} as the {}, one client{}", change.name, role == "nat" ? "NAT" : role,
                            endless ? " that never gives a connect() up" : ""),
                std::move(key));
        }
}

}  // namespace

std::vector<fs::path> scenario_files(const std::vector<fs::path>& places) {
    std::vector<fs::path> files;
    for (const fs::path& place : places) {
        std::error_code error;
        if (fs::is_regular_file(place, error)) {
            files.push_back(place);
            continue;
        }
        if (!fs::is_directory(place, error))
            throw InputError(Place{place.string(), 0, 0},
                             "no such folder; --scenarios takes a folder of scenario files, or one file");
        for (const auto& entry : fs::directory_iterator(place))
            if (entry.path().extension() == ".toml") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    files.erase(std::unique(files.begin(), files.end()), files.end());
    if (files.empty())
        throw InputError(places.empty() ? Place{"--scenarios", 0, 0} : Place{places.front().string(), 0, 0},
                         "no scenario file (*.toml) here");
    return files;
}

std::vector<Pairing> affected_pairings(const std::vector<fs::path>& files, const PolicyLibrary& before,
                                       const PolicyLibrary& after, const std::vector<PolicyChange>& changes,
                                       std::size_t& untouched) {
    Collector collector(before, after, changes);
    for (const fs::path& file : files) {
        const Scenario scenario = read_scenario(file.string());
        const std::string text = text_of(file);
        collector.add(scenario, scenario.name, scenario.title, text);
        for (const VariantSpec& variant : scenario.variants) {
            Scenario varied = scenario;
            apply_variant(varied, variant);
            collector.add(varied, scenario.name + "/" + variant.name, variant.title,
                          text + "\n--variant " + variant.name);
        }
        if (scenario.name != "founding") continue;
        for (const PolicyChange& change : changes)
            if (change.before && change.after) add_roles(collector, scenario, text, change);
    }
    untouched = collector.untouched;
    return std::move(collector.pairings);
}

}  // namespace halfopen::gate
