#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "explorer/string_column.hpp"

namespace {

using halfopen::explorer::StringColumn;
using String = std::vector<std::byte>;

String random_string(std::mt19937& random, std::size_t length) {
    String string(length);
    std::ranges::generate(string, [&] { return static_cast<std::byte>(random()); });
    return string;
}

/// Puts strings of these lengths in; each must then be found, and where it was found first.
void check_keeps(const std::vector<std::size_t>& lengths) {
    std::mt19937 random(11);
    StringColumn column;
    std::vector<String> strings;
    std::vector<const std::byte*> places;
    for (const std::size_t length : lengths) {
        strings.push_back(random_string(random, length));
        column.push_back(strings.back());
        places.push_back(column[column.size() - 1].data());
    }
    REQUIRE(column.size() == strings.size());
    bool same = true;
    for (std::uint32_t id = 0; id < column.size(); ++id)
        same = same && std::ranges::equal(column[id], strings[id]) && column[id].data() == places[id];
    CHECK(same);
}

TEST_CASE("strings of one length are kept, over many pieces", "[explorer][string_column]") {
    check_keeps(std::vector<std::size_t>(10'000, 6));
    check_keeps(std::vector<std::size_t>(100, 64));
    check_keeps(std::vector<std::size_t>(100, 65));
    check_keeps(std::vector<std::size_t>(20, 0));
}

TEST_CASE("strings of other lengths may follow, at any place, short and long", "[explorer][string_column]") {
    std::mt19937 random(12);
    for (const std::size_t alike : {0U, 1U, 15U, 16U, 4'095U, 4'096U, 4'097U}) {
        std::vector<std::size_t> lengths(alike, 5);
        for (int i = 0; i < 3'000; ++i) lengths.push_back(random() % (i % 50 == 0 ? 3'000 : 40));
        for (const std::size_t length : {253U, 254U, 255U, 256U, 3'000'000U, 5U}) lengths.push_back(length);
        check_keeps(lengths);
    }
}

TEST_CASE("strings of one length take no memory but their own", "[explorer][string_column]") {
    StringColumn column;
    const String string(7);
    for (int i = 0; i < 40'960; ++i) column.push_back(string);
    CHECK(column.memory_bytes() < 40'960 * 7 + 1'000);
}

}  // namespace
