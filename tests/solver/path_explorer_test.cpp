#include "solver/path_explorer.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "spec/numbers/concrete_reading.hpp"

using namespace halfopen;

namespace {

/// A receiver's verdict.  "odd" cannot be reached: what is in the window is not before its left edge.
template <Reading R>
std::string judge(R& r, const typename R::Word& seq, const typename R::Word& next) {
    if (r.decide(r.within(seq, next, r.size(1000)))) {
        if (r.decide(r.before(seq, next))) return "odd";
        return r.decide(r.equal(seq, next)) ? "exact" : "in window";
    }
    return r.decide(r.before(seq, next)) ? "left" : "right";
}

}  // namespace

TEST_CASE("exactly the feasible paths are found, each with its condition") {
    z3::context context;
    const Z3Reading symbolic(context);
    const Z3Reading::Word seq = symbolic.unknown("seq");
    const Z3Reading::Word next = symbolic.unknown("next");
    PathExplorer paths(context);

    std::vector<std::string> found;
    z3::expr_vector conditions(context);
    const std::size_t count =
        paths.explore([&](Z3Reading& r) { return judge(r, seq, next); },
                      [&](const z3::expr& condition, const std::string& verdict) {
                          found.push_back(verdict);
                          conditions.push_back(condition);
                          CHECK_FALSE(paths.refute(condition));
                          // The concrete reading of a value on this path gives this path's verdict.
                          const auto model = paths.refute(context.bool_val(false));
                          REQUIRE(model);
                          const auto value = [&](const Z3Reading::Word& word) {
                              const z3::expr constant = model->eval(symbolic.term(word), true);
                              return static_cast<std::uint32_t>(constant.get_numeral_uint64());
                          };
                          ConcreteReading r;
                          CHECK(judge(r, r.literal(value(seq)), r.literal(value(next))) == verdict);
                      });
    CHECK(count == 4);
    CHECK(found == std::vector<std::string>{"exact", "in window", "left", "right"});

    z3::solver solver(context);
    solver.add(!z3::mk_or(conditions));
    CHECK(solver.check() == z3::unsat);  // together they are everything
    for (unsigned i = 0; i < conditions.size(); ++i)
        for (unsigned j = 0; j < i; ++j) {
            z3::solver both(context);
            both.add(conditions[static_cast<int>(i)] && conditions[static_cast<int>(j)]);
            CHECK(both.check() == z3::unsat);
        }
}

TEST_CASE("assumptions close paths") {
    z3::context context;
    Z3Reading r(context);
    const Z3Reading::Word seq = r.unknown("seq");
    const Z3Reading::Word next = r.unknown("next");
    const auto verdicts = [&](PathExplorer& paths) {
        std::vector<std::string> found;
        paths.explore([&](Z3Reading& reading) { return judge(reading, seq, next); },
                      [&](const z3::expr&, const std::string& verdict) { found.push_back(verdict); });
        return found;
    };
    PathExplorer paths(context);
    CHECK(verdicts(paths).size() == 4);
    paths.assume(r.before(next, seq));
    // Still left of it: numbers 2^31 apart are each before the other (RFC 1982, 3.2 leaves it undefined).
    CHECK(verdicts(paths) == std::vector<std::string>{"in window", "left", "right"});
    paths.assume(r.negate(r.before(seq, next)));
    CHECK(verdicts(paths) == std::vector<std::string>{"in window", "right"});
    CHECK(verdicts(paths) == std::vector<std::string>{"in window", "right"});
    paths.assume(r.equal(seq, r.plus(next, 5)));
    CHECK(verdicts(paths) == std::vector<std::string>{"in window"});
    CHECK_FALSE(paths.refute(r.within(seq, next, r.size(6))));
    CHECK(paths.refute(r.within(seq, next, r.size(5))));
    paths.assume(r.equal(seq, next));
    CHECK(verdicts(paths).empty());
}

TEST_CASE("a run without decisions is one path that is always taken") {
    z3::context context;
    PathExplorer paths(context);
    int runs = 0;
    CHECK(paths.explore([&](Z3Reading& r) { runs += r.decide(r.truth(true)) ? 1 : 0; },
                        [](const z3::expr& condition) { CHECK(condition.is_true()); }) == 1);
    CHECK(runs == 1);
}

TEST_CASE("a throwing or moody run leaves the explorer usable") {
    z3::context context;
    Z3Reading r(context);
    const Z3Reading::Word a = r.unknown("a");
    PathExplorer paths(context);
    const auto ignore = [](const z3::expr&) {};
    int turn = 0;
    const auto moody = [&](Z3Reading& reading) {
        ++turn;
        reading.decide(reading.before(a, reading.literal(turn == 1 ? 5 : 6)));
    };
    CHECK_THROWS_AS(paths.explore(moody, ignore), std::logic_error);
    const auto quits = [&](Z3Reading& reading) {
        if (!reading.decide(reading.equal(a, reading.literal(1)))) throw std::runtime_error("quits");
    };
    CHECK_THROWS_AS(paths.explore(quits, ignore), std::runtime_error);
    const auto steady = [&](Z3Reading& reading) { reading.decide(reading.equal(a, reading.literal(1))); };
    CHECK(paths.explore(steady, ignore) == 2);
    CHECK(paths.refute(r.equal(a, r.literal(1))));
    CHECK(paths.refute(!r.equal(a, r.literal(1))));
}

TEST_CASE("what is explored on a path lies on that path, and leaves it as it was") {
    z3::context context;
    Z3Reading r(context);
    const Z3Reading::Word a = r.unknown("a"), b = r.unknown("b");
    PathExplorer paths(context);
    std::vector<std::string> contradictions;
    paths.record([&](const std::string& smt_lib) { contradictions.push_back(smt_lib); });
    int both = 0, inner = 0;
    paths.explore([&](Z3Reading& reading) { return reading.decide(reading.before(a, b)); },
                  [&](const z3::expr&, bool before) {
                      inner += static_cast<int>(paths.explore(
                          [&](Z3Reading& reading) { return reading.decide(reading.equal(a, b)); },
                          [&](const z3::expr&, bool equal) { both += before && equal ? 1 : 0; }));
                      CHECK_FALSE(paths.refute(before ? r.before(a, b) : !r.before(a, b)));
                  });
    CHECK(both == 0);
    CHECK(inner == 3);
    CHECK_FALSE(contradictions.empty());
}

TEST_CASE("with choices split no term grows") {
    z3::context context;
    Z3Reading r(context);
    const Z3Reading::Word a = r.unknown("a"), b = r.unknown("b");
    PathExplorer paths(context);
    paths.split_choices();
    CHECK(paths.explore([&](Z3Reading& reading) { return later_of(reading, a, b); },
                        [&](const z3::expr&, const Z3Reading::Word& later) {
                            CHECK((later == a || later == b));
                        }) == 2);
}

TEST_CASE("what followed from a fact that is forgotten does not follow any more") {
    z3::context context;
    Z3Reading r(context);
    const Z3Reading::Word a = r.unknown("a"), gone = r.unknown("gone");
    PathExplorer paths(context);
    std::size_t known = 0, forgotten = 0, again = 0;
    const auto is_five = [&](Z3Reading& reading) { reading.decide(reading.equal(a, reading.literal(5))); };
    const auto ignore = [](const z3::expr&) {};
    paths.explore(
        [&](Z3Reading& reading) {
            const bool same = reading.decide(reading.equal(a, gone));
            const bool five = reading.decide(reading.equal(gone, reading.literal(5)));
            is_five(reading);
            return same && five;
        },
        [&](const z3::expr&, bool is_surely_five) {
            if (!is_surely_five) return;
            known = paths.explore(is_five, ignore);
            {
                const PathExplorer::Forgetting forgetting(paths, {r.term(a)});
                forgotten = paths.explore(is_five, [&](const z3::expr&) { paths.witness(); });
                CHECK(paths.refute(r.equal(a, r.literal(5))));
            }
            again = paths.explore(is_five, ignore);
            CHECK_FALSE(paths.refute(r.equal(a, r.literal(5))));
        });
    CHECK(known == 1);
    CHECK(forgotten == 2);
    CHECK(again == 1);
}

namespace {

/// A path on which a is five, by way of a number that is gone.
struct SurelyFive {
    z3::context context;
    Z3Reading r{context};
    Z3Reading::Word a = r.unknown("a"), gone = r.unknown("gone");
    PathExplorer paths{context};

    auto is(std::uint32_t value) {
        return [this, value](Z3Reading& reading) {
            return reading.decide(reading.equal(a, reading.literal(value)));
        };
    }
    /// Calls done on that path.
    template <class Done>
    void on_path(Done&& done) {
        paths.explore(
            [this](Z3Reading& reading) {
                return reading.decide(reading.equal(a, gone)) &&
                       reading.decide(reading.equal(gone, reading.literal(5)));
            },
            [&](const z3::expr&, bool is_surely_five) {
                if (is_surely_five) done();
            });
    }
};

}  // namespace

TEST_CASE("a path that only forgetting allows says what was missing, and is ruled out by it") {
    SurelyFive five;
    PathExplorer& paths = five.paths;
    std::vector<z3::expr> missing;
    std::size_t without = 0, with = 0;
    five.on_path([&] {
        {
            const PathExplorer::Forgetting forgetting(paths, {five.r.term(five.a)});
            without = paths.explore(five.is(6), [&](const z3::expr&, bool six) {
                CHECK(paths.is_ruled_out() == six);
                if (six) missing = paths.what_was_missing();
            });
        }
        const PathExplorer::Forgetting forgetting(paths, {five.r.term(five.a)}, missing);
        with = paths.explore(five.is(6), [&](const z3::expr&, bool six) { CHECK_FALSE(six); });
    });
    CHECK(missing.size() == 1);
    CHECK(without == 2);
    CHECK(with == 1);
}

TEST_CASE("a path that only forgetting allows is ruled out by what was known until it was forgotten") {
    SurelyFive five;
    PathExplorer& paths = five.paths;
    const z3::expr a = five.r.term(five.a), gone = five.r.term(five.gone);
    std::size_t after = 0;
    five.on_path([&] {
        const PathExplorer::Forgetting nothing(paths, {a, gone});
        const PathExplorer::Forgetting still_nothing(paths, {a, gone});
        const PathExplorer::Forgetting forgetting(paths, {a});
        paths.explore(five.is(6), [&](const z3::expr&, bool six) {
            if (six) after = paths.ruled_out_after();
        });
    });
    CHECK(after == 2);
}

TEST_CASE("a wanted fact that does not follow is not taken for known") {
    z3::context context;
    Z3Reading r(context);
    const Z3Reading::Word a = r.unknown("a");
    PathExplorer paths(context);
    const auto is_six = [&](Z3Reading& reading) { reading.decide(reading.equal(a, reading.literal(6))); };
    paths.explore([](Z3Reading&) {},
                  [&](const z3::expr&) {
                      const PathExplorer::Forgetting forgetting(paths, {r.term(a)},
                                                                {r.term(a) != r.term(r.literal(6))});
                      CHECK(paths.explore(is_six, [](const z3::expr&) {}) == 2);
                  });
}

TEST_CASE("all that was found out is as much of a path as any numbers take") {
    SurelyFive five;
    const auto surely = [&](EasyQuestions questions, const z3::expr& claim) {
        return questions.check({!claim}) == z3::unsat;
    };
    const z3::expr claim = five.r.term(five.a) == five.r.term(five.r.literal(5));
    std::size_t asked = 0;
    five.on_path([&] {
        const PathExplorer::Forgetting forgetting(five.paths, {five.r.term(five.a)});
        asked = five.paths.explore(
            five.is(6), [&](const z3::expr&, bool) { CHECK(surely(*five.paths.all_found_out(), claim)); });
    });
    CHECK(asked == 2);
}

TEST_CASE("values that a question has given answer further questions, also about other numbers") {
    z3::context context;
    Z3Reading r(context);
    const auto a = r.unknown("a"), b = r.unknown("b");
    PathExplorer paths(context);
    const auto one_of_four = [&](Z3Reading& reading) {
        const bool small_a = reading.decide(reading.within(a, reading.literal(0), reading.size(10)));
        const bool small_b = reading.decide(reading.within(b, reading.literal(0), reading.size(10)));
        return 2 * int{small_a} + int{small_b};
    };
    const std::size_t before = paths.questions();
    std::vector<int> met;
    paths.explore(one_of_four, [&](const z3::expr& condition, int which) {
        met.push_back(which);
        CHECK(paths.witness().eval(condition, true).is_true());
    });
    CHECK(met == std::vector<int>{3, 2, 1, 0});
    // For values at first, and then for each comparison on the side that they do not lie on: never for both.
    CHECK(paths.questions() - before == 3);
}

TEST_CASE("values that agree with what is left are not taken for some of the whole path") {
    SurelyFive five;
    const auto ignore = [](const z3::expr&, bool) {};
    std::size_t within_path = 0;
    five.on_path([&] {
        {
            const PathExplorer::Forgetting forgetting(five.paths, {five.r.term(five.a)});
            CHECK(five.paths.explore(five.is(6), ignore) == 2);
        }
        within_path = five.paths.explore(five.is(6), ignore);
        CHECK(five.paths.witness().eval(five.r.equal(five.a, five.r.literal(5)), true).is_true());
    });
    CHECK(within_path == 1);
}
