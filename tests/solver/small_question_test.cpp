/// Making a question small must not change its answer.
#include "solver/small_question.hpp"

#include <catch2/catch.hpp>

using namespace halfopen;

namespace {

struct Numbers {
    z3::context context;
    z3::expr seq = context.bv_const("seg.seq", 32), next = context.bv_const("rcv_nxt", 32),
             window = context.bv_const("rcv_wnd", 32), other = context.bv_const("snd_nxt", 32);
    std::vector<ComparedWith> compared{{"seg.seq", "rcv_nxt"}};
};

}  // namespace

TEST_CASE("In distances a test against RCV.NXT no longer speaks of RCV.NXT") {
    Numbers n;
    const SmallQuestions questions(n.context);
    const z3::expr inside = questions.in_distances(z3::ult(n.seq - n.next, n.window), n.compared);
    CHECK(inside.to_string().find("rcv_nxt") == std::string::npos);
    CHECK(inside.to_string().find("rcv_wnd") != std::string::npos);
}

TEST_CASE("A fact that bears on the question only by way of another one still counts") {
    Numbers n;
    SmallQuestions questions(n.context);
    const z3::expr end = n.context.bv_const("end", 32);
    const z3::expr facts =
        z3::ult(n.window, end) && end == n.context.bv_val(10, 32) && n.other == n.context.bv_val(7, 32);
    CHECK_FALSE(questions.model(facts, n.window == n.context.bv_val(10, 32)));
    CHECK(questions.model(facts, n.window == n.context.bv_val(9, 32)));
}

TEST_CASE("What was impossible under some facts may be possible under others") {
    Numbers n;
    SmallQuestions questions(n.context);
    const z3::expr zero = n.window == n.context.bv_val(0, 32);
    const z3::expr open = z3::ugt(n.window, n.context.bv_val(0, 32));
    for (int again = 0; again < 2; ++again) CHECK_FALSE(questions.model(open, zero));
    CHECK(questions.model(n.context.bool_val(true), zero));
}
