// How results are put into words.
#include "check/report.hpp"

#include <catch2/catch.hpp>

using namespace halfopen;

TEST_CASE("The numbers that lose are said as intervals of ISS - RCV.NXT, with their share") {
    LosingNumbers half;
    half.intervals = {{65'536, 2'147'418'111}, {4'294'967'295, 1}};
    half.count = 2'147'418'112;
    CHECK(describe_share(half) ==
          "2147418112 of 2^32 (50.0 %): ISS - RCV.NXT in [65536, 2147483646] or 4294967295");
}

TEST_CASE("A single number that loses is not rounded to none, and all but one not to all") {
    LosingNumbers one;
    one.intervals = {{4'294'967'295, 1}};
    one.count = 1;
    CHECK(describe_share(one) == "1 of 2^32 (<0.1 %): ISS - RCV.NXT in 4294967295");
    LosingNumbers others;
    others.intervals = {{0, 4'294'967'295}};
    others.count = 4'294'967'295;
    CHECK(describe_share(others) == "4294967295 of 2^32 (>99.9 %): ISS - RCV.NXT in [0, 4294967294]");
}

TEST_CASE("Where every number loses no interval is given") {
    LosingNumbers all;
    all.intervals = {{794'967'296, 4'294'967'296}};
    all.count = 4'294'967'296;
    CHECK(describe_share(all) == "all 2^32: any ISS");
}
