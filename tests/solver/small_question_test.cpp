/// Making a question small must not change its answer.
#include "solver/small_question.hpp"

#include <catch2/catch.hpp>

using namespace halfopen;

namespace {

struct ComparedNumbers {
    z3::context context;
    z3::expr seq = context.bv_const("seg.seq", 32), next = context.bv_const("rcv_nxt", 32),
             window = context.bv_const("rcv_wnd", 32), other = context.bv_const("snd_nxt", 32);
    std::vector<ComparedWith> compared{{"seg.seq", "rcv_nxt"}};
};

}  // namespace

TEST_CASE("In distances a test against RCV.NXT no longer speaks of RCV.NXT") {
    ComparedNumbers n;
    const SmallQuestions questions(n.context);
    const z3::expr inside = questions.in_distances(z3::ult(n.seq - n.next, n.window), n.compared);
    CHECK(inside.to_string().find("rcv_nxt") == std::string::npos);
    CHECK(inside.to_string().find("rcv_wnd") != std::string::npos);
}

TEST_CASE("A fact that bears on the question only by way of another one still counts") {
    ComparedNumbers n;
    SmallQuestions questions(n.context);
    const z3::expr end = n.context.bv_const("end", 32);
    const z3::expr facts =
        z3::ult(n.window, end) && end == n.context.bv_val(10, 32) && n.other == n.context.bv_val(7, 32);
    CHECK_FALSE(questions.possible(facts, n.window == n.context.bv_val(10, 32)));
    CHECK(questions.possible(facts, n.window == n.context.bv_val(9, 32)));
}

TEST_CASE("What was impossible under some facts may be possible under others") {
    ComparedNumbers n;
    SmallQuestions questions(n.context);
    const z3::expr zero = n.window == n.context.bv_val(0, 32);
    const z3::expr open = z3::ugt(n.window, n.context.bv_val(0, 32));
    for (int again = 0; again < 2; ++again) CHECK_FALSE(questions.possible(open, zero));
    CHECK(questions.possible(n.context.bool_val(true), zero));
}

TEST_CASE("Of many questions each possible one is given once, with numbers that make it true") {
    ComparedNumbers n;
    const SmallQuestions questions(n.context);
    const z3::expr distance = n.seq - n.next;
    const std::vector<z3::expr> asked{
        distance == n.context.bv_val(5, 32), distance == n.context.bv_val(20, 32),
        z3::ult(distance, n.context.bv_val(3, 32)),
        distance == n.context.bv_val(9, 32) && n.next == n.context.bv_val(100, 32)};
    std::vector<z3::expr> in_distances;
    for (const z3::expr& one : asked) in_distances.push_back(questions.in_distances(one, n.compared));
    const z3::expr facts = z3::ult(distance, n.context.bv_val(10, 32));
    PossibleQuestions possible(n.context, questions.in_distances(facts, n.compared), in_distances,
                               n.compared);
    std::set<std::size_t> given;
    while (const auto one = possible.next()) {
        CHECK(given.insert(*one).second);
        CHECK(possible.numbers().eval(asked[*one] && facts, true).is_true());
    }
    CHECK(given == std::set<std::size_t>{0, 2, 3});
}
