/// Facts that a question does not depend on are not looked at, and each question is put once.
#include "solver/independent_facts.hpp"

#include <catch2/catch.hpp>

using namespace halfopen;

namespace {

struct NumbersOfFacts {
    z3::context context;
    IndependentFacts facts{context};
    z3::expr number(const char* name) { return context.bv_const(name, 32); }
    z3::expr below(const char* name, unsigned limit) {
        return z3::ult(number(name), context.bv_val(limit, 32));
    }
};

}  // namespace

TEST_CASE("A fact about the same number decides, also through a third one") {
    NumbersOfFacts n;
    n.facts.assume(n.below("a", 10) && n.number("a") == n.number("b"));
    n.facts.push(n.number("b") == n.number("c"));
    CHECK(n.facts.contradicts(!n.below("a", 10)));
    CHECK(n.facts.contradicts(!n.below("c", 10)));
    CHECK_FALSE(n.facts.contradicts(!n.below("c", 9)));
    n.facts.pop();
    CHECK_FALSE(n.facts.contradicts(!n.below("c", 10)));
}

TEST_CASE("A question is put again only where something that it depends on has changed") {
    NumbersOfFacts n;
    n.facts.assume(n.below("a", 10));
    CHECK(n.facts.contradicts(!n.below("a", 20)));
    CHECK(n.facts.questions() == 1);
    n.facts.push(n.below("b", 5));
    CHECK(n.facts.contradicts(!n.below("a", 20)));
    CHECK(n.facts.questions() == 1);
    n.facts.push(n.below("a", 5));
    CHECK(n.facts.contradicts(!n.below("a", 20)));
    CHECK(n.facts.contradicts(!n.below("a", 5)));
    CHECK(n.facts.questions() == 3);
    n.facts.pop();
    CHECK_FALSE(n.facts.contradicts(!n.below("a", 5)));
}

TEST_CASE("What is recorded of a contradiction is all that it rests on") {
    NumbersOfFacts n;
    std::string recorded;
    n.facts.record([&](const std::string& smt_lib) { recorded = smt_lib; });
    n.facts.assume(n.below("a", 10));
    n.facts.push(n.below("unrelated", 10));
    CHECK(n.facts.contradicts(!n.below("a", 20)));
    CHECK(recorded.find("unrelated") == std::string::npos);
    z3::solver again(n.context);
    again.from_string(recorded.c_str());
    CHECK(again.check() == z3::unsat);
}

TEST_CASE("What is known through a number that is gone can be forgotten, and remembered") {
    NumbersOfFacts n;
    n.facts.assume(n.below("gone", 20));
    n.facts.push(n.below("left", 30));
    n.facts.push(n.number("left") == n.number("gone"));
    n.facts.push(n.below("gone", 10));
    CHECK(n.facts.contradicts(!n.below("left", 10)));
    const std::vector<std::size_t> forgotten = n.facts.forget_all_but({n.number("left")});
    CHECK(n.facts.has_forgotten());
    CHECK(forgotten.size() == 2);
    CHECK(n.facts.remembered().size() == 2);
    CHECK_FALSE(n.facts.contradicts(!n.below("left", 10)));
    CHECK(n.facts.contradicts(!n.below("left", 30)));
    CHECK(n.facts.related({n.number("left")}).size() == 1);
    // What is assumed of every path is never forgotten.
    CHECK(n.facts.contradicts(!n.below("gone", 20)));
    n.facts.remember(forgotten);
    CHECK(n.facts.contradicts(!n.below("left", 10)));
}
