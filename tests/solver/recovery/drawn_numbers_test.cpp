/// Which numbers a claim can do without, of those that a path has drawn.
#include "solver/recovery/drawn_numbers.hpp"

#include <catch2/catch.hpp>

#include "solver/recovery/connection.hpp"
#include "solver/recovery/left_behind.hpp"
#include "solver/recovery/left_out.hpp"
#include "tests/solver/both_readings.hpp"

using namespace halfopen;
using namespace halfopen::testing;

namespace {

/// Two ISSs of a client whose old connection is in ESTABLISHED, and what a path has found out about them.
class TwoAttempts {
   public:
    TwoAttempts() : numbers(context, start(), {}), first(draw()), second(draw()) {}

    z3::expr moves_on() const { return second - first; }
    z3::expr literal(unsigned n) { return context.bv_val(n, 32); }
    EasyQuestions& path(const z3::expr& found_out) {
        EasyQuestions& questions = path_.emplace(distances_, Formulas{found_out});
        REQUIRE(questions.check() == z3::sat);
        return questions;
    }

    z3::context context;

   private:
    const LeftBehind& start() {
        const Model model(read_scenario(std::string(HALFOPEN_SOURCE_DIR) + "/spec/scenarios/founding.toml"),
                          shipped_policies());
        for (LeftBehind& left : left_behind(context, FairRun(model), model.scenario().fault))
            if (left.what == "server in ESTABLISHED") start_ = std::move(left);
        return start_.value();
    }
    z3::expr draw() {
        const NamedNumber iss = numbers.fresh(DrawnNumbers::client_role);
        numbers.push(iss);
        return Z3Reading(context).term(iss.word);
    }
    std::optional<LeftBehind> start_;
    DistanceFormulas distances_{context};
    std::optional<EasyQuestions> path_;

   public:
    DrawnNumbers numbers;
    z3::expr first, second;
};

}  // namespace

TEST_CASE("An ISS that has to be near the one before is a corner, whose range is exact") {
    TwoAttempts attempts;
    const auto corner =
        attempts.numbers.corner(attempts.path(z3::uge(attempts.moves_on(), attempts.literal(10)) &&
                                              z3::ult(attempts.moves_on(), attempts.literal(70))));
    CHECK(corner == LeftOut{"ISS", "ISS", 10, 60});
}

TEST_CASE("The range of a corner is the same whichever of its numbers is at hand") {
    TwoAttempts attempts;
    const z3::expr from_below = attempts.moves_on() + attempts.literal(67035);
    const z3::expr is_near = z3::ule(from_below, attempts.literal(2 * 67035));
    for (const unsigned first : {0U, 67035U, 2 * 67035U}) {
        EasyQuestions& path = attempts.path(is_near);
        REQUIRE(path.check({from_below == attempts.literal(first)}) == z3::sat);
        CHECK(attempts.numbers.corner(path) == LeftOut{"ISS", "ISS", 0U - 67035U, 2 * 67035 + 1});
    }
}

TEST_CASE("An ISS that may be anywhere behind the one before is none") {
    TwoAttempts attempts;
    const z3::expr ascends = z3::slt(attempts.literal(0), attempts.moves_on());
    CHECK_FALSE(attempts.numbers.corner(attempts.path(ascends)));
}

TEST_CASE("Where something holds unless two ISSs are near each other, all that lies near can be left out") {
    TwoAttempts attempts;
    const z3::expr ascends = z3::slt(attempts.literal(0), attempts.moves_on());
    const z3::expr by_a_step = z3::uge(attempts.moves_on(), attempts.literal(1U << 16U));
    CHECK(attempts.numbers.corner_unless(attempts.path(ascends), by_a_step) == all_near("ISS", "ISS"));
    SECTION("but not where it fails for others as well") {
        const z3::expr by_more = z3::uge(attempts.moves_on(), attempts.literal(1U << 20U));
        CHECK_FALSE(attempts.numbers.corner_unless(attempts.path(ascends), by_more));
    }
    SECTION("nor where it never fails") {
        CHECK_FALSE(attempts.numbers.corner_unless(attempts.path(by_a_step), by_a_step));
    }
    SECTION("nor twice") {
        REQUIRE(attempts.numbers.leave_out(all_near("ISS", "ISS")));
        CHECK_FALSE(attempts.numbers.corner_unless(attempts.path(ascends), by_a_step));
    }
}

TEST_CASE("What is asked of one claim changes nothing for the next one") {
    TwoAttempts attempts;
    const z3::expr ascends = z3::slt(attempts.literal(0), attempts.moves_on());
    const z3::expr by_a_step = z3::uge(attempts.moves_on(), attempts.literal(1U << 16U));
    EasyQuestions& path = attempts.path(ascends);
    CHECK_FALSE(attempts.numbers.corner_unless(path, ascends));
    CHECK(attempts.numbers.corner_unless(path, by_a_step) == all_near("ISS", "ISS"));
}
