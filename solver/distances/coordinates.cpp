#include "solver/distances/coordinates.hpp"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <map>

namespace halfopen {
namespace {

/// So often a number is taken from another place than before, to see whether all sums are distances then.
constexpr unsigned most_tries = 500;

/// How often each place is added in the sum.
std::map<std::size_t, std::int64_t> places(const NumberSum& sum, const Coordinates& coordinates) {
    std::map<std::size_t, std::int64_t> found;
    for (const auto& [number, factor] : sum) {
        const Coordinate& coordinate = coordinates[number];
        const std::int64_t times = coordinate.down ? -factor : factor;
        found[place_of(number)] += times;
        found[place_of(coordinate.from)] -= times;
    }
    std::erase_if(found, [](const auto& place) { return place.second == 0; });
    return found;
}

class CoordinateSearch {
   public:
    CoordinateSearch(const std::vector<NumberSum>& sums, Coordinates& coordinates)
        : sums_(sums), coordinates_(coordinates), needed_(coordinates.size(), 0) {
        for (const NumberSum& sum : sums)
            if (!ends(sum, coordinates))
                for (const auto& [number, factor] : sum) ++needed_[number];
    }

    bool find() {
        const auto wrong = std::find_if(sums_.begin(), sums_.end(),
                                        [&](const NumberSum& sum) { return !ends(sum, coordinates_); });
        if (wrong == sums_.end()) return true;
        for (const Choice& choice : choices(*wrong)) {
            if (tries_++ == most_tries) return false;
            coordinates_[choice.number] = choice.coordinate;
            if (ends(*wrong, coordinates_) && find()) return true;
            coordinates_[choice.number] = {};
        }
        return false;
    }

   private:
    struct Choice {
        std::size_t number;
        Coordinate coordinate;
    };

    /// Each makes one place drop out of the sum; first those from the number that most sums need.
    std::vector<Choice> choices(const NumberSum& sum) const {
        std::vector<Choice> found;
        for (const auto& [number, factor] : sum) {
            if (coordinates_[number].from) continue;
            for (const auto& [place, times] : places(sum, coordinates_)) {
                if (place == 0 || std::abs(times) != 1 || comes_from(place - 1, number)) continue;
                found.push_back({number, {place - 1, factor != times}});
            }
        }
        std::stable_sort(found.begin(), found.end(), [&](const Choice& a, const Choice& b) {
            return needed_[*a.coordinate.from] > needed_[*b.coordinate.from];
        });
        return found;
    }

    bool comes_from(std::size_t number, std::size_t other) const {
        for (std::optional<std::size_t> from = number; from; from = coordinates_[*from].from)
            if (*from == other) return true;
        return false;
    }

    const std::vector<NumberSum>& sums_;
    Coordinates& coordinates_;
    std::vector<std::size_t> needed_;  ///< by how many sums that were no distances at first
    unsigned tries_ = 0;
};

}  // namespace

std::optional<Ends> ends(const NumberSum& sum, const Coordinates& coordinates) {
    const auto found = places(sum, coordinates);
    if (found.empty()) return Ends{};
    if (found.size() != 2) return std::nullopt;
    const auto [first, second] = std::pair(*found.begin(), *std::next(found.begin()));
    if (first.second == -1 && second.second == 1) return Ends{first.first, second.first};
    if (first.second == 1 && second.second == -1) return Ends{second.first, first.first};
    return std::nullopt;
}

bool fit(Coordinates& coordinates, const std::vector<NumberSum>& sums) {
    if (std::all_of(sums.begin(), sums.end(), [&](const NumberSum& sum) { return ends(sum, coordinates); }))
        return true;
    // As they are but for numbers that no sum has told of yet; else from the beginning.
    Coordinates begin = coordinates;
    for (const bool anew : {false, true}) {
        if (anew)
            for (const NumberSum& sum : sums)
                for (const auto& [number, factor] : sum) begin[number] = {};
        Coordinates found = begin;
        if (!CoordinateSearch(sums, found).find()) continue;
        coordinates = std::move(found);
        return true;
    }
    return false;
}

}  // namespace halfopen
