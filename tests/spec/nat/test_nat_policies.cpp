// What holds of every NAT policy in the library.

#include <set>

#include "spec/nat/nat_vocabulary.hpp"
#include "tests/spec/nat/nat_fixture.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

std::vector<std::string> library_names() {
    return PolicyLibrary(std::filesystem::path(HALFOPEN_SOURCE_DIR) / "spec/policies").names(PolicyKind::Nat);
}

}  // namespace

TEST_CASE("every NAT policy loads, and each of its rules cites a source") {
    const PolicyLibrary library(std::filesystem::path(HALFOPEN_SOURCE_DIR) / "spec/policies");
    const auto names = library.names(PolicyKind::Nat);
    CHECK(names.size() >= 20);
    for (const auto& name : names) {
        const Nat nat(library.load(PolicyKind::Nat, name));
        INFO(name);
        CHECK(nat.policy().name == name);
        for (const auto& rule : nat.policy().rules) {
            INFO(rule.id);
            CHECK(rule.source.size() > 20);
            CHECK_FALSE(rule.actions.empty());
        }
    }
}

TEST_CASE("every rule ends in exactly one verdict, and none acts after it") {
    const std::set<NatAction> verdicts{NatAction::Accept, NatAction::Ignore, NatAction::Invalid,
                                       NatAction::Drop, NatAction::Repeat};
    for (const auto& era : library_names()) {
        const Nat nat = nat_of(era);
        for (const auto& rule : nat.policy().rules) {
            INFO(era << ": " << rule.id);
            std::size_t given = 0;
            for (const auto& action : rule.actions)
                given += verdicts.count(static_cast<NatAction>(action.verb));
            CHECK(given == 1);
            CHECK(verdicts.count(static_cast<NatAction>(rule.actions.back().verb)) == 1);
        }
    }
}

TEST_CASE("every segment meets a rule in every state and direction") {
    for (const auto& era : library_names()) {
        const Nat nat = nat_of(era);
        for (std::size_t state = 0; state < track_state_count; ++state)
            for (std::size_t segment = 0; segment < segment_class_count; ++segment)
                for (const auto direction : {direction_original, direction_reply}) {
                    const auto rules = nat.table().rules(state, segment, direction);
                    INFO(era << ": " << track_state_names[state] << " " << segment_class_names[segment]);
                    REQUIRE_FALSE(rules.empty());
                    CHECK(rules.back().predicates.empty());
                }
    }
}

TEST_CASE("the list of fields names each member once, with no member left out") {
    std::set<std::string> names;
    std::size_t bytes = 0, count = 0;
    const auto visit = [&](const char* name, auto& member) {
        names.insert(name);
        bytes += sizeof(member);
        ++count;
    };
    Entry entry;
    fields(visit, entry);
    CHECK(names.size() == count);
    // All that is missing to the whole is padding.
    CHECK(sizeof(Entry) - bytes < 48);
}
