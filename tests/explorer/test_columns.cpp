#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "explorer/columns.hpp"

namespace {

using namespace halfopen::explorer;

/// Puts the values into a column, and reads all of it back.
template <class AnyColumn, class T>
void check_holds(const std::vector<T>& values) {
    AnyColumn column;
    for (const T value : values) {
        column.push_back(value);
    }
    REQUIRE(column.size() == values.size());
    CHECK(column == values);
    CHECK(column.back() == values.back());
    CHECK(std::ranges::equal(column, values));
    AnyColumn copy = column;
    copy.push_back(values.back());
    CHECK(copy.size() == values.size() + 1);
    CHECK(column == values);
}

TEST_CASE("a column gives back what was put in, over many pieces", "[explorer][columns]") {
    std::mt19937 random(7);
    std::vector<std::uint32_t> values(100'000);
    std::ranges::generate(values, random);
    check_holds<Column<std::uint32_t>>(values);
    check_holds<Column<std::uint64_t>>(std::vector<std::uint64_t>(50'000, 1ULL << 40U));
    check_holds<Column<std::uint8_t>>(std::vector<std::uint8_t>(200'000, 9));
}

TEST_CASE("a coded column takes a byte for few different values, and any value for many",
          "[explorer][columns]") {
    std::mt19937 random(8);
    std::vector<std::uint32_t> few(300'000);
    std::ranges::generate(few, [&] { return static_cast<std::uint32_t>(random() % 256) * 1'000'003U; });
    check_holds<CodedColumn>(few);
    CodedColumn coded;
    std::ranges::for_each(few, [&](std::uint32_t value) { coded.push_back(value); });
    CHECK(coded.memory_bytes() < 400'000);
    std::vector<std::uint32_t> many = few;
    for (std::uint32_t value = 0; value < 1000; ++value) {
        many.push_back(value);
        many.push_back(few[value]);
    }
    check_holds<CodedColumn>(many);
}

TEST_CASE("a step column keeps a value that seldom grows in next to no memory", "[explorer][columns]") {
    std::vector<std::uint32_t> depths;
    for (std::uint32_t depth = 3; depth < 60; ++depth) {
        depths.insert(depths.end(), depth * 100, depth);
    }
    check_holds<StepColumn>(depths);
    StepColumn column;
    std::ranges::for_each(depths, [&](std::uint32_t depth) { column.push_back(depth); });
    CHECK(column.memory_bytes() < 2000);
    CHECK(std::ranges::is_sorted(column));
}

}  // namespace
