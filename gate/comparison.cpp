/// What is worse and what is better.
#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <array>

#include "counterexamples/narration.hpp"
#include "gate/gate.hpp"

namespace halfopen::gate {
namespace {

constexpr std::array<std::string_view, kind_count> names_of_kinds{
    "verdict", "recovery-time", "leak", "cross", "collateral", "storm", "blind-reset", "model"};
constexpr std::array<std::string_view, kind_count> meanings{
    "A client can now be left without its connection in a way that was not possible before",
    "The slowest recovery of a client's connection takes longer than before",
    "A segment can now leave a NAT untranslated",
    "A segment of one connection can now change the state of another",
    "A connection that had recovered can now be killed",
    "Segments can now chase each other without time passing",
    "An off-path attacker needs fewer spoofed segments to end an established connection",
    "A scenario can no longer be built from its policies"};

/// How bad; inconclusive is never good, so it stands above all.
int rank(explorer::Verdict verdict) {
    using explorer::Verdict;
    switch (verdict) {
        case Verdict::Bounded:
            return 0;
        case Verdict::Unbounded:
            return 1;
        case Verdict::Storm:
            return 2;
        case Verdict::Permanent:
            return 3;
        case Verdict::Inconclusive:
            break;
    }
    return 4;
}

std::string text_of(const Outcome& outcome) {
    std::string text(to_string(outcome.verdict));
    if (outcome.worst_ms) text += ", " + describe_duration(*outcome.worst_ms) + " at worst";
    return text;
}

}  // namespace

std::string_view to_string(Kind kind) { return names_of_kinds[static_cast<std::size_t>(kind)]; }
std::string_view meaning(Kind kind) { return meanings[static_cast<std::size_t>(kind)]; }

std::vector<Finding> compare(const Outcome& before, const Outcome& after, std::uint64_t slower_ms) {
    std::vector<Finding> found;
    const auto add = [&](Kind kind, bool worse, std::string was, std::string is) {
        found.push_back({kind, worse, false, std::move(was), std::move(is), {}, {}});
    };
    const int was = rank(before.verdict), is = rank(after.verdict);
    if (was != is) {
        add(Kind::Verdict, is > was, text_of(before), text_of(after));
    } else if (before.worst_ms && after.worst_ms) {
        const std::uint64_t slowest = std::max(*before.worst_ms, *after.worst_ms);
        const std::uint64_t fastest = std::min(*before.worst_ms, *after.worst_ms);
        if (slowest - fastest > slower_ms)
            add(Kind::RecoveryTime, slowest == *after.worst_ms, describe_duration(*before.worst_ms),
                describe_duration(*after.worst_ms));
    }
    // What could not be decided has no properties to speak of.
    if (was == 4 || is == 4) return found;
    const auto property = [&](Kind kind, bool old_value, bool new_value) {
        if (old_value != new_value)
            add(kind, new_value, old_value ? "possible" : "impossible",
                new_value ? "possible" : "impossible");
    };
    property(Kind::Leak, before.properties.leak, after.properties.leak);
    property(Kind::Cross, before.properties.cross, after.properties.cross);
    property(Kind::Collateral, before.properties.collateral, after.properties.collateral);
    property(Kind::Storm, before.properties.storm, after.properties.storm);
    return found;
}

bool allowed(const std::vector<std::string>& allowances, const std::string& pairing, Kind kind,
             std::vector<bool>* used) {
    bool any = false;
    for (std::size_t i = 0; i < allowances.size(); ++i) {
        const std::string& allowance = allowances[i];
        const auto colon = allowance.rfind(':');
        const bool is_kind =
            std::find(names_of_kinds.begin(), names_of_kinds.end(), allowance) != names_of_kinds.end();
        const std::string where = is_kind ? "*" : allowance.substr(0, colon);
        const std::string what = is_kind                      ? allowance
                                 : colon == std::string::npos ? std::string("*")
                                                              : allowance.substr(colon + 1);
        if (fnmatch(where.c_str(), pairing.c_str(), 0) != 0) continue;
        if (fnmatch(what.c_str(), std::string(to_string(kind)).c_str(), 0) != 0) continue;
        any = true;
        if (used != nullptr) (*used)[i] = true;
    }
    return any;
}

bool PairingReport::worse() const {
    return std::any_of(findings.begin(), findings.end(),
                       [](const Finding& f) { return f.worse && !f.allowed; });
}
bool PairingReport::better() const {
    return !worse() &&
           std::any_of(findings.begin(), findings.end(), [](const Finding& f) { return !f.worse; });
}
bool PairingReport::undecided() const { return after && after->verdict == explorer::Verdict::Inconclusive; }
bool GateReport::worse() const {
    return std::any_of(pairings.begin(), pairings.end(), [](const PairingReport& p) { return p.worse(); });
}
bool GateReport::undecided() const {
    return std::any_of(pairings.begin(), pairings.end(),
                       [](const PairingReport& p) { return p.undecided(); });
}

}  // namespace halfopen::gate
