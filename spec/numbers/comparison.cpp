#include "spec/numbers/comparison.hpp"

#include <algorithm>

namespace halfopen {

void ComparisonLog::note(const Comparison& c) { all_.insert(c); }

std::vector<Comparison> ComparisonLog::sorted() const {
    std::vector<Comparison> list(all_.begin(), all_.end());
    std::sort(list.begin(), list.end());
    return list;
}

std::size_t ComparisonLog::Hash::operator()(const Comparison& c) const noexcept {
    std::uint64_t h = (std::uint64_t{c.offset} << 32U) | c.size;
    h ^= (static_cast<std::uint64_t>(c.kind) << 16U | std::uint64_t{c.left} << 8U | c.right) *
         0x9E3779B97F4A7C15ULL;
    h = (h ^ (h >> 31U)) * 0xBF58476D1CE4E5B9ULL;
    return static_cast<std::size_t>(h ^ (h >> 29U));
}

}  // namespace halfopen
