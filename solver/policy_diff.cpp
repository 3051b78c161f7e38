#include "solver/policy_diff.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "solver/endpoint_formulas.hpp"
#include "solver/endpoint_outcomes.hpp"
#include "solver/nat_formulas.hpp"
#include "spec/policy/parameter_value.hpp"

namespace halfopen {

PolicyOutcome outcome_of(const Endpoint& endpoint, const PolicyWitness& witness) {
    ConcreteReading r;
    PolicyOutcome outcome;
    outcome.tcb = witness.tcb;
    outcome.step =
        receive(r, endpoint, *outcome.tcb, witness.segment, std::optional(r.literal(shown_fresh_isn)));
    outcome.rule = outcome.step.rule;
    return outcome;
}

PolicyOutcome outcome_of(const Nat& nat, const PolicyWitness& witness) {
    ConcreteReading r;
    PolicyOutcome outcome;
    outcome.entry = witness.entry;
    outcome.tracked = track(r, nat, *outcome.entry, witness.segment,
                            witness.at.direction == direction_reply ? reply : original, &outcome.answers);
    outcome.rule = outcome.tracked.rule;
    return outcome;
}

PolicyOutcome outcome_of(const Policy& policy, const PolicyWitness& witness) {
    const auto own = [&](PolicyOutcome outcome, const Policy& copy) {
        if (outcome.rule != nullptr) outcome.rule = &policy.rules[outcome.rule - copy.rules.data()];
        outcome.step.rule = outcome.tracked.rule = outcome.rule;
        return outcome;
    };
    if (policy.kind == PolicyKind::Endpoint) {
        const Endpoint endpoint(policy);
        return own(outcome_of(endpoint, witness), endpoint.policy());
    }
    const Nat nat(policy);
    return own(outcome_of(nat, witness), nat.policy());
}

namespace {

/// Of an endpoint nothing but guards, which a table has decided already, tells two policies apart; a NAT's
/// choices tell what its window test does.
Policy with_common_parameters(Policy policy, const Policy& common) {
    for (const ParameterTerm& term : vocabulary(policy.kind).parameters) {
        const bool number = term.type == ParameterType::Milliseconds || term.type == ParameterType::Count ||
                            term.type == ParameterType::MillisecondList;
        const bool guard = std::any_of(policy.rules.begin(), policy.rules.end(), [&](const Rule& rule) {
            return std::any_of(rule.when.begin(), rule.when.end(), [&](const Condition& c) {
                return c.kind == Condition::Kind::Parameter &&
                       vocabulary(policy.kind).parameters[c.index].name == term.name;
            });
        });
        const std::string name(term.name);
        if (number || (policy.kind == PolicyKind::Endpoint && !guard))
            policy.parameters[name] = common.parameters.find(name)->second;
    }
    return policy;
}

/// So that what counts only with keepalive, or under a limit that one of them has, is seen.
Policy all_that_counts(Policy policy, const Policy& other) {
    if (policy.kind != PolicyKind::Endpoint) return policy;
    policy.set("keepalive", "true");
    policy.set("keepalive_refresh", "valid segment");
    const auto any = [&](const char* name) { return policy.number(name) != 0 || other.number(name) != 0; };
    const bool limited = any("ack_war_timewindow") || any("tcp_invalid_ratelimit");
    policy.set("ack_war_timewindow", "0");
    policy.set("tcp_invalid_ratelimit", limited ? "1s" : "0");
    policy.set("quick_syn", any("quick_syn") ? "20ms" : "0");
    return policy;
}

bool is_entering(const Action& action, const Vocabulary& words, std::size_t state) {
    return words.actions[action.verb].takes_state && action.state == state;
}

/// What a rule does in a state: to enter the state that one is in is nothing, for a tracker.
std::vector<Action> effect(const RuleFormulas& table, const CompiledRule* rule, std::size_t state) {
    if (rule == nullptr) return {};
    std::vector<Action> actions = rule->actions;
    if (table.policy().kind == PolicyKind::Nat)
        std::erase_if(actions,
                      [&](const Action& a) { return is_entering(a, vocabulary(PolicyKind::Nat), state); });
    return actions;
}

class Differ {
   public:
    Differ(const Policy& before, const Policy& after)
        : common_(all_that_counts(before, after)),
          old_(rule_formulas(context_, with_common_parameters(before, common_))),
          new_(rule_formulas(context_, with_common_parameters(after, common_))) {}

    std::vector<PolicyDifference> run() {
        // Where only one of them uses timestamps its cases are more.
        const std::vector<PolicyCase> cases = old_->cases(), others = new_->cases();
        for (const PolicyCase& at : others.size() > cases.size() ? others : cases) compare(at);
        return merged();
    }

   private:
    /// A rule with the formula of what it is the first to match.
    struct Region {
        const CompiledRule* rule;
        z3::expr matches, first;
    };

    std::vector<Region> regions(RuleFormulas& table, const PolicyCase& at) {
        std::vector<Region> all;
        z3::expr left = context_.bool_val(true);
        for (const CompiledRule& rule : table.rules(at)) {
            const z3::expr matches = table.matches(at, rule);
            if (matches.is_false()) continue;
            all.push_back({&rule, matches, left && matches});
            left = (left && !matches).simplify();
            if (matches.is_true()) return all;
        }
        all.push_back({nullptr, context_.bool_val(true), left});
        return all;
    }

    /// Two regions whose rules say different things.
    struct Pair {
        std::size_t before, after;
        bool overlap = false;  ///< a segment that lies in both is known
    };

    /// Of a rule that both tables have in the same words: whatever it matches never comes to a later one.
    static bool comes_before(const std::vector<Region>& regions, std::size_t end, const Region& rule) {
        return std::any_of(regions.begin(), regions.begin() + static_cast<std::ptrdiff_t>(end),
                           [&](const Region& r) { return z3::eq(r.matches, rule.matches); });
    }

    std::vector<Pair> unlike_pairs(const PolicyCase& at, const std::vector<Region>& before,
                                   const std::vector<Region>& after) const {
        std::vector<Pair> pairs;
        for (std::size_t i = 0; i < before.size(); ++i)
            for (std::size_t j = 0; j < after.size(); ++j) {
                const Region &a = before[i], &b = after[j];
                if (effect(*old_, a.rule, at.state) == effect(*new_, b.rule, at.state) &&
                    (a.rule == nullptr) == (b.rule == nullptr))
                    continue;
                if (comes_before(after, j, a) || comes_before(before, i, b)) continue;
                pairs.push_back({i, j});
            }
        return pairs;
    }

    void compare(const PolicyCase& at) {
        const auto before = regions(*old_, at);
        const auto after = regions(*new_, at);
        std::vector<Pair> pairs = unlike_pairs(at, before, after);
        if (pairs.empty()) return;
        try_samples(at, before, after, pairs);
        ask_for_more(at, before, after, pairs);
    }

    /// Most pairs that overlap, and most that act differently, are found by segments drawn at random.
    void try_samples(const PolicyCase& at, const std::vector<Region>& before,
                     const std::vector<Region>& after, std::vector<Pair>& pairs) {
        struct Seen {
            PolicyWitness witness;
            bool unlike = false;
        };
        std::vector<std::optional<Seen>> seen(pairs.size());
        SampleDraws draws;  // the same for every case, so that a case does not depend on earlier ones
        constexpr int most = 40'000, patience = 8'000;
        for (int drawn = 0, idle = 0; drawn < most && idle < patience; ++drawn, ++idle) {
            const PolicyWitness sample = (drawn % 2 == 0 ? old_ : new_)->sample(at, draws);
            if (!old_->possible(sample) && !new_->possible(sample)) continue;
            const CompiledRule* const a = old_->decides(sample);
            const CompiledRule* const b = new_->decides(sample);
            for (std::size_t i = 0; i < pairs.size(); ++i) {
                if (before[pairs[i].before].rule != a || after[pairs[i].after].rule != b) continue;
                if (seen[i] && seen[i]->unlike) break;
                const bool unlike = differs(sample);
                if (!seen[i] || unlike) {
                    seen[i] = Seen{sample, unlike};
                    idle = 0;
                }
                break;
            }
        }
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            if (!seen[i]) continue;
            pairs[i].overlap = true;
            const Region &a = before[pairs[i].before], &b = after[pairs[i].after];
            examine(at, a, b, a.first && b.first, seen[i]->witness);
        }
    }

    /// Z3 finds the rest, and proves that it is all.
    void ask_for_more(const PolicyCase& at, const std::vector<Region>& before,
                      const std::vector<Region>& after, std::vector<Pair>& pairs) {
        const std::vector<ComparedWith> compared = old_->compared(at);
        const z3::expr here = possible(at);
        const z3::expr facts = questions_.in_distances(here, compared);
        std::erase_if(pairs, [](const Pair& pair) { return pair.overlap; });
        while (!pairs.empty()) {
            z3::expr_vector overlaps(context_);
            for (const Pair& pair : pairs)
                overlaps.push_back(
                    questions_.in_distances(before[pair.before].first && after[pair.after].first, compared));
            const auto model = questions_.model(facts, z3::mk_or(overlaps));
            if (!model) return;
            std::size_t chosen = 0;
            while (chosen < pairs.size() && !model->eval(overlaps[static_cast<int>(chosen)], true).is_true())
                ++chosen;
            if (chosen == pairs.size()) throw std::logic_error("a model of no pair of rules");
            const Region &a = before[pairs[chosen].before], &b = after[pairs[chosen].after];
            const z3::expr both = a.first && b.first;
            z3::solver whole(context_, "QF_BV");
            whole.add(here && both);
            const z3::check_result result = whole.check();
            if (result == z3::unknown)
                throw std::runtime_error("Z3 cannot settle a difference: " + whole.reason_unknown());
            if (result == z3::sat) examine(at, a, b, both, old_->witness(at, whole.get_model()));
            pairs.erase(pairs.begin() + static_cast<std::ptrdiff_t>(chosen));
        }
    }

    /// The rules differ in words: in what they do, too?  Those of a tracker remember different things, if
    /// nothing else; of an endpoint's all segments are tried if the first one makes no difference.
    void examine(const PolicyCase& at, const Region& a, const Region& b, const z3::expr& both,
                 const PolicyWitness& any) {
        z3::expr unlike = both;
        if (old_->policy().kind == PolicyKind::Endpoint && !differs(any)) {
            z3::solver region = all_of_case(at);
            region.add(both);
            const auto& before = static_cast<const EndpointFormulas&>(*old_).endpoint();
            const auto& after = static_cast<const EndpointFormulas&>(*new_).endpoint();
            const auto rule = [](const Endpoint& of, const Region& r) {
                return r.rule == nullptr ? nullptr : &of.policy().rules[r.rule->rule];
            };
            const auto where = endpoint_outcomes_differ(context_, region, before, rule(before, a), after,
                                                        rule(after, b), at);
            if (!where) return;
            unlike = both && *where;
        }
        found_[Key{index(a), index(b)}].push_back({at, unlike, any});
    }

    z3::solver all_of_case(const PolicyCase& at) {
        z3::solver solver(context_, "QF_BV");
        solver.add(possible(at));
        return solver;
    }

    z3::expr possible(const PolicyCase& at) {
        const z3::expr before = old_->possible(at), after = new_->possible(at);
        return z3::eq(before, after) ? before : before || after;
    }

    /// One that a person can read, and that makes a difference.
    PolicyWitness readable(const PolicyCase& at, const z3::expr& unlike, const PolicyWitness& any) {
        z3::solver solver = all_of_case(at);
        solver.add(unlike);
        const auto nice = find_witness(solver, *old_, at);
        return nice && (differs(*nice) || !differs(any)) ? *nice : any;
    }

    bool differs(const PolicyWitness& witness) const {
        if (old_->policy().kind == PolicyKind::Endpoint) {
            const auto a = outcome_of(static_cast<const EndpointFormulas&>(*old_).endpoint(), witness);
            const auto b = outcome_of(static_cast<const EndpointFormulas&>(*new_).endpoint(), witness);
            return (a.rule == nullptr) != (b.rule == nullptr) || a.step.sent != b.step.sent ||
                   a.step.event != b.step.event || a.tcb != b.tcb;
        }
        const auto a = outcome_of(static_cast<const NatFormulas&>(*old_).nat(), witness);
        const auto b = outcome_of(static_cast<const NatFormulas&>(*new_).nat(), witness);
        return (a.rule == nullptr) != (b.rule == nullptr) || a.tracked.verdict != b.tracked.verdict ||
               a.tracked.delete_entry != b.tracked.delete_entry || a.entry != b.entry ||
               a.answers != b.answers;
    }

    using Key = std::pair<std::optional<std::size_t>, std::optional<std::size_t>>;
    static std::optional<std::size_t> index(const Region& region) {
        if (region.rule == nullptr) return std::nullopt;
        return region.rule->rule;
    }

    struct Found {
        PolicyCase at;
        z3::expr unlike;
        PolicyWitness any;
    };

    /// One difference for each pair of rules.
    std::vector<PolicyDifference> merged() {
        std::vector<PolicyDifference> all;
        for (const auto& [key, cases] : found_) {
            const Found& first = cases.front();
            PolicyDifference one{key.first, key.second, {},
                                 {},        0,          readable(first.at, first.unlike, first.any)};
            std::set<SegmentClass> segments;
            std::set<std::size_t> states;
            for (const Found& found : cases) {
                segments.insert(found.at.segment());
                states.insert(found.at.state);
                one.directions |= found.at.direction;
            }
            one.segments.assign(segments.begin(), segments.end());
            one.states.assign(states.begin(), states.end());
            all.push_back(std::move(one));
        }
        return all;
    }

    z3::context context_;
    Policy common_;
    std::unique_ptr<RuleFormulas> old_, new_;
    SmallQuestions questions_{context_};
    std::map<Key, std::vector<Found>> found_;
};

}  // namespace

PolicyDiff diff(const Policy& before, const Policy& after) {
    PolicyDiff result;
    for (const ParameterTerm& term : vocabulary(before.kind).parameters) {
        const ParameterValue& a = before.parameters.find(term.name)->second;
        const ParameterValue& b = after.parameters.find(term.name)->second;
        if (a != b) result.parameters.push_back({std::string(term.name), to_text(term, a), to_text(term, b)});
    }
    result.differences = Differ(before, after).run();
    return result;
}

}  // namespace halfopen
