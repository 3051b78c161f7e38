#include "spec/numbers/renaming.hpp"

#include <algorithm>

#include "spec/numbers/arc.hpp"

namespace halfopen {
namespace {

/// What two arcs share: up to two arcs, appended to `out`.  A shared arc starts where one of the two starts.
void intersect(const Arc& a, const Arc& b, std::vector<Arc>& out) {
    if (a.size == all_values) return out.push_back(b);
    if (b.size == all_values) return out.push_back(a);
    const std::uint32_t b_after_a = b.first - a.first;
    const std::uint32_t a_after_b = a.first - b.first;
    if (b_after_a < a.size) out.push_back({b.first, std::min(a.size - b_after_a, b.size)});
    if (a_after_b < b.size && a_after_b != 0) out.push_back({a.first, std::min(b.size - a_after_b, a.size)});
}

/// In order, each origin takes the largest cell that keeps its relations to those before it.  Depends on the
/// relations alone, but may leave a later origin no cell; then false, and `values` is spoilt.
bool take_largest_cells(const Cuts& cuts, std::span<const Origin> origins,
                        std::span<const std::uint8_t> fixed, std::vector<std::uint32_t>& values) {
    std::vector<Arc> possible;
    std::vector<Arc> narrowed;
    for (std::size_t i = 0; i < origins.size(); ++i) {
        if (fixed[i] != 0) continue;
        possible.assign(1, Arc{});
        for (std::size_t j = 0; j < origins.size(); ++j) {
            if (j == i || (fixed[j] == 0 && j > i)) continue;
            Arc arc = differences_alike(cuts, origins[i], origins[j]);
            arc.first += values[j];
            narrowed.clear();
            for (const Arc& part : possible) intersect(part, arc, narrowed);
            possible.swap(narrowed);
        }
        const auto best = std::max_element(possible.begin(), possible.end(), [](const Arc& a, const Arc& b) {
            return a.size != b.size ? a.size < b.size : a.first > b.first;
        });
        if (best == possible.end()) return false;
        values[i] = make_cell(best->first, best->size).representative;
    }
    return true;
}

/// The circle cut open at zero.  There the relations bound differences of integers, a simple temporal
/// problem: once all bounds are propagated, values chosen one by one within them never get stuck (Dechter,
/// Meiri, Pearl, "Temporal constraint networks", 1991).  Depends on the relations and on which values are how
/// far past zero.
class OpenedCircle {
   public:
    OpenedCircle(const Cuts& cuts, std::span<const Origin> origins) : size_(origins.size()) {
        most_.assign(size_ * size_, static_cast<std::int64_t>(all_values) - 1);
        for (std::size_t i = 0; i < size_; ++i)
            for (std::size_t j = 0; j < size_; ++j) {
                if (i == j) {
                    most(i, j) = 0;
                    continue;
                }
                const Arc arc = differences_alike(cuts, origins[i], origins[j]);
                if (arc.everything()) continue;
                const std::int64_t now = std::int64_t{origins[i].value} - origins[j].value;
                const std::uint32_t into_arc = origins[i].value - origins[j].value - arc.first;
                most(i, j) = std::min(most(i, j), now - into_arc + static_cast<std::int64_t>(arc.size) - 1);
            }
        for (std::size_t via = 0; via < size_; ++via)
            for (std::size_t i = 0; i < size_; ++i)
                for (std::size_t j = 0; j < size_; ++j)
                    most(i, j) = std::min(most(i, j), most(i, via) + most(via, j));
        low_.assign(size_, 0);
        high_.assign(size_, static_cast<std::int64_t>(all_values) - 1);
        narrow();
    }

    void choose(std::size_t i, std::uint32_t value) {
        low_[i] = high_[i] = value;
        narrow_by(i);
    }

    std::uint32_t representative(std::size_t i) const {
        const auto size = static_cast<std::uint64_t>(high_[i] - low_[i] + 1);
        return make_cell(static_cast<std::uint32_t>(low_[i]), size).representative;
    }

   private:
    std::int64_t& most(std::size_t i, std::size_t j) { return most_[i * size_ + j]; }

    void narrow() {
        for (std::size_t i = 0; i < size_; ++i) narrow_by(i);
    }

    void narrow_by(std::size_t i) {
        for (std::size_t j = 0; j < size_; ++j) {
            high_[j] = std::min(high_[j], high_[i] + most(j, i));
            low_[j] = std::max(low_[j], low_[i] - most(i, j));
        }
    }

    std::size_t size_;
    std::vector<std::int64_t> most_;  ///< [i][j]: the greatest value of i less that of j
    std::vector<std::int64_t> low_;
    std::vector<std::int64_t> high_;
};

}  // namespace

std::vector<std::uint32_t> canonical_values(const Cuts& cuts, std::span<const Origin> origins,
                                            std::span<const std::uint8_t> fixed) {
    std::vector<std::uint32_t> values;
    values.reserve(origins.size());
    for (const Origin& origin : origins) values.push_back(origin.value);
    if (take_largest_cells(cuts, origins, fixed, values)) return values;

    OpenedCircle circle(cuts, origins);
    for (std::size_t i = 0; i < origins.size(); ++i)
        if (fixed[i] != 0) circle.choose(i, values[i] = origins[i].value);
    for (std::size_t i = 0; i < origins.size(); ++i)
        if (fixed[i] == 0) circle.choose(i, values[i] = circle.representative(i));
    return values;
}

}  // namespace halfopen
