/// Segments, what they meet and what comes of it, in words and as JSON.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy_report/words.hpp"
#include "solver/policy_diff.hpp"
#include "spec/nat/side_names.hpp"

namespace halfopen {

/// Every member of an actor by its name, as text.
using Members = std::vector<std::pair<std::string, std::string>>;
Members members_of(const ConcreteTcb& tcb);
Members members_of(const ConntrackEntry<ConcreteReading>& entry);

/// "ESTABLISHED", "SYN_RECV, reply direction".
std::string state_text(const PolicyKind kind, const PolicyCase& at);
/// What the witness needs beyond a usual connection, as `show --with` takes it: "rcv_wnd=0,orphan=true", or
/// empty.
std::string with_text(const Policy& policy, const PolicyWitness& witness);
ReportJson witness_json(const PolicyWitness& witness);

/// One thing that happened each: "sends …", "the connection is gone", "rcv_nxt 1 -> 2".
std::vector<std::string> outcome_lines(const PolicyWitness& witness, const PolicyOutcome& outcome);
ReportJson outcome_json(const PolicyWitness& witness, const PolicyOutcome& outcome);

}  // namespace halfopen
