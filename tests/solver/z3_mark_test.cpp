/// Marks that are decided only where somebody looks at them.
#include "solver/z3_mark.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "solver/path_explorer.hpp"
#include "spec/nat/conntrack_entry.hpp"

using namespace halfopen;

namespace {

/// How many paths there are through what looks at an entry with unknown marks.
template <class Look>
std::size_t paths_of(Look&& look) {
    z3::context context;
    PathExplorer paths(context);
    return paths.explore(
        [&](Z3Reading& r) {
            ConntrackEntry<Z3Reading> entry;
            entry.seen_reply = r.unknown_mark<bool>("seen_reply", 2);
            entry.last_class = r.unknown_mark<SegmentClass>("last_class", segment_class_count);
            look(entry);
        },
        [](const z3::expr&) {});
}

}  // namespace

TEST_CASE(
    "A mark that nobody looks at makes no cases, and one that is looked at often makes its cases once") {
    CHECK(paths_of([](auto&) {}) == 1);
    CHECK(paths_of([](auto& entry) { entry.assured = true; }) == 1);
    CHECK(paths_of([](auto& entry) { (void)(entry.seen_reply && entry.seen_reply); }) == 2);
    CHECK(paths_of([](auto& entry) {
              const bool first = entry.seen_reply;
              REQUIRE(first == entry.seen_reply);
              const auto copy = entry;
              REQUIRE(first == copy.seen_reply);
          }) == 2);
    CHECK(paths_of([](auto& entry) {
              entry.seen_reply = true;  // whatever it was
              REQUIRE(entry.seen_reply);
          }) == 1);
}

TEST_CASE("A mark with several values is asked for the one that matters, or for each") {
    CHECK(paths_of([](auto& entry) { (void)(entry.last_class == SegmentClass::Rst); }) == 2);
    std::set<SegmentClass> seen;
    CHECK(paths_of([&](auto& entry) { seen.insert(entry.last_class); }) == segment_class_count);
    CHECK(seen.size() == segment_class_count);
    // What has been found out by a comparison is true of the whole.
    CHECK(paths_of([](auto& entry) {
              const bool rst = entry.last_class == SegmentClass::Rst;
              const SegmentClass all = entry.last_class;
              REQUIRE(rst == (all == SegmentClass::Rst));
          }) == segment_class_count);
}

TEST_CASE("A plain mark is as plain as in the explorer's entries") {
    Z3Mark<std::uint8_t> count = 3;
    ++count;
    CHECK(count == std::uint8_t{4});
    CHECK_FALSE(count.term());
    CHECK(count >= std::uint8_t{4});
}

TEST_CASE("An unknown mark that no oracle can decide is not taken to be anything") {
    z3::context context;
    const Z3Reading r(context);
    const auto mark = r.unknown_mark<bool>("seen_reply", 2);
    CHECK_THROWS_AS(static_cast<bool>(mark), std::logic_error);
}
