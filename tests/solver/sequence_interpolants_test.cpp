/// What the places between steps that cannot follow each other have to know.
#include "solver/sequence_interpolants.hpp"

#include <catch2/catch.hpp>

using namespace halfopen;

namespace {

struct ThreeNumbers {
    z3::context context;
    z3::expr a = context.bv_const("a", 32), b = context.bv_const("b", 32), c = context.bv_const("c", 32);
    z3::expr literal(unsigned value) { return context.bv_val(value, 32); }
    bool contradict(const Formulas& formulas) {
        z3::solver solver(context);
        for (const z3::expr& formula : formulas) solver.add(formula);
        return solver.check() == z3::unsat;
    }
    bool imply(Formulas formulas, const z3::expr& conclusion) {
        formulas.push_back(!conclusion);
        return contradict(formulas);
    }
    static bool mentions(const z3::expr& term, const z3::expr& unknown) {
        if (z3::eq(term, unknown)) return true;
        for (unsigned i = 0; term.is_app() && i < term.num_args(); ++i)
            if (mentions(term.arg(i), unknown)) return true;
        return false;
    }
};

const auto anything = [](std::size_t, const z3::expr&) { return true; };

}  // namespace

TEST_CASE("What each place knows follows from the place before, and the last contradicts what comes after") {
    ThreeNumbers n;
    const std::vector<Formulas> parts{{z3::ult(n.a, n.literal(10)), n.c == n.literal(3)},
                                      {n.b == n.a + n.literal(1)},
                                      {z3::ugt(n.b, n.literal(20)), z3::ult(n.c, n.literal(7))}};
    const auto found = sequence_interpolants(n.context, {}, parts, anything);
    REQUIRE(found);
    REQUIRE(found->size() == 2);
    CHECK(n.imply(parts[0], (*found)[0]));
    CHECK(n.imply({(*found)[0], parts[1][0]}, (*found)[1]));
    CHECK(n.contradict({(*found)[1], parts[2][0], parts[2][1]}));
    CHECK_FALSE(ThreeNumbers::mentions((*found)[1], n.c));  // has nothing to do with it
}

TEST_CASE("Steps that can follow each other have no reason why they cannot") {
    ThreeNumbers n;
    CHECK_FALSE(sequence_interpolants(n.context, {}, {{n.a == n.literal(1)}, {n.b == n.a}}, anything));
}

TEST_CASE("What a place says of numbers that come up later is told by arcs of those that are there") {
    ThreeNumbers n;
    // b is drawn after the place, and lies between a and 100: there is room for it where a is less than 99.
    const Formulas before{z3::uge(n.a, n.literal(99)), z3::ult(n.a, n.literal(200))};
    const Formulas after{z3::ugt(n.b, n.a), z3::ult(n.b, n.literal(100))};
    const auto found = sequence_interpolants(
        n.context, {}, {before, after},
        [&](std::size_t, const z3::expr& f) { return !ThreeNumbers::mentions(f, n.b); });
    REQUIRE(found);
    CHECK_FALSE(ThreeNumbers::mentions((*found)[0], n.b));
    CHECK(n.imply(before, (*found)[0]));
    CHECK(n.contradict({(*found)[0], after[0], after[1]}));
}

TEST_CASE("What contradicts what always holds needs nothing to be known before") {
    ThreeNumbers n;
    const Formulas background{z3::ult(n.b, n.literal(5))};
    const auto found = sequence_interpolants(n.context, background,
                                             {{n.a == n.literal(1)}, {z3::ugt(n.b, n.literal(7))}}, anything);
    REQUIRE(found);
    CHECK((*found)[0].is_true());
}
