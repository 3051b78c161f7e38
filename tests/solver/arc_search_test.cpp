/// Least and greatest arcs around a value, held against arcs for which they are known.
#include "solver/arc_search.hpp"

#include <catch2/catch.hpp>
#include <vector>

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
    // Who is asked may know a value outside, which may be the next one or the last one, or none by name.
    for (const auto& which : {0, 1, 2}) {
        const auto least = [&](const Arc& of, std::uint32_t reach, std::vector<std::uint32_t> known = {}) {
            std::size_t questions = 0;
            const auto found = least_arc(middle, reach, known, [&](const Arc& arc) {
                CHECK(++questions < 40);
                const std::uint32_t last = of.first + static_cast<std::uint32_t>(of.size - 1);
                if (lies_in(of, arc)) return Outside{true, {}};
                if (which == 0) return Outside{};
                if (arc.contains(of.first))
                    return Outside{false,
                                   which == 1 ? arc.first + static_cast<std::uint32_t>(arc.size) : last};
                return Outside{false, which == 1 ? arc.first - 1 : of.first};
            });
            return found;
        };
        for (const Arc& known : {Arc{5, 1}, Arc{4, 2}, Arc{5, 100}, Arc{0, 6}, Arc{0xFFFFFF00, 0x200}}) {
            CHECK(least(known, 1000) == known);
            CHECK(least(known, 1000, {known.first}) == known);
        }
        const Arc far{5, 1002};
        CHECK_FALSE(least(far, 1000));
        CHECK_FALSE(least(far, 1000, {5 + 1001}));
        CHECK(least(far, 1001) == far);
    }
}

TEST_CASE("An arc all of whose edges are known takes three questions") {
    std::size_t questions = 0;
    const Arc arc{0xFFFFFF00, 0x200};
    const std::vector<std::uint32_t> edges{arc.first, 0xFF};
    CHECK(least_arc(middle, 1000, edges, [&](const Arc& asked) {
              ++questions;
              return Outside{lies_in(arc, asked), {}};
          }) == arc);
    CHECK(questions == 3);
}

TEST_CASE("The greatest arc around a value is the one that contains all others") {
    for (const Arc& known : {Arc{5, 1}, Arc{4, 2}, Arc{0, 6}, Arc{0xFFFFFF00, 0x200}, Arc{6, all_values - 1},
                             Arc{middle, all_values}})
        if (known.contains(middle))
            CHECK(greatest_arc(middle, [&](const Arc& arc) { return lies_in(arc, known); })->size ==
                  known.size);
    CHECK_FALSE(greatest_arc(middle, [](const Arc&) { return false; }));
}
