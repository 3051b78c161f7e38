#include "solver/scan_cost.hpp"

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <vector>

#include "spec/numbers/cells.hpp"

namespace halfopen {
namespace {

using Count = boost::multiprecision::cpp_int;
using Ratio = boost::multiprecision::cpp_rational;

/// So many boxes of which each covers so many targets that none before has covered.
struct Boxes {
    Count how_many = 1;
    Count volume = 1;
};

}  // namespace

ScanCost scan_cost(std::span<const std::uint64_t> sizes) {
    std::vector<Boxes> kinds{Boxes{}};
    Count all = 1;
    for (const std::uint64_t size : sizes) {
        const std::uint64_t whole = all_values / size, rest = all_values % size;
        all *= all_values;
        std::vector<Boxes> longer;
        for (const Boxes& kind : kinds) {
            longer.push_back({kind.how_many * whole, kind.volume * size});
            if (rest > 0) longer.push_back({kind.how_many, kind.volume * rest});
        }
        kinds = std::move(longer);
    }
    std::stable_sort(kinds.begin(), kinds.end(),
                     [](const Boxes& a, const Boxes& b) { return a.volume > b.volume; });
    Count guesses = 0;
    Ratio expected = 0;
    for (const Boxes& kind : kinds) {
        // The i-th of them is guess number guesses + i.
        const Count numbers = kind.how_many * guesses + kind.how_many * (kind.how_many + 1) / 2;
        expected += Ratio(numbers * kind.volume, all);
        guesses += kind.how_many;
    }
    return {static_cast<double>(expected), static_cast<double>(guesses)};
}

double least_expected_guesses(double share) {
    if (share >= 1) return 1;
    // With probability max(0, 1 - n * share) the first n guesses have missed.
    const double last = std::ceil(1 / share) - 1;
    return last + 1 - share * last * (last + 1) / 2;
}

}  // namespace halfopen
