/// Which policies do not do the same in both libraries.
#include <algorithm>
#include <set>

#include "gate/fingerprint.hpp"
#include "gate/gate.hpp"

namespace halfopen::gate {
namespace {

std::optional<Policy> load(const PolicyLibrary& library, PolicyKind kind, const std::string& name,
                           const std::vector<std::string>& names) {
    if (!std::binary_search(names.begin(), names.end(), name)) return std::nullopt;
    return library.load(kind, name);
}

}  // namespace

std::vector<PolicyChange> changed_policies(const PolicyLibrary& before, const PolicyLibrary& after) {
    std::vector<PolicyChange> changes;
    for (const PolicyKind kind : {PolicyKind::Endpoint, PolicyKind::Nat}) {
        const std::vector<std::string> old_names = before.names(kind), new_names = after.names(kind);
        std::set<std::string> names(old_names.begin(), old_names.end());
        names.insert(new_names.begin(), new_names.end());
        for (const std::string& name : names) {
            PolicyChange change{
                kind, name, load(before, kind, name, old_names), load(after, kind, name, new_names), {}};
            if (change.before && change.after) {
                if (behaviour_text(*change.before) == behaviour_text(*change.after)) continue;
                change.diff = diff(*change.before, *change.after);
                if (change.diff.same()) continue;  // said differently, and the same
            }
            changes.push_back(std::move(change));
        }
    }
    return changes;
}

}  // namespace halfopen::gate
