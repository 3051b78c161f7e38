/// "What happens if this segment meets that connection, and which rule says so?"
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy_report/words.hpp"
#include "solver/policy_case.hpp"

namespace halfopen {

/// As people write it.
struct Question {
    std::string state;      ///< "ESTABLISHED"
    std::string segment;    ///< "SYN seq=1000", or as tcpdump has it: "S 1000 [TS val 5 ecr 7]"
    std::string with;       ///< "rcv_nxt=5,orphan=true": members of the TCB or entry that are not as usual
    std::string direction;  ///< NATs: "original" or "reply"; empty is original
};

/// Whether it is about a connection with timestamps: the segment carries one, or TS.Recent is given.  The
/// policy needs its parameter `timestamps` on then.
bool is_about_timestamps(const Question& question);

/// The segment and what it meets.  Numbers that the question does not give are those of a usual connection; a
/// segment's are then the next in order.  Throws InputError, with the option's name as the place.
PolicyWitness read_question(const Policy& policy, const Question& question);

/// A rule that was asked and does not match, with its first condition that does not hold.
struct Passed {
    const Rule* rule = nullptr;
    std::string because;
};
/// Those before the one that decides, in order.  The rules belong to the policy.
std::vector<Passed> passed_rules(const Policy& policy, const PolicyWitness& witness);

std::string answer_text(const Policy& policy, const PolicyWitness& witness);
ReportJson answer_json(const Policy& policy, const PolicyWitness& witness);

}  // namespace halfopen
