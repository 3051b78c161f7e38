#include "solver/recovery/impossible_paths.hpp"

#include <algorithm>

namespace halfopen {
namespace {

constexpr std::size_t most_refinements = 300;

/// As Z3 counts it.
constexpr std::uint64_t most_work_in_vain = 10'000'000;

}  // namespace

bool ImpossiblePaths::knows_all_it_can() const {
    return refinements_ == most_refinements || work_in_vain_ > most_work_in_vain;
}

bool ImpossiblePaths::know_better(const std::vector<const NamedState*>& places) {
    if (knows_all_it_can()) return false;
    const std::uint64_t before = paths_.work();
    const std::vector<z3::expr> missing = paths_.what_was_missing();
    bool any = false;
    for (std::size_t place = 0; place < missing.size(); ++place)
        any |= forms_.want(*places[place], missing[place]);
    if (any)
        ++refinements_;
    else
        work_in_vain_ += paths_.work() - before;
    return any;
}

void ImpossiblePaths::end() { unsettled_from_ = std::min(unsettled_from_, paths_.ruled_out_after()); }

bool ImpossiblePaths::settles(std::size_t place) {
    const bool settled = place < unsettled_from_;
    if (place <= unsettled_from_) unsettled_from_ = SIZE_MAX;
    return settled;
}

}  // namespace halfopen
