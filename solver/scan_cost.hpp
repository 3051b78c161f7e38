/// How many guesses it takes to hit a number of which nothing is known.
#pragma once

#include <cstdint>
#include <span>

namespace halfopen {

struct ScanCost {
    double expected = 0;  ///< guesses up to and with the one that hits, on average
    double at_most = 0;   ///< this many certainly hit
};

/// A target has one coordinate for each element of `sizes`, each uniform over 2^32 values.  A guess hits
/// where every coordinate lies in an arc of that many values, 1 to 2^32, which the guesser may move anywhere.
/// He moves it in steps of its own size, so that the boxes do not overlap, and takes those that are cut short
/// at the end of an axis last.  Along one axis no order of guesses has a lower expectation: the first n
/// guesses hit n * size values, and more they cannot.
///
/// The sums are made in exact rational numbers; only the result is rounded to a double.
ScanCost scan_cost(std::span<const std::uint64_t> sizes);

/// No order of guesses of which each hits at most this share of the targets has a lower expectation.
double least_expected_guesses(double share);

}  // namespace halfopen
