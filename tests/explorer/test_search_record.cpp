#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "explicit_system.hpp"
#include "explorer/search.hpp"
#include "explorer/search_record.hpp"
#include "puzzles.hpp"
#include "random_system.hpp"

namespace {

using namespace halfopen::explorer;
using namespace halfopen::explorer::test;

using Bytes = std::vector<std::byte>;

/// What was found between two extents.
Bytes record_of(const Exploration& found, Extent& from) {
    Bytes bytes;
    from = write_record(found, from, [&](std::span<const std::byte> piece) {
        bytes.insert(bytes.end(), piece.begin(), piece.end());
    });
    return bytes;
}

Bytes all_of(const Exploration& found) {
    Extent nothing;
    return record_of(found, nothing);
}

/// Gives the bytes in pieces of so many.
ByteSource source_of(std::span<const std::byte> bytes, std::size_t at_once = 7) {
    return [bytes, at_once]() mutable {
        const auto piece = bytes.first(std::min(at_once, bytes.size()));
        bytes = bytes.subspan(piece.size());
        return piece;
    };
}

Exploration read_back(const std::vector<Bytes>& records) {
    Exploration found;
    for (const Bytes& record : records) {
        CHECK(read_record(source_of(record), found));
    }
    return found;
}

void check_same_search(const Exploration& a, const Exploration& b) {
    CHECK(a.stopped == b.stopped);
    CHECK(a.expanded == b.expanded);
    CHECK(a.graph.edge_count() == b.graph.edge_count());
    const bool same = all_of(a) == all_of(b);
    CHECK(same);
    CHECK(a.graph.depth == b.graph.depth);
    CHECK(a.graph.marks == b.graph.marks);
    CHECK(a.graph.initial == b.graph.initial);
}

template <class S>
Exploration go_on(const S& system, unsigned threads, const Limits& limits, Course course) {
    std::vector<S> copies(threads, system);
    std::vector<S*> systems;
    for (S& copy : copies) {
        systems.push_back(&copy);
    }
    return explore<S>(systems, limits, {}, std::move(course));
}

/// All records that a search offers, and what it finds.
template <class S>
std::pair<std::vector<Bytes>, Exploration> recorded(const S& system, const Limits& limits = {}) {
    std::vector<Bytes> records;
    Extent extent;
    Course course;
    course.keep = [&](const Exploration& found, std::optional<StopReason> /*stop*/) {
        records.push_back(record_of(found, extent));
    };
    Exploration found = go_on(system, 1, limits, std::move(course));
    return {records, std::move(found)};
}

ExplicitSystem labelled_tangle(std::uint32_t states) {
    std::mt19937 random(7);
    ExplicitSystem system(states);
    for (std::uint32_t n = 0; n < states; ++n) {
        for (std::uint32_t e = 0; e < 3; ++e) {
            system.edge(n, static_cast<std::uint32_t>(random() % states),
                        static_cast<std::uint32_t>(random() % 100'000),
                        static_cast<std::uint8_t>(random() % 256));
        }
        system.node_marks[n] = static_cast<std::uint32_t>(random());
    }
    system.starts = {3, 1, 3, 9};
    return system;
}

TEST_CASE("a search that goes on from any of its records finds what it would have found at once",
          "[explorer][record]") {
    const ExplicitSystem system = labelled_tangle(6'000);
    const auto [records, whole] = recorded(system);
    REQUIRE(records.size() > 10);
    std::vector<std::uint32_t> pauses;
    Course watched;
    watched.pause = [&](std::uint32_t expanded) {
        pauses.push_back(expanded);
        return std::nullopt;
    };
    check_same_search(go_on(system, 1, {}, std::move(watched)), whole);
    for (std::size_t kept = 0; kept <= records.size(); ++kept) {
        INFO(kept << " records");
        Course course;
        course.begun = read_back({records.begin(), records.begin() + static_cast<std::ptrdiff_t>(kept)});
        std::vector<std::uint32_t> later;
        course.pause = [&](std::uint32_t expanded) {
            later.push_back(expanded);
            return std::nullopt;
        };
        check_same_search(go_on(system, 1 + static_cast<unsigned>(kept % 3), {}, std::move(course)), whole);
        // Who looks at the systems in the pauses does so after the same states.
        REQUIRE(later.size() <= pauses.size());
        CHECK(std::equal(later.rbegin(), later.rend(), pauses.rbegin()));
    }
}

TEST_CASE("small systems of every shape are read back as they were written", "[explorer][record]") {
    std::mt19937 random(11);
    for (int i = 0; i < 300; ++i) {
        ExplicitSystem system = random_system(random);
        const auto [records, whole] = recorded(system);
        check_same_search(read_back(records), whole);
    }
}

TEST_CASE("what a depth limit had dropped is found by a search that goes on without it",
          "[explorer][record]") {
    const ExplicitSystem system = labelled_tangle(3'000);
    const Exploration whole = go_on(system, 1, {}, {});
    for (const std::uint32_t depth : {0U, 1U, 4U, 7U}) {
        Limits shallow;
        shallow.max_depth = depth;
        const auto [records, cut] = recorded(system, shallow);
        CHECK(cut.stopped == StopReason::Depth);
        Course course;
        course.begun = read_back(records);
        CHECK(course.begun.expanded == cut.expanded);
        check_same_search(go_on(system, 2, {}, std::move(course)), whole);
        Course again;
        again.begun = read_back(records);
        CHECK(go_on(system, 1, shallow, std::move(again)).stopped == StopReason::Depth);
    }
}

TEST_CASE("a search that a pause ends is not offered, and one that a limit ends is", "[explorer][record]") {
    const ExplicitSystem system = labelled_tangle(3'000);
    std::vector<std::optional<StopReason>> offered;
    const auto keep = [&](const Exploration& /*found*/, std::optional<StopReason> stop) {
        offered.push_back(stop);
    };
    go_on(system, 1, {}, {[](std::uint32_t) { return StopReason::Interrupted; }, keep, {}});
    CHECK(offered == std::vector<std::optional<StopReason>>{std::nullopt});
    offered.clear();
    Limits none;
    none.memory_bytes = 1;
    go_on(system, 1, none, {{}, keep, {}});
    CHECK(offered == std::vector<std::optional<StopReason>>{StopReason::Memory});
    offered.clear();
    go_on(system, 1, {}, {{}, keep, {}});
    CHECK(offered.size() > 3);
    CHECK(offered.back() == StopReason::Complete);
}

TEST_CASE("reading that is ended early leaves the beginning of the search, whole", "[explorer][record]") {
    const ExplicitSystem system = labelled_tangle(5'000);
    const Exploration whole = go_on(system, 1, {}, {});
    Exploration part;
    CHECK_FALSE(read_record(source_of(all_of(whole), 1000), part, [&] { return part.expanded > 2'000; }));
    CHECK(part.expanded > 2'000);
    CHECK(part.expanded < whole.expanded);
    Course course;
    course.begun = std::move(part);
    check_same_search(go_on(system, 1, {}, std::move(course)), whole);
}

TEST_CASE("bytes that are no record are refused, or are the record of some search", "[explorer][record]") {
    const Bytes good = all_of(go_on(Philosophers<3>(), 1, {}, {}));
    const auto refused = [](const Bytes& bytes) {
        Exploration found;
        try {
            read_record(source_of(bytes), found);
        } catch (const BrokenRecord&) {
            return true;
        }
        const bool same = all_of(found) == bytes;
        CHECK(same);
        return false;
    };
    CHECK_FALSE(refused(good));
    for (std::size_t length = 0; length < good.size(); ++length) {
        INFO("cut to " << length);
        CHECK(refused({good.begin(), good.begin() + static_cast<std::ptrdiff_t>(length)}));
    }
    Bytes longer = good;
    longer.push_back(std::byte{0});
    CHECK(refused(longer));
    std::size_t noticed = 0;
    for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
        Bytes changed = good;
        changed[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
        noticed += refused(changed) ? 1 : 0;
    }
    CHECK(noticed > good.size());
}

}  // namespace
