#include "solver/z3_reading.hpp"

#include <catch2/catch.hpp>

#include "spec/numbers/concrete_reading.hpp"
#include "tests/solver/random_worlds.hpp"

using namespace halfopen;
using namespace halfopen::testing;

static_assert(Reading<Z3Reading>);
static_assert(Reading<ConcreteReading>);

namespace {

/// Every operation of a reading on the same numbers; conditions become bits.
template <Reading R, class Bit, class Value>
std::vector<std::uint32_t> everything(R& r, const std::vector<std::uint32_t>& k, Bit bit, Value value) {
    const auto a = r.literal(k[0]);
    const auto b = r.plus(r.literal(k[1]), k[2]);
    const auto n = r.size(k[3]);
    const auto m = r.size(k[4]);
    const auto p = r.before(a, b);
    const auto q = r.within(a, b, n);
    return {
        bit(p),
        bit(q),
        bit(r.equal(a, b)),
        bit(after(r, a, b)),
        bit(not_after(r, a, b)),
        bit(not_before(r, a, b)),
        bit(r.less(n, m)),
        bit(r.both(p, q)),
        bit(r.either(p, q)),
        bit(r.negate(q)),
        bit(r.truth(true)),
        bit(r.truth(false)),
        value(r.choose(p, a, b)),
        value(later_of(r, a, b)),
        value(r.advance(a, n)),
        value(r.retreat(a, m)),
        value(r.choose_size(q, n, m)),
        value(larger_of(r, n, m)),
        value(r.distance(a, b)),
        value(r.sum(n, m)),
        bit(all_of(
            r, [&] { return p; }, [&] { return q; }, [&] { return r.less(n, m); })),
        bit(implies(
            r, [&] { return p; }, [&] { return q; })),
        r.decide(p) ? 1U : 0U,
        r.certainly_false(q) ? 1U : 0U,
    };
}

}  // namespace

TEST_CASE("both readings agree on every operation") {
    z3::context context;
    RandomWorld random(42);
    for (int i = 0; i < 500; ++i) {
        const std::uint32_t base = random.any();
        const std::vector<std::uint32_t> k{base, base + random.offset(), random.offset(), random.offset(),
                                           random.offset()};
        CAPTURE(k);
        Z3Reading symbolic(context);
        ConcreteReading concrete;
        const auto expected = everything(
            concrete, k, [](bool p) { return p ? 1U : 0U; },
            [](auto n) {
                if constexpr (std::is_same_v<decltype(n), Number>)
                    return n.value;
                else
                    return n;
            });
        const auto found = everything(
            symbolic, k,
            [](const z3::expr& p) {
                const z3::expr s = p.simplify();
                REQUIRE((s.is_true() || s.is_false()));
                return s.is_true() ? 1U : 0U;
            },
            [&](const auto& bits) {
                return static_cast<std::uint32_t>(symbolic.term(bits).simplify().get_numeral_uint64());
            });
        REQUIRE(found == expected);
    }
}

TEST_CASE("an unknown condition needs an oracle") {
    z3::context context;
    Z3Reading r(context);
    CHECK_THROWS_AS(r.decide(r.before(r.unknown("a"), r.unknown("b"))), std::logic_error);
    CHECK(r.decide(r.equal(r.unknown("a"), r.unknown("a"))));
    CHECK_FALSE(r.certainly_false(r.before(r.unknown("a"), r.unknown("b"))));
}

TEST_CASE("a value-initialised number is the literal 0 of whatever reading uses it") {
    z3::context context;
    const Z3Reading::Word zero{};
    const Z3Reading::Size empty{};
    {
        z3::context other;
        const Z3Reading r(other);
        CHECK(r.decide(r.equal(zero, r.literal(0))));
    }
    Z3Reading r(context);
    CHECK(r.decide(r.equal(zero, r.literal(0))));
    CHECK(r.decide(r.equal(r.retreat(r.plus(zero, 7), r.size(7)), zero)));
    CHECK(r.decide(r.less(empty, r.size(1))));
    CHECK(zero == Z3Reading::Word());
    CHECK(zero == r.literal(0));
    CHECK_FALSE(r.literal(1) == zero);
    CHECK_FALSE(r.unknown("a") == zero);
    CHECK(r.unknown("a") == r.unknown("a"));
    CHECK_FALSE(r.unknown("a") == r.unknown("b"));
    CHECK_FALSE(r.plus(r.literal(1), 1) == r.literal(2));  // the same number, another term
}

TEST_CASE("a distance between numbers of different origin is noted as the equality that it depends on") {
    ComparisonLog log;
    const std::vector<Origin> origins{{0, 0}, {1, 1000}, {2, 5000}};
    ConcreteReading r(origins, &log);
    CHECK(r.distance({1010, 1}, {1003, 1}) == 7);
    CHECK(log.size() == 0);
    CHECK(r.distance({5010, 2}, {1003, 1}) == 4007);
    REQUIRE(log.size() == 1);
    const Comparison noted = log.sorted().front();
    CHECK(noted.kind == Comparison::Kind::Equal);
    CHECK(says(noted, 5000, 1000));
    CHECK_FALSE(says(noted, 5001, 1000));
}
