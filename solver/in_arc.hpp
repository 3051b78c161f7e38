/// Arcs of the circle of 2^32 values as formulas.
#pragma once

#include <z3++.h>

#include "spec/numbers/arc.hpp"

namespace halfopen {

/// value in the arc, in comparisons with constants only: Z3 is quickest with these.
inline z3::expr in_arc(z3::context& context, const z3::expr& value, const Arc& arc) {
    if (arc.everything()) return context.bool_val(true);
    if (arc.size == 0) return context.bool_val(false);
    const std::uint32_t last = arc.first + static_cast<std::uint32_t>(arc.size - 1);
    const z3::expr from_first = z3::uge(value, context.bv_val(arc.first, 32));
    const z3::expr to_last = z3::ule(value, context.bv_val(last, 32));
    return arc.first <= last ? from_first && to_last : from_first || to_last;
}

}  // namespace halfopen
