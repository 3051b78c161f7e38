/// Whether a run that was captured end to end is one of the model's runs of a scenario.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "conformance/vectors.hpp"
#include "spec/world/world_system.hpp"

namespace halfopen::test {

/// The scenario with what one recorded run chose: how many clients, port, old connections, settings.
Scenario scenario_of_run(Scenario scenario, const conformance::NatSequence& run);

/// Walks the successors of a WorldSystem and keeps to those in which exactly the captured segments arrive at
/// the NAT, in their order, and leave it as they did.  Everything else that happens (deliveries to the ends,
/// time, timers) is free.  ISNs and ports are drawn from the capture.
class ObservedRun {
   public:
    ObservedRun(const Model& model, const conformance::NatSequence& run);

    /// True if there is such a run, and all clients have recovered at its end if they had in the recording.
    bool is_possible();
    /// Where it is not: how far the model follows, what was seen there and what the model would have instead.
    std::string explanation() const;

   private:
    bool follow(const World& world, std::size_t seen);
    std::vector<Draw> captured(const World& world, const Need& need) const;
    bool agrees(const Step& step, const conformance::NatObservation& observed) const;
    void note(std::size_t seen, const Step& step);

    const Model& model_;
    const conformance::NatSequence& run_;
    WorldSystem system_;
    std::set<std::pair<std::size_t, std::vector<std::byte>>> visited_;
    std::size_t furthest_ = 0;
    std::set<std::string> instead_;  ///< what the model has arrive at the NAT after `furthest_` segments
};

}  // namespace halfopen::test
