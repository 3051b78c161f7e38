#include "solver/policy_diff.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

#include "solver/endpoint_formulas.hpp"
#include "solver/endpoint_outcomes.hpp"
#include "solver/nat_formulas.hpp"
#include "solver/rule_regions.hpp"
#include "solver/small_question.hpp"
#include "spec/policy/parameter_value.hpp"

namespace halfopen {

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

class Differ {
   public:
    Differ(const Policy& before, const Policy& after)
        : common_(all_that_counts(before, after)),
          old_(rule_formulas(context_, with_common_parameters(before, common_))),
          new_(rule_formulas(context_, with_common_parameters(after, common_))) {}

    std::vector<PolicyDifference> run() {
        // Where only one of them uses timestamps its cases are more.
        const std::vector<PolicyCase> cases = old_->cases(), others = new_->cases();
        for (const PolicyCase& at : others.size() > cases.size() ? others : cases)
            if (!says_the_same(*old_, *new_, at)) compare(at);
        return merged();
    }

   private:
    /// Two regions whose rules say different things.
    struct Pair : UnlikePair {
        bool overlap = false;  ///< a segment that lies in both is known
    };
    using Regions = std::vector<RuleRegion>;

    void compare(const PolicyCase& at) {
        const Regions before = rule_regions(context_, *old_, at);
        const Regions after = rule_regions(context_, *new_, at);
        std::vector<Pair> pairs;
        for (const UnlikePair& pair : unlike_pairs(*old_, before, *new_, after, at)) pairs.push_back({pair});
        if (pairs.empty()) return;
        try_samples(at, before, after, pairs);
        ask_for_more(at, before, after, pairs);
    }

    /// Most pairs that overlap, and most that act differently, are found by segments drawn at random.
    void try_samples(const PolicyCase& at, const Regions& before, const Regions& after,
                     std::vector<Pair>& pairs) {
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
            const RuleRegion &a = before[pairs[i].before], &b = after[pairs[i].after];
            examine(at, a, b, a.first && b.first, seen[i]->witness);
        }
    }

    /// Z3 finds the rest, and proves that it is all.
    void ask_for_more(const PolicyCase& at, const Regions& before, const Regions& after,
                      std::vector<Pair>& pairs) {
        const std::vector<ComparedWith> compared = old_->compared(at);
        std::erase_if(pairs, [](const Pair& pair) { return pair.overlap; });
        if (pairs.empty()) return;
        const z3::expr facts = questions_.in_distances(possible(at), compared);
        const auto both = [&](const Pair& pair) {
            return before[pair.before].first && after[pair.after].first;
        };
        std::vector<z3::expr> overlaps;
        z3::expr_vector any(context_);
        for (const Pair& pair : pairs) {
            overlaps.push_back(questions_.in_distances(both(pair), compared));
            any.push_back(overlaps.back());
        }
        if (!questions_.possible(facts, z3::mk_or(any))) return;
        PossibleQuestions left(context_, facts, overlaps, compared);
        while (const auto chosen = left.next()) {
            const Pair& pair = pairs[*chosen];
            const PolicyWitness seen = old_->witness(at, left.numbers());
            if (old_->decides(seen) != before[pair.before].rule ||
                new_->decides(seen) != after[pair.after].rule)
                throw std::logic_error("a model of no pair of rules");
            examine(at, before[pair.before], after[pair.after], both(pair), seen);
        }
    }

    /// The rules differ in words: in what they do, too?  Those of a tracker remember different things, if
    /// nothing else; of an endpoint's all segments are tried if the first one makes no difference.
    void examine(const PolicyCase& at, const RuleRegion& a, const RuleRegion& b, const z3::expr& both,
                 const PolicyWitness& any) {
        z3::expr unlike = both;
        if (old_->policy().kind == PolicyKind::Endpoint && !differs(any)) {
            z3::solver region = all_of_case(at, "QF_BV");
            region.add(both);
            const auto& before = static_cast<const EndpointFormulas&>(*old_).endpoint();
            const auto& after = static_cast<const EndpointFormulas&>(*new_).endpoint();
            const auto rule = [](const Endpoint& of, const RuleRegion& r) {
                return r.rule == nullptr ? nullptr : &of.policy().rules[r.rule->rule];
            };
            const auto where = endpoint_outcomes_differ(context_, region, before, rule(before, a), after,
                                                        rule(after, b), at);
            if (!where) return;
            unlike = both && *where;
        }
        found_[Key{index(a), index(b)}].push_back({at, unlike, any});
    }

    z3::solver all_of_case(const PolicyCase& at, const char* logic) {
        z3::solver solver(context_, logic);
        solver.add(possible(at));
        return solver;
    }

    z3::expr possible(const PolicyCase& at) {
        const z3::expr before = old_->possible(at), after = new_->possible(at);
        return z3::eq(before, after) ? before : before || after;
    }

    /// One that a person can read, and that makes a difference.
    PolicyWitness readable(const PolicyCase& at, const z3::expr& unlike, const PolicyWitness& any) {
        z3::solver solver = all_of_case(at, "QF_FD");
        solver.add(unlike);
        const auto nice = find_witness(solver, *old_, at);
        return nice && (differs(*nice) || !differs(any)) ? *nice : any;
    }

    bool differs(const PolicyWitness& witness) const {
        const auto outcome = [&](const RuleFormulas& table) {
            return table.policy().kind == PolicyKind::Endpoint
                       ? outcome_of(static_cast<const EndpointFormulas&>(table).endpoint(), witness)
                       : outcome_of(static_cast<const NatFormulas&>(table).nat(), witness);
        };
        return !same_behaviour(outcome(*old_), outcome(*new_));
    }

    using Key = std::pair<std::optional<std::size_t>, std::optional<std::size_t>>;
    static std::optional<std::size_t> index(const RuleRegion& region) {
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
            // Of a tracker's rules in different words some segments may show no difference.
            const auto shows = std::find_if(cases.begin(), cases.end(),
                                            [&](const Found& found) { return differs(found.any); });
            const Found& first = shows != cases.end() ? *shows : cases.front();
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
