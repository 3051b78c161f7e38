/// How the one definition of every behaviour is read.
///
/// Predicates and step functions are templates over a *reading* R.  The explorer reads them on numbers
/// (`ConcreteReading`, here in spec/), the solver on Z3 bit-vectors (solver/z3_reading.hpp).  Nothing in them
/// compares or adds sequence numbers except through the reading, so nothing can be true of one and not of the
/// other.
///
///   R::Word   a position in sequence space, 32 bits, arithmetic mod 2^32
///   R::Size   a window or a length in bytes, unsigned 32 bits
///   R::Bool   a condition
///
/// A value-initialised Word or Size is the literal 0, so that records made of them can be.  Copies are cheap,
/// and == between them says whether they are the same representation: no behaviour may depend on it.
#pragma once

#include <concepts>
#include <cstdint>

namespace halfopen {

template <class R>
concept Reading = std::default_initializable<typename R::Word> &&
    std::default_initializable<typename R::Size> &&
    requires(R r, typename R::Word a, typename R::Size n, typename R::Bool p, std::uint32_t k) {
    /// The literal k, e.g. the 0 in the acknowledgement field of a segment without ACK.
    { r.literal(k) } -> std::convertible_to<typename R::Word>;
    { r.size(k) } -> std::convertible_to<typename R::Size>;
    /// a + k mod 2^32; k may be "negative" (two's complement).
    { r.plus(a, k) } -> std::convertible_to<typename R::Word>;
    { r.advance(a, n) } -> std::convertible_to<typename R::Word>;
    { r.retreat(a, n) } -> std::convertible_to<typename R::Word>;
    /// a - b mod 2^32.
    { r.distance(a, a) } -> std::convertible_to<typename R::Size>;
    /// mod 2^32, as the kernels' u32.
    { r.sum(n, n) } -> std::convertible_to<typename R::Size>;
    /// Serial order: (int32)(a - b) < 0, as before() of net/tcp.h and SEQ_LT of tcp_seq.h.
    { r.before(a, a) } -> std::convertible_to<typename R::Bool>;
    { r.equal(a, a) } -> std::convertible_to<typename R::Bool>;
    /// a in [b, b + n): (a - b) mod 2^32 < n.  Empty where n = 0.
    { r.within(a, a, n) } -> std::convertible_to<typename R::Bool>;
    { r.less(n, n) } -> std::convertible_to<typename R::Bool>;
    { r.truth(true) } -> std::convertible_to<typename R::Bool>;
    { r.both(p, p) } -> std::convertible_to<typename R::Bool>;
    { r.either(p, p) } -> std::convertible_to<typename R::Bool>;
    { r.negate(p) } -> std::convertible_to<typename R::Bool>;
    /// p ? a : b without deciding p.
    { r.choose(p, a, a) } -> std::convertible_to<typename R::Word>;
    { r.choose_size(p, n, n) } -> std::convertible_to<typename R::Size>;
    /// Control flow.  A concrete reading answers p; a symbolic one explores both answers where both are
    /// possible.
    { r.decide(p) } -> std::same_as<bool>;
    /// p cannot hold, whatever is still unknown.  Only saves work: a reading may always answer false.
    { r.certainly_false(p) } -> std::same_as<bool>;
};

/// What a mark is, a member with few values that step functions branch on: T itself, or what the reading has
/// for it (R::Mark<T>), which then converts to T where it is looked at.
template <class R, class T>
struct MarkIn {
    using type = T;
};
template <class R, class T>
requires requires { typename R::template Mark<T>; }
struct MarkIn<R, T> {
    using type = typename R::template Mark<T>;
};
template <class R, class T>
using MarkOf = typename MarkIn<R, T>::type;

/// The conjunction of conditions given as functions.  Stops at one that cannot hold, so that a concrete
/// reading compares (and notes) no more numbers than the answer needs.
template <Reading R, class... Conditions>
typename R::Bool all_of(R& r, Conditions&&... conditions) {
    typename R::Bool all = r.truth(true);
    const auto add = [&](auto&& condition) {
        if (!r.certainly_false(all)) all = r.both(all, condition());
    };
    (add(conditions), ...);
    return all;
}

/// premise implies conclusion, both given as functions; the conclusion is not asked for where the premise
/// cannot hold.
template <Reading R, class Premise, class Conclusion>
typename R::Bool implies(R& r, Premise&& premise, Conclusion&& conclusion) {
    return r.negate(all_of(r, premise, [&] { return r.negate(conclusion()); }));
}

/// after(a, b) is before(b, a), as in net/tcp.h.
template <Reading R>
typename R::Bool after(R& r, const typename R::Word& a, const typename R::Word& b) {
    return r.before(b, a);
}

/// a at or before b in serial order.
template <Reading R>
typename R::Bool not_after(R& r, const typename R::Word& a, const typename R::Word& b) {
    return r.negate(r.before(b, a));
}

/// a at or after b in serial order.
template <Reading R>
typename R::Bool not_before(R& r, const typename R::Word& a, const typename R::Word& b) {
    return r.negate(r.before(a, b));
}

template <Reading R>
typename R::Word later_of(R& r, const typename R::Word& a, const typename R::Word& b) {
    return r.choose(r.before(a, b), b, a);
}

template <Reading R>
typename R::Size larger_of(R& r, const typename R::Size& a, const typename R::Size& b) {
    return r.choose_size(r.less(a, b), b, a);
}

}  // namespace halfopen
