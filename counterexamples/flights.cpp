#include <algorithm>

#include "counterexamples/story.hpp"

namespace halfopen {

std::vector<Flight> flights(const Story& story) {
    std::vector<Flight> all;
    std::vector<std::size_t> on_the_way;  // into `all`, oldest first
    const auto send = [&](Flight flight) {
        if (flight.fate == Flight::Fate::StillThere) on_the_way.push_back(all.size());
        all.push_back(std::move(flight));
    };
    const auto arrive = [&](std::size_t i, Flight::Fate fate) {
        const StoryStep& step = story.steps[i];
        const auto at = std::find_if(on_the_way.begin(), on_the_way.end(), [&](std::size_t k) {
            return all[k].to == step.actor && all[k].from == *step.from && all[k].segment == *step.segment;
        });
        if (at == on_the_way.end()) {
            // It was on its way before the story began.
            all.push_back({*step.segment, *step.from, step.actor, story.steps.size(), i, fate});
            return;
        }
        all[*at].ended_by = i;
        all[*at].fate = fate;
        on_the_way.erase(at);
    };
    for (std::size_t i = 0; i < story.steps.size(); ++i) {
        const StoryStep& step = story.steps[i];
        if (step.kind == Step::Kind::Deliver) arrive(i, Flight::Fate::Delivered);
        if (step.kind == Step::Kind::Lose) arrive(i, Flight::Fate::Lost);
        if (step.kind == Step::Kind::Duplicate)
            send({*step.segment, *step.from, step.actor, i, std::nullopt, Flight::Fate::StillThere});
        if (!step.actor) continue;
        for (const StoryEmission& emission : step.sent)
            send({emission.segment, *step.actor, emission.to, i, std::nullopt,
                  emission.to ? Flight::Fate::StillThere : Flight::Fate::NoOwner});
    }
    return all;
}

}  // namespace halfopen
