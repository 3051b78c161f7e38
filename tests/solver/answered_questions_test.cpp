/// A question has one answer, whatever its unknowns are called and whoever has asked it.
#include "solver/answered_questions.hpp"

#include <catch2/catch.hpp>

#include "solver/independent_facts.hpp"

using namespace halfopen;

namespace {

struct Asked {
    z3::context context;
    AnsweredQuestions answered;
    QuestionForms forms{answered};
    z3::expr number(const char* name) { return context.bv_const(name, 32); }
    AnsweredQuestions::Key key(const std::vector<z3::expr>& formulas) {
        const auto form = forms(formulas);
        REQUIRE(form);
        return form->key;
    }
};

}  // namespace

TEST_CASE("Questions that differ in names alone are one") {
    Asked q;
    const z3::expr a = q.number("a"), b = q.number("b"), c = q.number("c");
    CHECK(q.key({z3::ult(a, b), b == a + 1}) == q.key({z3::ult(c, a), a == c + 1}));
}

TEST_CASE(
    "Questions are two where unknowns are shared otherwise, stand elsewhere or have another constant beside "
    "them") {
    Asked q;
    const z3::expr a = q.number("a"), b = q.number("b"), c = q.number("c");
    const auto key = q.key({z3::ult(a, b), b == a + 1});
    CHECK(key != q.key({z3::ult(a, b), c == a + 1}));
    CHECK(key != q.key({z3::ult(a, b), a == b + 1}));
    CHECK(key != q.key({z3::ult(a, b), b == a + 2}));
    CHECK(key != q.key({z3::ule(a, b), b == a + 1}));
    CHECK(q.key({z3::ult(a, a)}) != q.key({z3::ult(a, b)}));
    CHECK(q.key({a.extract(31, 31) == 1}) != q.key({a.extract(30, 30) == 1}));
    CHECK(q.key({a == 7}) != q.key({q.context.bv_const("short", 16) == 7}));
}

TEST_CASE("What is no bit-vector has no form") {
    Asked q;
    CHECK_FALSE(q.forms({q.context.int_const("i") > 0}));
    const z3::sort bits = q.context.bv_sort(32);
    CHECK_FALSE(q.forms({q.context.function("f", bits, bits)(q.number("a")) == 1}));
}

TEST_CASE("An answer from another context has values of the unknowns asked for") {
    AnsweredQuestions answered;
    const auto values_of_x_above_y = [&](const char* x_name, const char* y_name) {
        z3::context context;
        IndependentFacts facts(context, &answered);
        const z3::expr x = context.bv_const(x_name, 32), y = context.bv_const(y_name, 32);
        facts.assume(z3::ugt(y, context.bv_val(1000, 32)));
        const IndependentFacts::Answer& answer = facts.ask(z3::ugt(x, y));
        REQUIRE(answer.values);
        CHECK(answer.values->eval(z3::ugt(x, y) && z3::ugt(y, context.bv_val(1000, 32)), true).is_true());
        CHECK(facts.contradicts(z3::ult(y, context.bv_val(1000, 32))));
        return answer.values->eval(x, true).get_numeral_uint64();
    };
    CHECK(values_of_x_above_y("x", "y") == values_of_x_above_y("client's ISS", "RCV.NXT"));
}

TEST_CASE("What another context has asked is found and not asked again") {
    AnsweredQuestions answered;
    std::size_t contradictions = 0;
    for (const char* name : {"a", "b", "c"}) {
        z3::context context;
        IndependentFacts facts(context, &answered);
        facts.record([&](const std::string&) { ++contradictions; });
        const z3::expr number = context.bv_const(name, 32);
        // A product is no distance, of which nobody else need be asked.
        facts.assume(z3::ult(number * number, context.bv_val(10, 32)));
        CHECK(facts.contradicts(z3::ugt(number * number, context.bv_val(10, 32))));
    }
    CHECK(contradictions == 1);
}
