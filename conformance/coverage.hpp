/// What of a policy's table recordings have put to the test.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "conformance/conform.hpp"

namespace halfopen::conformance {

struct Coverage {
    PolicyKind kind = PolicyKind::Endpoint;
    std::string policy;
    std::vector<std::pair<std::string, std::size_t>>
        rules;                                   ///< in the policy's order: how often each decided
    std::size_t cells = 0;                       ///< state, class and direction for which there is a rule
    std::vector<std::string> cells_not_reached;  ///< "SYN_RECV: SYN-ACK original"
};

/// Of those files that are about the policy's kind.
Coverage coverage(const std::vector<FileVerdict>& files, const Policy& policy);

/// For people; empty for none.
std::string coverage_text(const std::vector<Coverage>& covered);

}  // namespace halfopen::conformance
