/// What holds of all numbers that stand to each other as those of one world do, whatever their values.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "spec/numbers/cells.hpp"

namespace halfopen {

/// From one number up to another, mod 2^32; each is an origin of those asked about plus what has been added.
struct Distance {
    struct End {
        std::size_t origin = 0;  ///< index
        std::uint32_t added = 0;

        friend auto operator<=>(const End&, const End&) = default;
    };
    End from, to;

    friend auto operator<=>(const Distance&, const Distance&) = default;
};

enum class Growth : std::uint8_t {
    Less,     ///< for all of those numbers
    NotMore,  ///< for all of those numbers
    Unknown   ///< it is more for some
};

/// Asks Z3, and remembers what it has said.  For one thread.
class NumbersAlike {
   public:
    /// cuts: must outlive it.
    explicit NumbersAlike(const Cuts& cuts);
    ~NumbersAlike();
    NumbersAlike(const NumbersAlike&) = delete;
    NumbersAlike& operator=(const NumbersAlike&) = delete;

    /// How the sum of distances `after` compares with the sum of those `before`, each distance taken as a
    /// natural number below 2^32, for all values of the origins in which each two have the relation() that
    /// they have here.  Numbers that the scenario gives (is_given()) are what they are.
    Growth growth(std::span<const Origin> origins, std::span<const Distance> before,
                  std::span<const Distance> after);

   private:
    struct Engine;
    std::unique_ptr<Engine> engine_;
};

}  // namespace halfopen
