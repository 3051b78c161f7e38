/// What a NAT can have of a connection, whatever has come by.
#include "solver/recovery/entry_induction.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "solver/path_explorer.hpp"
#include "solver/recovery/unknown_entry.hpp"
#include "solver/unknown_segment.hpp"
#include "spec/nat/entry_invariant.hpp"
#include "spec/nat/tracker.hpp"
#include "spec/tcp/segment_fields.hpp"
#include "tests/solver/both_readings.hpp"
#include "tests/temporary_folder.hpp"

using namespace halfopen;
using namespace halfopen::testing;

namespace {

constexpr EntryOf whose{{0x0a010001, 903}, {0xc0000201, 903}, {0xc0000202, 2049}};

Nat changed(const std::string& extends, const std::string& rule) {
    const test::TemporaryFolder folder;
    return Nat(shipped_policies().load(
        PolicyKind::Nat,
        folder.write("changed.toml", "name = \"changed\"\ntitle = \"with one rule more\"\nextends = \"" +
                                         extends + "\"\n[[rule]]\nid = \"one-more\"\n" + rule +
                                         "source = \"a test\"\n")));
}

}  // namespace

TEST_CASE("No segment and no time-out takes a mapping of any shipped NAT out of the invariant", "[.sweep]") {
    AnsweredQuestions answered;  // NATs of one family differ in little
    for (const std::string& name : shipped_policies().names(PolicyKind::Nat)) {
        z3::context context;
        const Nat nat(shipped_policies().load(PolicyKind::Nat, name));
        const Induction found = entry_invariant(context, nat, {}, {}, &answered);
        CAPTURE(name, found.failures);
        CHECK(found.holds());
        // 2 sides x 12 kinds of segments, of no entry and of each state; a timer of each; 2 restored.
        CHECK(found.cases == 24 + 25 * entry_states(nat).size() + 2);
        CHECK(found.paths >= found.cases);
    }
}

TEST_CASE("Of each state that a NAT's mappings can be in there is one that the invariant allows") {
    for (const std::string& name : shipped_policies().names(PolicyKind::Nat)) {
        const Nat nat(shipped_policies().load(PolicyKind::Nat, name));
        for (const TrackState state : entry_states(nat)) {
            z3::context context;
            PathExplorer paths(context);
            Z3Reading r(context, &paths);
            paths.assume(known_of_entry(r, nat, unknown_entry(r, nat, whose, state)));
            INFO(name << " " << to_string(state));
            CHECK(paths.explore([](Z3Reading&) {}, [](const z3::expr&) {}) == 1);
        }
    }
}

TEST_CASE("A NAT that moves an entry on against what its sides amount to is found out") {
    z3::context context;
    const Nat nat = changed("pf-old",
                            "state = \"SYN_SENT\"\nsegment = \"ACK\"\ndirection = \"reply\"\n"
                            "do = [\"enter ESTABLISHED\", \"accept\"]\nbefore = \"in-window\"\n");
    const Induction found = entry_invariant(context, nat);
    REQUIRE_FALSE(found.holds());
    CHECK(std::all_of(found.failures.begin(), found.failures.end(), [](const std::string& failure) {
        return failure.starts_with("SYN_SENT, ") &&
               failure.ends_with("its marks leave the invariant in ESTABLISHED");
    }));
}

TEST_CASE("That no side's window is larger than there are is no invariant of conntrack's entries") {
    z3::context context;
    const Nat nat(shipped_policies().load(PolicyKind::Nat, "linux-2.6.31"));
    PathExplorer paths(context);
    Z3Reading names(context);
    const Segment<Z3Reading> probe = unknown_segment(names, {}, {}, flag::ack, 100);
    const auto entry = [&](Z3Reading& r) { return unknown_entry(r, nat, whose, TrackState::Established); };
    paths.assume(possible_numbers(names, entry(names)) && possible_segment(names, probe));
    bool leaves = false;
    paths.explore(
        [&](Z3Reading& r) {
            ConntrackEntry<Z3Reading> now = entry(r);
            track(r, nat, now, probe, original);
            return now;
        },
        [&](const z3::expr&, const ConntrackEntry<Z3Reading>& now) {
            Z3Reading r(context);
            CHECK_FALSE(paths.refute(reachable_numbers(r, now)));
            leaves |= paths.refute(possible_numbers(r, now)).has_value();
        });
    CHECK(leaves);
}
