#include "spec/policy/duration.hpp"

#include <catch2/catch.hpp>

using namespace halfopen;

TEST_CASE("Durations are milliseconds, or a number with a unit") {
    CHECK(milliseconds_from_text("0") == 0);
    CHECK(milliseconds_from_text("12000") == 12'000);
    CHECK(milliseconds_from_text("500ms") == 500);
    CHECK(milliseconds_from_text("75s") == 75'000);
    CHECK(milliseconds_from_text("6min") == 360'000);
    CHECK(milliseconds_from_text("2h") == 7'200'000);
    CHECK(milliseconds_from_text("5d") == 432'000'000);
    CHECK(milliseconds_from_text("5 d") == 432'000'000);
}

TEST_CASE("What is no duration is refused") {
    for (const char* text : {"", " ", "s", "-1", "+1", "1m", "1.5s", "1 ", " 1", "1  s", "s1", "1e3", "0x10",
                             "1sec", "99999999999999999999", "9223372036854775807d"})
        CHECK_FALSE(milliseconds_from_text(text));
}

TEST_CASE("The largest number of milliseconds still fits") {
    CHECK(milliseconds_from_text("9223372036854775807") == INT64_MAX);
    CHECK_FALSE(milliseconds_from_text("9223372036854775808"));
    CHECK_FALSE(milliseconds_from_text("9223372036854775807s"));
}

TEST_CASE("A duration is shown in the largest unit that it is a multiple of, and reads back") {
    CHECK(text_from_milliseconds(0) == "0");
    CHECK(text_from_milliseconds(1500) == "1500ms");
    CHECK(text_from_milliseconds(90'000) == "90s");
    CHECK(text_from_milliseconds(7'200'000) == "2h");
    CHECK(text_from_milliseconds(432'000'000) == "5d");
    for (const std::int64_t ms : {1, 999, 1000, 60'000, 61'000, 3'600'000, 86'400'000, 90'061'001})
        CHECK(milliseconds_from_text(text_from_milliseconds(ms)) == ms);
}
