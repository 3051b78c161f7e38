/// Which terms stand for numbers of which nothing is known.
#pragma once

#include <z3++.h>

namespace halfopen {

/// A constant of no meaning of its own: neither a literal nor a function of Z3's, nor one with arguments.
inline bool is_unknown(const z3::expr& term) {
    return term.is_const() && term.decl().decl_kind() == Z3_OP_UNINTERPRETED;
}

}  // namespace halfopen
