#include "check/replay_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "check/report_words.hpp"
#include "counterexamples/chart.hpp"
#include "counterexamples/json.hpp"

namespace halfopen {
namespace {

using Json = nlohmann::ordered_json;

const Replay* first_found(const std::vector<Replay>& replays) {
    const Replay* found = nullptr;
    for (const Replay& replay : replays) {
        if (replay.outcome != Replay::Outcome::Found) continue;
        if (!replay.half_open) return &replay;
        if (found == nullptr) found = &replay;
    }
    return found;
}

std::uint64_t worlds(const Replay& replay) {
    std::uint64_t sum = 0;
    for (const ReplayTry& tried : replay.tries) sum += tried.worlds;
    return sum;
}

std::uint64_t worlds_like_it(const Replay& replay) {
    std::uint64_t sum = 0;
    for (const ReplayTry& tried : replay.tries) sum += tried.like_it;
    return sum;
}

/// "12 worlds", "1 world".
std::string counted(std::uint64_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string settings_text(const SettingList& set) {
    std::string text;
    for (const auto& [key, value] : set) text += fmt::format(" --set {}={}", key, value);
    return text;
}

std::string outcome_text(const Replay& replay) {
    const std::string searched = fmt::format("{} searched in {}", counted(worlds(replay), "world"),
                                             counted(replay.tries.size(), "scenario"));
    switch (replay.outcome) {
        case Replay::Outcome::Found: {
            const std::string with = settings_text(replay.tries.back().set);
            return fmt::format("found after {}{}{}", counted(replay.begins, "step"),
                               with.empty() ? " of the scenario" : ", with", with);
        }
        case Replay::Outcome::Recovers:
            return fmt::format("met in {}, and recovers from there: {}",
                               counted(worlds_like_it(replay), "world"), searched);
        case Replay::Outcome::NotReachable:
            return "not reachable in the bounded configuration: " + searched;
        case Replay::Outcome::Inconclusive:
            break;
    }
    return "inconclusive, a limit was hit first: " + searched;
}

Json run_json(const Replay& replay) {
    Json json{{"scenario", replay.model->scenario().name}, {"verdict", nullptr}};
    json.update(story_to_json(*replay.model, *replay.trace));
    return json;
}

}  // namespace

std::string replay_report(const std::vector<Replay>& replays, const ReportOptions& options) {
    if (replays.empty()) return {};
    std::size_t width = 0;
    for (const Replay& replay : replays) width = std::max(width, replay.start.size() + 4);
    std::string text = "\nCounterexamples tried with the explorer:\n";
    for (const Replay& replay : replays)
        text += fmt::format("  {:<{}}  {}\n", replay.start + (replay.half_open ? " (*)" : ""), width,
                            outcome_text(replay));
    const Replay* found = first_found(replays);
    if (found == nullptr) return text;
    text += fmt::format("\nThe run from {}, from its beginning{}:\n\n", found->start,
                        found->begins == 0 ? std::string()
                                           : fmt::format("; after {} it is at what the proof begins with",
                                                         counted(found->begins, "step")));
    return text +
           chart(*found->model, *found->trace, {options.color, options.fold, options.brief, options.width});
}

Json replay_json(const std::vector<Replay>& replays) {
    Json list = Json::array();
    for (const Replay& replay : replays) {
        Json tries = Json::array();
        for (const ReplayTry& tried : replay.tries) {
            Json set = Json::object();
            for (const auto& [key, value] : tried.set) set[key] = value;
            tries.push_back({{"set", std::move(set)},
                             {"stopped", to_string(tried.stopped)},
                             {"worlds", tried.worlds},
                             {"like_it", tried.like_it}});
        }
        list.push_back({{"left_behind", replay.start},
                        {"half_open", replay.half_open},
                        {"with_others", replay.with_others},
                        {"outcome", to_string(replay.outcome)},
                        {"worlds", worlds(replay)},
                        {"tries", std::move(tries)},
                        {"begins", replay.trace ? Json(replay.begins) : Json(nullptr)},
                        {"run", replay.trace ? run_json(replay) : Json(nullptr)}});
    }
    return list;
}

Json found_run_json(const std::vector<Replay>& replays) {
    const Replay* found = first_found(replays);
    return found != nullptr ? run_json(*found) : Json(nullptr);
}

}  // namespace halfopen
