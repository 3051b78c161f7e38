#include <sched.h>

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <vector>

#include "explorer/crew.hpp"

namespace {

using halfopen::explorer::Crew;

/// Keeps this thread, and those that it starts, on one processor.
class OneProcessor {
   public:
    OneProcessor() {
        sched_getaffinity(0, sizeof before_, &before_);
        cpu_set_t one;
        CPU_ZERO(&one);
        for (int i = 0; i < CPU_SETSIZE; ++i) {
            if (CPU_ISSET(i, &before_)) {
                CPU_SET(i, &one);
                break;
            }
        }
        sched_setaffinity(0, sizeof one, &one);
    }
    OneProcessor(const OneProcessor&) = delete;
    OneProcessor& operator=(const OneProcessor&) = delete;
    ~OneProcessor() { sched_setaffinity(0, sizeof before_, &before_); }

   private:
    cpu_set_t before_{};
};

/// Each member adds to a sum of its own, without any care for the others; who waits reads them all.
void work_together(unsigned members, int pieces) {
    Crew crew(members);
    std::vector<std::uint64_t> sums(members, 0);
    std::uint64_t piece = 0;
    const auto add = [&](unsigned member) { sums[member] += piece; };
    std::uint64_t expected = 0;
    for (int i = 0; i < pieces; ++i) {
        expected += ++piece;
        crew.work(add);
        for (unsigned member = 0; member < crew.size(); ++member) {
            REQUIRE(sums[member] == expected);
        }
    }
}

TEST_CASE("every member does every piece once, and the caller sees what they did", "[explorer][crew]") {
    for (const unsigned members : {1U, 2U, 3U, 64U}) {
        INFO(members << " members");
        work_together(members, members < 10 ? 5'000 : 300);
    }
}

TEST_CASE("a crew of many more members than processors gets on", "[explorer][crew]") {
    const OneProcessor alone;
    for (const unsigned members : {2U, 64U}) {
        INFO(members << " members on one processor");
        work_together(members, members < 10 ? 5'000 : 300);
    }
}

TEST_CASE("a piece of work does not wait for its turn behind busy threads again and again",
          "[explorer][crew]") {
    const OneProcessor alone;
    std::atomic<bool> over{false};
    std::vector<std::jthread> busy;
    for (int i = 0; i < 6; ++i) {
        busy.emplace_back([&over] {
            while (!over) {
            }
        });
    }
    // The best of a few: the test machine may have more to do than we give it.
    auto least = std::chrono::steady_clock::duration::max();
    for (int i = 0; i < 5; ++i) {
        const auto start = std::chrono::steady_clock::now();
        work_together(2, 100);
        least = std::min(least, std::chrono::steady_clock::now() - start);
    }
    over = true;
    // With yielding waits it was 17 ms and more for each piece.
    CHECK(least < std::chrono::milliseconds(100 * 8));
}

TEST_CASE("crews come and go, whether they have worked or not", "[explorer][crew]") {
    for (int i = 0; i < 200; ++i) {
        Crew idle(8);
        Crew crew(8);
        std::atomic<unsigned> done{0};
        crew.work([&](unsigned /*member*/) { ++done; });
        CHECK(done == crew.size());
    }
}

}  // namespace
