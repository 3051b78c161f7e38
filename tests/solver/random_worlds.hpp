/// Random logs and origins as worlds have them: offsets around a few round places, values near each other.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "spec/numbers/comparison.hpp"

namespace halfopen::testing {

class RandomWorld {
   public:
    explicit RandomWorld(std::uint32_t seed) : random_(seed) {}

    std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }
    std::uint32_t any() { return static_cast<std::uint32_t>(random_()); }

    std::uint32_t offset() {
        const std::uint32_t bases[] = {0, 0, 0, 65'535, 0U - 65'535U, 0x8000'0000U, any()};
        return bases[below(7)] + below(9) - 4;
    }

    Comparison comparison(OriginRole roles) {
        Comparison c;
        c.kind = static_cast<Comparison::Kind>(below(3));
        c.left = static_cast<OriginRole>(below(roles));
        c.right = static_cast<OriginRole>(below(roles));
        c.offset = offset();
        if (c.kind == Comparison::Kind::Within) c.size = below(4) == 0 ? offset() : below(70'000);
        return c;
    }

    std::vector<Comparison> log(std::size_t size, OriginRole roles) {
        std::vector<Comparison> list;
        while (list.size() < size) list.push_back(comparison(roles));
        return list;
    }

    /// The literal zero first.
    std::vector<Origin> origins(std::size_t size, OriginRole roles) {
        std::vector<Origin> list{{literal_role, 0}};
        while (list.size() < size) {
            const auto role = static_cast<OriginRole>(1 + below(roles - 1U));
            const std::uint32_t near = list[below(static_cast<std::uint32_t>(list.size()))].value;
            list.push_back({role, below(2) == 0 ? any() : near + offset()});
        }
        return list;
    }

   private:
    std::mt19937 random_;
};

/// What the comparison says, written down independently of the reading.
inline bool says(const Comparison& c, std::uint32_t left, std::uint32_t right) {
    const std::uint32_t d = left - right + c.offset;
    if (c.kind == Comparison::Kind::Before) return d >= 0x8000'0000U;
    if (c.kind == Comparison::Kind::Equal) return d == 0;
    return d < c.size;
}

/// Every answer of the log about a value beside live origins, in both orientations.
inline std::vector<bool> answers(const std::vector<Comparison>& log, const Origin& drawn,
                                 const std::vector<Origin>& live) {
    std::vector<bool> result;
    for (const Comparison& c : log)
        for (const Origin& other : live) {
            if (c.left == drawn.role && c.right == other.role)
                result.push_back(says(c, drawn.value, other.value));
            if (c.right == drawn.role && c.left == other.role)
                result.push_back(says(c, other.value, drawn.value));
        }
    return result;
}

}  // namespace halfopen::testing
