/// Holds files of observations against policies.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "conformance/vectors.hpp"
#include "conformance/verdict.hpp"
#include "spec/policy/policy.hpp"

namespace halfopen::conformance {

/// What came of one file.
struct FileVerdict {
    std::string file;
    PolicyKind kind = PolicyKind::Endpoint;
    std::string policy;
    std::string kernel;  ///< as recorded; empty where it was not
    std::size_t cases = 0, cases_agreed = 0;
    std::size_t agreed = 0, disagreed = 0, behind = 0, outside = 0;  ///< segments and calls
    std::map<std::string, std::size_t> outside_reasons;              ///< of segments and calls
    std::map<std::string, std::size_t> disagreeing_rules;            ///< how often each decided otherwise
    Tally tally;
    std::vector<Disagreement> disagreements;  ///< all of them
};

/// policy: of the vectors' kind.  host: the TCP of a NAT's own host; not looked at for endpoints.  Throws
/// InputError with file and line where a recording fixes a parameter that the policy does not have.
FileVerdict conform(const Vectors& vectors, const Policy& policy, const Policy& host);

struct Coverage;

/// For people; at most `most` disagreements in full.
std::string conform_text(const std::vector<FileVerdict>& files, std::size_t most);
std::string conform_json(const std::vector<FileVerdict>& files, std::size_t most);
/// covered: none where it was not asked for.
std::string conform_json(const std::vector<FileVerdict>& files, std::size_t most,
                         const std::vector<Coverage>& covered);

}  // namespace halfopen::conformance
