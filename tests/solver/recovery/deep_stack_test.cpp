#include "solver/recovery/deep_stack.hpp"

#include <catch2/catch.hpp>
#include <stdexcept>

namespace {

/// 1 KiB of stack a level, none of which can be left out.
std::size_t depth_of(std::size_t levels) {
    volatile char page[1024];
    page[levels % sizeof page] = 1;
    return levels == 0 ? 0 : depth_of(levels - 1) + static_cast<std::size_t>(page[levels % sizeof page]);
}

}  // namespace

TEST_CASE("a recursion of 64 MiB, more than a thread has, comes to its end on a deep stack", "[prove]") {
    std::size_t depth = 0;
    halfopen::on_deep_stack(std::size_t{512} << 20U, [&] { depth = depth_of(std::size_t{64} << 10U); });
    CHECK(depth == std::size_t{64} << 10U);
}

TEST_CASE("what is thrown on a deep stack reaches the caller", "[prove]") {
    CHECK_THROWS_AS(
        halfopen::on_deep_stack(std::size_t{1} << 20U, [] { throw std::invalid_argument("no such rule"); }),
        std::invalid_argument);
}
