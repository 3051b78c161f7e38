/// Samples stand for what Z3 would find: the readings agree on them, and many of them are possible.
#include "solver/witness_samples.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "solver/policy_diff.hpp"
#include "solver/rule_formulas.hpp"
#include "tests/solver/edited_policy.hpp"

using namespace halfopen;
using namespace halfopen::testing;

TEST_CASE("Samples are possible, and come to many rules of the table") {
    for (const char* name : {"linux-6.18", "freebsd-14"}) {
        const Policy policy = std::string(name) == "freebsd-14" ? endpoint_policy(name) : nat_policy(name);
        z3::context context;
        const auto formulas = rule_formulas(context, policy);
        std::set<std::size_t> reached;
        for (const PolicyCase& at : formulas->cases()) {
            SampleDraws draws;
            int possible = 0;
            for (int i = 0; i < 200; ++i) {
                const PolicyWitness sample = formulas->sample(at, draws);
                if (!formulas->possible(sample)) continue;
                ++possible;
                const PolicyOutcome happens = outcome_of(formulas->policy(), sample);
                const CompiledRule* decides = formulas->decides(sample);
                REQUIRE((decides == nullptr) == (happens.rule == nullptr));
                if (decides == nullptr) continue;
                REQUIRE(happens.rule == &formulas->policy().rules[decides->rule]);
                reached.insert(decides->rule);
            }
            CHECK(possible >= 20);
        }
        INFO(name << ": " << reached.size() << " of " << policy.rules.size());
        CHECK(reached.size() * 3 >= policy.rules.size() * 2);
    }
}
