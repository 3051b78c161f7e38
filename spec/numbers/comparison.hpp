/// Comparisons between sequence numbers of different origin, as facts about a single difference.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <unordered_set>
#include <vector>

namespace halfopen {

/// Who drew an origin.  Two draws by the same party have the same role; the scenario numbers the parties.
using OriginRole = std::uint8_t;

/// The literal zero.
inline constexpr OriginRole literal_role = 0;

/// A freshly drawn number: who drew it, and which value it got.
struct Origin {
    OriginRole role = literal_role;
    std::uint32_t value = 0;

    friend constexpr auto operator<=>(const Origin&, const Origin&) = default;
};

/// A comparison as a set of differences d = (left origin) - (right origin) mod 2^32:
///   Before: (int32)(d + offset) < 0     Equal: d + offset = 0     Within: d + offset < size (unsigned)
struct Comparison {
    enum class Kind : std::uint8_t { Before, Equal, Within };

    Kind kind = Kind::Equal;
    OriginRole left = 0;
    OriginRole right = 0;
    std::uint32_t offset = 0;
    std::uint32_t size = 0;  ///< only for Within

    friend constexpr auto operator<=>(const Comparison&, const Comparison&) = default;
};

/// The set of comparisons that a search has met.  Grows only.
class ComparisonLog {
   public:
    void note(const Comparison& c);
    void absorb(const ComparisonLog& other) { all_.insert(other.all_.begin(), other.all_.end()); }
    std::size_t size() const { return all_.size(); }
    /// In order of kind, roles, offset, size: the same set gives the same list.
    std::vector<Comparison> sorted() const;

   private:
    struct Hash {
        std::size_t operator()(const Comparison& c) const noexcept;
    };
    std::unordered_set<Comparison, Hash> all_;
};

}  // namespace halfopen
