#include "solver/distances/distance_formulas.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <random>

using namespace halfopen;

namespace {

/// Formulas such as steps ask of a few numbers.
class RandomFormulas {
   public:
    RandomFormulas(z3::context& context, unsigned seed) : context_(context), random_(seed) {
        numbers_ = {context.bv_const("RCV.NXT", 32), context.bv_const("SND.NXT", 32)};
        for (const char* name : {"first", "second", "third"})
            isses_.push_back(numbers_[0] + context.bv_const(name, 32));
        places_ = numbers_;
        places_.push_back(context.bv_val(0, 32));
        places_.insert(places_.end(), isses_.begin(), isses_.end());
    }

    z3::expr formula(int depth = 2) {
        if (depth == 0 || random_() % 3 == 0) return comparison().simplify();
        const z3::expr a = formula(depth - 1), b = formula(depth - 1);
        switch (random_() % 3) {
            case 0:
                return a && b;
            case 1:
                return a || b;
            default:
                return !a;
        }
    }

   private:
    std::uint32_t constant() {
        constexpr std::array<std::uint32_t, 8> usual{0,          1,          1000,       65535,
                                                     0x7fffffff, 0x80000000, 0xfffeffff, 0xffffffff};
        return random_() % 4 == 0 ? static_cast<std::uint32_t>(random_()) : usual[random_() % usual.size()];
    }
    const z3::expr& place() { return places_[random_() % places_.size()]; }

    z3::expr comparison() {
        const z3::expr& end = place();
        const z3::expr distance = place() - end + context_.bv_val(constant(), 32);
        switch (random_() % 6) {
            case 0:
                return distance == context_.bv_val(constant(), 32);
            case 1:
                return z3::ult(distance, context_.bv_val(constant(), 32));
            case 2:
                return z3::slt(distance, context_.bv_val(0, 32));
            case 3:
                return z3::ule(context_.bv_val(constant() % 65536, 32), distance);
            case 4:
                return z3::sgt(distance, context_.bv_val(constant(), 32));
            default:  // of two distances from one place
                return z3::ule(distance, place() - end + context_.bv_val(constant(), 32));
        }
    }

    z3::context& context_;
    std::mt19937 random_;
    std::vector<z3::expr> numbers_, isses_, places_;
};

}  // namespace

TEST_CASE("distances and Z3 say the same of formulas about the numbers of attempts") {
    z3::context context;
    RandomFormulas formulas(context, 3);
    DistanceFormulas distances(context);
    int answered = 0, contradictions = 0;
    constexpr int rounds = 400;
    for (int round = 0; round < rounds; ++round) {
        Formulas all;
        for (int i = 0; i < 4 + round % 5; ++i) all.push_back(formulas.formula());
        const auto answer = distances.ask(all);
        if (!answer) continue;
        ++answered;
        contradictions += answer->contradiction ? 1 : 0;
        if (answer->contradiction) {
            z3::solver solver(context, "QF_UFBV");
            for (const z3::expr& formula : all) solver.add(formula);
            CHECK(solver.check() == z3::unsat);
        } else {
            for (const z3::expr& formula : all) CHECK(answer->values->eval(formula, true).is_true());
        }
    }
    CHECK(answered > rounds * 3 / 4);
    CHECK(contradictions > rounds / 10);
    CHECK(contradictions < rounds * 9 / 10);
}

TEST_CASE("a segment left of the window is not in it, whatever the numbers are") {
    z3::context context;
    DistanceFormulas distances(context);
    const z3::expr next = context.bv_const("RCV.NXT", 32), seq = context.bv_const("SEG.SEQ", 32);
    const z3::expr left = z3::slt(seq - next, context.bv_val(0, 32));
    const z3::expr in_window = z3::ult(seq - next, context.bv_val(65535, 32));
    CHECK(distances.ask({left.simplify(), in_window.simplify()})->contradiction);
    const auto beyond = distances.ask({(!left).simplify(), (!in_window).simplify()});
    REQUIRE(beyond);
    CHECK_FALSE(beyond->contradiction);
}

TEST_CASE("three numbers each of which is before the next come round") {
    z3::context context;
    DistanceFormulas distances(context);
    std::vector<z3::expr> numbers;
    for (const char* name : {"a", "b", "c"}) numbers.push_back(context.bv_const(name, 32));
    Formulas before;
    for (std::size_t i = 0; i < 3; ++i)
        before.push_back(z3::slt(numbers[i] - numbers[(i + 1) % 3], context.bv_val(0, 32)).simplify());
    const auto answer = distances.ask(before);
    REQUIRE(answer);
    REQUIRE_FALSE(answer->contradiction);
    for (const z3::expr& formula : before) CHECK(answer->values->eval(formula, true).is_true());
}

TEST_CASE("of products, marks and two distances without a common end distances say nothing") {
    z3::context context;
    DistanceFormulas distances(context);
    std::vector<z3::expr> numbers;
    for (const char* name : {"a", "b", "c", "d"}) numbers.push_back(context.bv_const(name, 32));
    CHECK_FALSE(distances.ask({numbers[0] * numbers[1] == numbers[2]}));
    CHECK_FALSE(distances.ask({context.bv_const("mark", 4) == context.bv_val(3, 4)}));
    CHECK_FALSE(distances.ask({context.bool_const("flag")}));
    CHECK_FALSE(distances.ask({z3::ule(numbers[0] - numbers[1], numbers[2] - numbers[3])}));
    CHECK(distances.ask({z3::ule(numbers[0] - numbers[1], numbers[2] - numbers[1])}));
}
