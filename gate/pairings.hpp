/// Which combinations of clients, NATs and servers a change of policies can reach.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gate/gate.hpp"

namespace halfopen::gate {

/// One combination in both libraries.
struct Pairing {
    std::string id, title;
    std::string text;  ///< of the scenario with its settings: a part of the cache key
    std::shared_ptr<const Model> before, after;
    std::string error_before, error_after;  ///< why there is no model
    std::vector<std::string> policies;      ///< that changed, of those that it runs
};

/// The folder's scenarios, and the single files, sorted by path.  Throws InputError where there is none.
std::vector<std::filesystem::path> scenario_files(const std::vector<std::filesystem::path>& places);

/// Every scenario and every variant that runs a changed policy; and each changed policy as server, client and
/// NAT (whatever it can be) in the scenario named "founding", if there is one, with one client, that gives
/// connect() up and that does not.  untouched: how many scenarios and variants run none.
std::vector<Pairing> affected_pairings(const std::vector<std::filesystem::path>& files,
                                       const PolicyLibrary& before, const PolicyLibrary& after,
                                       const std::vector<PolicyChange>& changes, std::size_t& untouched);

}  // namespace halfopen::gate
