#include "solver/distances/interval_set.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <set>

using namespace halfopen;

namespace {

constexpr std::int64_t modulus = 16;

struct Sample {
    IntervalSet set;
    std::set<std::int64_t> numbers;
};

Sample random_sample(std::mt19937& random) {
    Sample sample;
    for (unsigned parts = random() % 4; parts > 0; --parts) {
        const auto first = static_cast<std::int64_t>(random() % modulus);
        const std::int64_t last = std::min<std::int64_t>(first + random() % 5, modulus - 1);
        sample.set = sample.set.in_either({first, last});
        for (std::int64_t number = first; number <= last; ++number) sample.numbers.insert(number);
    }
    return sample;
}

std::set<std::int64_t> numbers_of(const IntervalSet& set) {
    std::set<std::int64_t> numbers;
    for (std::int64_t number = -2 * modulus; number <= 2 * modulus; ++number)
        if (set.contains(number)) numbers.insert(number);
    return numbers;
}

template <class Make>
std::set<std::int64_t> each(const std::set<std::int64_t>& numbers, Make&& make) {
    std::set<std::int64_t> made;
    for (const std::int64_t number : numbers) made.insert(make(number));
    return made;
}

}  // namespace

TEST_CASE("sets of intervals hold what sets of their numbers hold") {
    std::mt19937 random(1);
    for (int round = 0; round < 2000; ++round) {
        const Sample a = random_sample(random), b = random_sample(random);
        CHECK(numbers_of(a.set) == a.numbers);
        std::set<std::int64_t> both, either = a.numbers, others;
        for (const std::int64_t number : b.numbers) {
            if (a.numbers.contains(number)) both.insert(number);
            either.insert(number);
        }
        for (std::int64_t number = 2; number < 12; ++number)
            if (!a.numbers.contains(number)) others.insert(number);
        CHECK(numbers_of(a.set.in_both(b.set)) == both);
        CHECK(numbers_of(a.set.in_either(b.set)) == either);
        CHECK(numbers_of(a.set.without_it(2, 11)) == others);
        CHECK(numbers_of(a.set.negated()) == each(a.numbers, [](auto n) { return -n; }));
        CHECK(numbers_of(a.set.moved(-3)) == each(a.numbers, [](auto n) { return n - 3; }));
        const auto by = static_cast<std::int64_t>(random() % 40) - 20;
        CHECK(numbers_of(rotated(a.set, by, modulus)) ==
              each(a.numbers, [&](auto n) { return ((n + by) % modulus + modulus) % modulus; }));
        CHECK(numbers_of(mirrored(a.set, modulus)) ==
              each(a.numbers, [](auto n) { return (modulus - n) % modulus; }));
    }
}

TEST_CASE("no two intervals of a set touch, so that equal sets are equal") {
    const IntervalSet set = IntervalSet(0, 3).in_either({8, 9}).in_either({4, 7});
    CHECK(set == IntervalSet(0, 9));
    CHECK(set.parts().size() == 1);
    CHECK(IntervalSet(5, 4).empty());
}
