/// What a logged comparison says about two origins, in any reading: the one bridge from the log back to
/// before/equal/within.
#pragma once

#include "spec/numbers/comparison.hpp"
#include "spec/numbers/reading.hpp"

namespace halfopen {

/// left, right: the values of the comparison's left and right origin.
template <Reading R>
typename R::Bool comparison_holds(R& r, const Comparison& c, const typename R::Word& left,
                                  const typename R::Word& right) {
    const typename R::Word moved = r.plus(left, c.offset);
    switch (c.kind) {
        case Comparison::Kind::Before:
            return r.before(moved, right);
        case Comparison::Kind::Equal:
            return r.equal(moved, right);
        case Comparison::Kind::Within:
            return r.within(moved, right, r.size(c.size));
    }
    return r.truth(false);
}

}  // namespace halfopen
