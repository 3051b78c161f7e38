/// Scenarios in which a proof's counterexample may be found: the one that was asked about, and what the
/// counterexample asks for, as changes that --set can make.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "solver/recovery/proof.hpp"
#include "spec/world/model.hpp"

namespace halfopen {

/// KEY=VALUE, as apply_setting() takes them.
using SettingList = std::vector<std::pair<std::string, std::string>>;

/// model: of the scenario.  The nearest first; the first of all changes nothing.  Then
/// - the old connection as the counterexample has it: in another state, or with data outstanding;
/// - the NAT back, and the client with it, when the timers of the old connection stand as they do there; or
///   the client first, where its first SYNs are lost;
/// - the old connection's numbers as they are there, with one client;
/// - one client alone, as no other has a part in the run; or, where the run ends because others may come by,
///   one more than the scenario lets take part.
std::vector<SettingList> replay_plan(const Scenario& scenario, const Model& model, const StartResult& start,
                                     const ProofFailure& failure);

}  // namespace halfopen
