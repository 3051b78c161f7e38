/// Least and greatest arcs around a value, held against arcs for which they are known.
#include "solver/arc_search.hpp"

#include <catch2/catch.hpp>

using namespace halfopen;

namespace {

constexpr std::uint32_t middle = 5;

/// Whether `inner`, which contains the value, lies in `outer`.
bool lies_in(const Arc& inner, const Arc& outer) {
    const std::uint64_t skipped = inner.first - outer.first;
    return outer.everything() || (outer.contains(inner.first) && skipped + inner.size <= outer.size);
}

}  // namespace

TEST_CASE("The least arc around a value is the one that all others contain") {
    for (const Arc& known : {Arc{5, 1}, Arc{4, 2}, Arc{5, 100}, Arc{0, 6}, Arc{0xFFFFFF00, 0x200}}) {
        const auto found = least_arc(middle, 1000, [&](const Arc& arc) { return lies_in(known, arc); });
        CHECK(found == known);
    }
    const Arc far{5, 1002};
    CHECK_FALSE(least_arc(middle, 1000, [&](const Arc& arc) { return lies_in(far, arc); }));
    CHECK(least_arc(middle, 1001, [&](const Arc& arc) { return lies_in(far, arc); }) == far);
}

TEST_CASE("The greatest arc around a value is the one that contains all others") {
    for (const Arc& known : {Arc{5, 1}, Arc{4, 2}, Arc{0, 6}, Arc{0xFFFFFF00, 0x200}, Arc{6, all_values - 1},
                             Arc{middle, all_values}})
        if (known.contains(middle))
            CHECK(greatest_arc(middle, [&](const Arc& arc) { return lies_in(arc, known); })->size ==
                  known.size);
    CHECK_FALSE(greatest_arc(middle, [](const Arc&) { return false; }));
}
