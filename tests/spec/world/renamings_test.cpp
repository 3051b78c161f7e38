// What sets of live numbers are renamed to is kept, and found again.
#include "spec/world/renamings.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <utility>
#include <vector>

using namespace halfopen;

namespace {

using Sets = std::map<std::vector<Origin>, std::vector<std::uint32_t>>;

/// The literal zero, and up to ten numbers drawn by few parties.
Sets random_sets(std::mt19937& random, std::size_t count) {
    Sets sets;
    while (sets.size() < count) {
        std::vector<Origin> origins(1 + random() % 11);
        std::vector<std::uint32_t> values(origins.size());
        for (std::size_t i = 1; i < origins.size(); ++i) {
            origins[i] = {static_cast<OriginRole>(random() % 256), static_cast<std::uint32_t>(random() % 7)};
            values[i] = static_cast<std::uint32_t>(random());
        }
        sets.emplace(std::move(origins), std::move(values));
    }
    return sets;
}

void check_holds(const Renamings& renamings, const Sets& sets) {
    CHECK(renamings.size() == sets.size());
    bool found = true;
    for (const auto& [origins, values] : sets) {
        const auto entry = renamings.find(origins);
        found = found && entry && std::ranges::equal(entry->values(), values) && entry->origins() == origins;
    }
    CHECK(found);
}

std::vector<Renamings::Entry> entries_of(const Renamings& renamings) {
    std::vector<Renamings::Entry> all;
    CHECK(renamings.all_of([&](const Renamings::Entry& one) {
        all.push_back(one);
        return true;
    }));
    return all;
}

}  // namespace

TEST_CASE("Every set of live numbers has the values that it was given") {
    std::mt19937 random(1);
    const Sets sets = random_sets(random, 50'000);
    Renamings renamings;
    bool known = false;
    for (const auto& [origins, values] : sets) {
        known = known || renamings.find(origins).has_value();
        renamings.add(origins, values);
    }
    CHECK_FALSE(known);
    check_holds(renamings, sets);
    // A third of what a map of vectors would take.
    CHECK(renamings.memory_bytes() < 90 * sets.size() + (1U << 16U));
}

TEST_CASE("Sets of live numbers are walked in the order in which they came, and sorted as lists are") {
    std::mt19937 random(2);
    const Sets sets = random_sets(random, 3'000);
    std::vector<std::pair<std::vector<Origin>, std::vector<std::uint32_t>>> shuffled(sets.begin(),
                                                                                     sets.end());
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    Renamings renamings;
    for (const auto& [origins, values] : shuffled) renamings.add(origins, values);
    std::vector<Renamings::Entry> entries = entries_of(renamings);
    const auto same = [](const Renamings::Entry& entry, const auto& set) { return entry.is_of(set.first); };
    CHECK(std::ranges::equal(entries, shuffled, same));
    std::ranges::sort(entries, [](const auto& a, const auto& b) { return a < b; });
    CHECK(std::ranges::equal(entries, sets, same));
}

TEST_CASE("Renamings that two threads worked out are one set") {
    std::mt19937 random(3);
    Sets mine = random_sets(random, 2'000);
    Sets theirs = random_sets(random, 2'000);
    theirs.insert(mine.begin(), std::next(mine.begin(), 500));
    Renamings renamings;
    Renamings others;
    for (const auto& [origins, values] : mine) renamings.add(origins, values);
    for (const auto& [origins, values] : theirs)
        others.add(origins, mine.contains(origins) ? mine[origins] : values);
    renamings.add(others);
    for (const auto& set : theirs) mine.insert(set);
    check_holds(renamings, mine);
}
