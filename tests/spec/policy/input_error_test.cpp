#include "spec/policy/input_error.hpp"

#include <array>
#include <catch2/catch.hpp>

using namespace halfopen;

TEST_CASE("A place is shown as far as it is known") {
    CHECK(to_string(Place{"a.toml", 3, 7}) == "a.toml:3:7");
    CHECK(to_string(Place{"a.toml", 3, 0}) == "a.toml:3");
    CHECK(to_string(Place{"a.toml", 0, 0}) == "a.toml");
    CHECK(to_string(Place{"--set", 0, 5}) == "--set");
    CHECK(to_string(Place{}).empty());
}

TEST_CASE("An error is one line with its place in front") {
    CHECK(std::string(InputError(Place{"a.toml", 3, 7}, "wrong").what()) == "a.toml:3:7: wrong");
    CHECK(std::string(InputError(Place{}, "wrong").what()) == "wrong");
    CHECK(std::string(InputError("two\nlines\t\x1b[31m").what()) == "two\\nlines\\t\\x1b[31m");
}

TEST_CASE("A long name is cut in messages, at a whole character") {
    CHECK(in_quotes("short") == "\"short\"");
    const std::string shown = in_quotes(std::string(79, 'a') + "é" + std::string(500, 'b'));
    CHECK(shown == "\"" + std::string(79, 'a') + "…\"");
}

TEST_CASE("The nearest name is the one a typing error away") {
    constexpr std::array<std::string_view, 4> states{"LISTEN", "ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2"};
    CHECK(nearest_name("ESTABLISHD", states) == "ESTABLISHED");
    CHECK(nearest_name("established", states) == "ESTABLISHED");
    CHECK(nearest_name("LITSEN", states) == "LISTEN");
    CHECK(nearest_name("FIN-WAIT-2", states) == "FIN_WAIT_2");
    CHECK(nearest_name("FIN_WAIT", states) == "FIN_WAIT_1");
    CHECK(nearest_name("xyz", states).empty());
    CHECK(nearest_name("", states).empty());
    CHECK(nearest_name(std::string(1'000'000, 'E'), states).empty());
}

TEST_CASE("One letter is not taken for another") {
    constexpr std::array<std::string_view, 2> letters{"a", "b"};
    CHECK(nearest_name("x", letters).empty());
}

TEST_CASE("An unknown name is answered with the nearest one and a list where it is short") {
    constexpr std::array<std::string_view, 2> few{"original", "reply"};
    CHECK(unknown_name("direction", "replay", few) ==
          "unknown direction \"replay\"; did you mean \"reply\"? (allowed: original, reply)");
    CHECK(unknown_name("direction", "up", few) == "unknown direction \"up\" (allowed: original, reply)");
    CHECK(unknown_name("policy", "x", {}) == "unknown policy \"x\" (there are none)");
    std::array<std::string_view, longest_list_in_error + 1> many;
    many.fill("name");
    CHECK(unknown_name("thing", "x", many) == "unknown thing \"x\"");
}
