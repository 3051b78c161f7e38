// Whatever a certificate lies about, the verifier says so.
#include <catch2/catch.hpp>

#include "explorer/search.hpp"
#include "tests/verifier/forgery.hpp"

using namespace halfopen;
using namespace halfopen::test;
using Catch::Contains;
using verifier::Verdict;

namespace {

/// One certificate of each verdict, of scenarios with few states.
const std::vector<Certified>& honest() {
    static const std::vector<Certified> all = [] {
        std::vector<Certified> made;
        made.emplace_back(shipped("stale-syn-recv"));
        made.emplace_back(shipped("keepalive-refreshed"));
        made.emplace_back(shipped("ack-war", {{"left.data_retransmit", "200ms"}, {"network.loss", "1"}}));
        made.emplace_back(
            shipped("founding", {{"scenario.clients", "1"}, {"client.syn_never_gives_up", "true"}}));
        return made;
    }();
    return all;
}

/// Changes each of the certificates and gives the change to be refused.
template <class Change>
void each_is_refused(Change change) {
    for (const Certified& certified : honest()) {
        INFO(to_string(certified.verdict));
        Forgery forged(certified.file);
        if (!change(forged)) continue;
        CHECK(lie_in(forged.sealed(), certified.model) != "");
    }
}

}  // namespace

TEST_CASE("What is taken apart and put together unchanged is still true") {
    for (const Certified& certified : honest()) {
        CHECK(Forgery(certified.file).sealed() == certified.file);
        CHECK(lie_in(certified.file, certified.model) == "");
    }
    CHECK(honest()[0].verdict == explorer::Verdict::Bounded);
    CHECK(honest()[1].verdict == explorer::Verdict::Unbounded);
    CHECK(honest()[2].verdict == explorer::Verdict::Storm);
    CHECK(honest()[3].verdict == explorer::Verdict::Permanent);
}

TEST_CASE("A state left out is missed, whichever it is") {
    for (const Certified& certified : honest()) {
        const std::size_t states = Forgery(certified.file).states.size();
        for (std::uint32_t id = 0; id < states; id += 1 + static_cast<std::uint32_t>(states) / 20) {
            INFO(to_string(certified.verdict) << " without state " << id);
            Forgery forged(certified.file);
            forged.leave_out(id);
            CHECK(lie_in(forged.sealed(), certified.model) != "");
        }
    }
}

TEST_CASE("A step left out is missed, and the state that it leads to is shown") {
    const Certified& bounded = honest()[0];
    Forgery forged(bounded.file);
    forged.states[3].targets.pop_back();
    const Verification result = verified(forged.sealed(), bounded.model);
    REQUIRE(result.lie);
    CHECK_THAT(result.lie->what, Contains("of state 3 a step is left out"));
    CHECK_THAT(result.lie->state, Contains("SND.NXT") && Contains("\n"));
    each_is_refused([](Forgery& f) {
        for (Forgery::State& state : f.states) {
            if (state.targets.size() < 2) continue;
            state.targets.erase(state.targets.begin());
            return true;
        }
        f.states.front().targets.clear();
        return true;
    });
}

TEST_CASE("A step that cannot be made is refused") {
    each_is_refused([](Forgery& f) {
        f.states.back().targets.push_back(0);
        return true;
    });
    each_is_refused([](Forgery& f) {
        f.states.front().targets.push_back(f.states.front().targets.empty() ? 0
                                                                            : f.states.front().targets[0]);
        return true;
    });
}

TEST_CASE("A state that nothing leads to is refused") {
    each_is_refused([](Forgery& f) {
        f.states.push_back(f.states.back());
        return true;
    });
}

TEST_CASE("Any number of a state that is changed is found") {
    for (const Certified& certified : honest()) {
        const Forgery genuine(certified.file);
        for (std::size_t id = 0; id < genuine.states.size(); id += 1 + genuine.states.size() / 12) {
            for (std::size_t m = 0; m < genuine.states[id].measures.size(); ++m) {
                for (const std::uint64_t change :
                     {std::uint64_t{1}, ~std::uint64_t{0}, std::uint64_t{1} << 63U}) {
                    INFO(to_string(certified.verdict) << ", number " << m << " of state " << id);
                    Forgery forged = genuine;
                    forged.states[id].measures[m] += change;
                    CHECK(lie_in(forged.sealed(), certified.model) != "");
                }
            }
        }
    }
}

TEST_CASE("What is claimed follows from the numbers, or is refused") {
    each_is_refused([](Forgery& f) {
        f.claim.best_ms = f.claim.best_ms.value_or(0) + 1;
        return true;
    });
    each_is_refused([](Forgery& f) {
        f.claim.worst_ms = f.claim.worst_ms.value_or(0) - 1;
        return true;
    });
    each_is_refused([](Forgery& f) {
        if (f.claim.properties)
            f.claim.properties->leak = !f.claim.properties->leak;
        else
            f.claim.properties.emplace();
        return true;
    });
    each_is_refused([](Forgery& f) {
        if (!f.claim.properties) return false;
        f.claim.properties.reset();
        return true;
    });
}

TEST_CASE("No verdict passes for another") {
    for (const Certified& certified : honest()) {
        for (const Verdict other :
             {Verdict::Bounded, Verdict::Unbounded, Verdict::Storm, Verdict::Permanent}) {
            Forgery forged(certified.file);
            if (forged.claim.verdict == other) continue;
            INFO(to_string(certified.verdict) << " as " << to_string(other));
            forged.claim.verdict = other;
            const std::size_t wanted = verifier::measures_of(other).size();
            for (Forgery::State& state : forged.states) state.measures.resize(wanted, 0);
            forged.claim.properties.reset();
            forged.claim.worst_ms.reset();
            forged.claim.best_ms.reset();
            if (other != Verdict::Permanent) {
                forged.claim.properties.emplace();
                forged.claim.best_ms = 0;
            }
            if (other == Verdict::Bounded) {
                forged.claim.worst_ms = 0;
                forged.path.clear();
                forged.loop_begin = 0;
            }
            CHECK(lie_in(forged.sealed(), certified.model) != "");
        }
    }
}

TEST_CASE("A cycle cannot bear numbers so large that adding to them changes nothing") {
    // Permanent: no state of the trap has a least time.  Each is given the largest number that there is.
    const Certified& permanent = honest()[3];
    for (const std::uint64_t large :
         {~std::uint64_t{0}, std::uint64_t{1} << 62U, (std::uint64_t{1} << 62U) + 1}) {
        Forgery forged(permanent.file);
        forged.claim.verdict = Verdict::Storm;
        forged.claim.best_ms = large;
        forged.claim.properties.emplace();
        for (Forgery::State& state : forged.states) state.measures = {large, large};
        CHECK(lie_in(forged.sealed(), permanent.model) != "");
        forged.claim.verdict = Verdict::Bounded;
        forged.claim.worst_ms = large;
        forged.path.clear();
        forged.loop_begin = 0;
        for (Forgery::State& state : forged.states) state.measures = {large, large, large, large};
        CHECK(lie_in(forged.sealed(), permanent.model) != "");
    }
}

TEST_CASE("The path is run step by step") {
    each_is_refused([](Forgery& f) {
        if (f.path.size() < 4) return false;
        f.path.erase(f.path.begin() + 2);
        return true;
    });
    each_is_refused([](Forgery& f) {
        if (f.path.empty()) return false;
        f.path.erase(f.path.begin());
        return true;
    });
    each_is_refused([](Forgery& f) {
        if (f.path.empty()) return false;
        f.path.clear();
        f.loop_begin = 0;
        return true;
    });
    each_is_refused([](Forgery& f) {
        if (f.path.empty()) return false;
        f.path.pop_back();
        return true;
    });
    each_is_refused([](Forgery& f) {
        f.loop_begin = f.path.empty() ? 1 : f.loop_begin - 1;
        return true;
    });
}

TEST_CASE("A loop in which no time passes does not put recovery off; one in which it does is no storm") {
    const Certified& storm = honest()[2];
    Forgery forged(storm.file);
    forged.claim.verdict = Verdict::Unbounded;
    for (Forgery::State& state : forged.states) state.measures.push_back(0);
    CHECK_THAT(lie_in(forged.sealed(), storm.model), Contains("no time passes in the loop"));
    const Certified& unbounded = honest()[1];
    Forgery hurried(unbounded.file);
    hurried.claim.verdict = Verdict::Storm;
    for (Forgery::State& state : hurried.states) state.measures.pop_back();
    CHECK_THAT(lie_in(hurried.sealed(), unbounded.model), Contains("in a storm no time passes"));
}

TEST_CASE("A trap that is left again is none") {
    const Certified& permanent = honest()[3];
    Forgery forged(permanent.file);
    // A path that ends one step earlier, and the states from there on: the numbers do not fit, and a step is
    // missing.
    forged.path.pop_back();
    --forged.loop_begin;
    CHECK(lie_in(forged.sealed(), permanent.model) != "");
}

TEST_CASE("A certificate of one world says nothing of another") {
    for (const Certified& certified : honest()) {
        for (const Certified& other : honest()) {
            if (&other != &certified) CHECK(lie_in(certified.file, other.model) != "");
        }
    }
    const Certified& unbounded = honest()[1];
    const Model changed(shipped("keepalive-refreshed", {{"client.reconnect_delay", "4s"}}), library());
    CHECK(lie_in(unbounded.file, changed) != "");
}

TEST_CASE("Cells that are too coarse are found, though everything else fits together") {
    // One cell for every number: the search agrees with itself, and is wrong.
    const Model model(shipped("founding", {{"scenario.clients", "1"}}), library());
    WorldExploration coarse;
    WorldOptions plain;
    plain.merge_commuting_steps = false;
    plain.symmetry = false;
    coarse.system = std::make_unique<WorldSystem>(model, Cuts(), plain);
    coarse.found = explorer::explore(*coarse.system);
    const explorer::Judgement judgement = explorer::judge(coarse.found.graph);
    const Bytes file = Certified::written({"founding", {}, {}, {}, false}, coarse, judgement);
    CHECK_THAT(lie_in(file, model), Contains("a comparison is made that the certificate does not list"));
}

TEST_CASE("A comparison that is left out is missed where the verifier makes it") {
    std::size_t needed = 0;
    for (const Certified& certified : honest()) {
        const Forgery genuine(certified.file);
        for (std::size_t i = 0; i < genuine.comparisons.size(); ++i) {
            Forgery forged = genuine;
            forged.comparisons.erase(forged.comparisons.begin() + static_cast<std::ptrdiff_t>(i));
            // Another may make the same cuts, or an earlier search with coarser cells alone may have made it.
            if (lie_in(forged.sealed(), certified.model) != "") ++needed;
        }
        Forgery forged = genuine;
        forged.comparisons.clear();
        CHECK(lie_in(forged.sealed(), certified.model) != "");
    }
    CHECK(needed > 10);
}

TEST_CASE("Steps that were merged are missed: a certificate is of every order") {
    const Model model(shipped("founding", {{"nat.nf_conntrack_tcp_be_liberal", "true"}}), library());
    CheckOptions options;
    options.corners = options.trace = options.attempts = options.prove_coverage = false;
    options.symmetry = false;
    Bytes file;
    options.judged = [&](const WorldExploration& exploration, const explorer::Judgement& judgement) {
        file = Certified::written({"founding", {}, {}, {}, false}, exploration, judgement);
    };
    check(model, options);
    CHECK_THAT(lie_in(file, model), Contains("a step is left out"));
}

TEST_CASE("Worlds in which clients were taken for one another are missed: a certificate tells all apart") {
    const Model model(shipped("founding", {{"nat.nf_conntrack_tcp_be_liberal", "true"}}), library());
    CheckOptions options;
    options.corners = options.trace = options.attempts = options.prove_coverage = false;
    options.merge_commuting_steps = false;
    Bytes file;
    options.judged = [&](const WorldExploration& exploration, const explorer::Judgement& judgement) {
        file = Certified::written({"founding", {}, {}, {}, false}, exploration, judgement);
    };
    check(model, options);
    CHECK(lie_in(file, model) != "");
}
