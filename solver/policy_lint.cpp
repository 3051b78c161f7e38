#include "solver/policy_lint.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include "solver/rule_formulas.hpp"

namespace halfopen {
namespace {

/// The flags whose setting decides which rules there are, or, at a NAT, what its window test says: a table is
/// to be right for every administrator.
std::set<std::string> flags_to_vary(const Policy& policy) {
    std::set<std::string> flags;
    for (const Rule& rule : policy.rules)
        for (const Condition& term : rule.when)
            if (term.kind == Condition::Kind::Parameter)
                flags.emplace(vocabulary(policy.kind).parameters[term.index].name);
    if (policy.kind == PolicyKind::Nat)
        flags.insert({"nf_conntrack_tcp_be_liberal", "nf_conntrack_tcp_no_window_check"});
    return flags;
}

/// The policy with these flags in every combination, its own first.
std::vector<Policy> every_setting(const Policy& policy) {
    std::vector<Policy> all{policy};
    for (const std::string& flag : flags_to_vary(policy)) {
        const std::size_t known = all.size();
        for (std::size_t i = 0; i < known; ++i) {
            Policy other = all[i];
            other.parameters[flag] = std::int64_t{policy.flag(flag) ? 0 : 1};
            all.push_back(std::move(other));
        }
    }
    return all;
}

class Linter {
   public:
    explicit Linter(const Policy& policy) : alive_(policy.rules.size()) {
        for (Policy& one : every_setting(policy)) tables_.push_back(rule_formulas(context_, std::move(one)));
        std::set<std::tuple<bool, bool, std::size_t, int, int, std::uint32_t, TimestampUse,
                            std::vector<std::uint16_t>>>
            seen;
        for (const auto& table : tables_) {
            const bool nat = policy.kind == PolicyKind::Nat;
            const bool liberal = nat && table->policy().flag("nf_conntrack_tcp_be_liberal");
            const bool unchecked = nat && table->policy().flag("nf_conntrack_tcp_no_window_check");
            for (const PolicyCase& at : table->cases()) {
                std::vector<std::uint16_t> rules;
                for (const CompiledRule& rule : table->rules(at)) rules.push_back(rule.rule);
                if (seen.insert({liberal, unchecked, at.state, at.direction, at.flags, at.length,
                                 at.timestamps, std::move(rules)})
                        .second)
                    cases_.push_back({table.get(), at});
            }
        }
    }

    Lint run(bool overlaps) {
        for (const Case& c : cases_) decide(c);
        for (std::size_t rule = 0; rule < alive_.size(); ++rule)
            if (!alive_[rule]) result_.dead.push_back(why_dead(rule));
        if (overlaps)
            for (const Case& c : cases_) find_overlaps(c);
        sort_overlaps();
        return std::move(result_);
    }

   private:
    /// By a list of places: to swap overlaps would move whole TCBs about.
    void sort_overlaps() {
        const std::vector<Overlap>& found = result_.overlaps;
        std::vector<std::size_t> order(found.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return std::tie(found[a].first, found[a].second) < std::tie(found[b].first, found[b].second);
        });
        std::vector<Overlap> sorted;
        sorted.reserve(found.size());
        for (const std::size_t i : order) sorted.push_back(found[i]);
        result_.overlaps = std::move(sorted);
    }

    struct Case {
        RuleFormulas* table;
        PolicyCase at;
    };

    z3::solver solver_of(const Case& c) {
        z3::solver solver = incremental_solver(context_);
        solver.add(c.table->possible(c.at));
        return solver;
    }

    /// Which rules are ever the first to match, and whether one always is.
    void decide(const Case& c) {
        // Nothing to learn where all rules are known to be alive and one takes whatever is left.
        const auto rules = c.table->rules(c.at);
        const auto last = std::find_if(rules.begin(), rules.end(),
                                       [](const CompiledRule& rule) { return rule.predicates.empty(); });
        const bool closed = last != rules.end();
        if (closed &&
            std::all_of(rules.begin(), last + 1, [&](const CompiledRule& rule) { return alive_[rule.rule]; }))
            return;
        z3::solver solver = solver_of(c);
        for (const CompiledRule& rule : rules) {
            const z3::expr matches = c.table->matches(c.at, rule);
            if (!alive_[rule.rule] && satisfiable(solver, matches)) alive_[rule.rule] = true;
            if (matches.is_true()) return;
            solver.add(!matches);
        }
        if (const auto witness = find_witness(solver, *c.table, c.at)) add_hole(*witness);
    }

    void add_hole(const PolicyWitness& witness) {
        const PolicyCase& at = witness.at;
        for (Hole& hole : result_.holes) {
            if (hole.segment != at.segment()) continue;
            const auto known = std::find(hole.states.begin(), hole.states.end(), at.state);
            if (known == hole.states.end()) hole.states.push_back(at.state);
            hole.directions |= at.direction;
            return;
        }
        result_.holes.push_back({at.segment(), {at.state}, at.direction, witness});
    }

    DeadRule why_dead(std::size_t rule) {
        DeadRule dead{rule, DeadRule::Why::Unselected, {}};
        std::set<std::size_t> cover;
        for (const Case& c : cases_) {
            const auto rules = c.table->rules(c.at);
            const auto own = std::find_if(rules.begin(), rules.end(),
                                          [&](const CompiledRule& r) { return r.rule == rule; });
            if (own == rules.end()) continue;
            if (dead.why == DeadRule::Why::Unselected) dead.why = DeadRule::Why::Impossible;
            z3::solver solver = solver_of(c);
            solver.add(c.table->matches(c.at, *own));
            if (!satisfiable(solver, context_.bool_val(true))) continue;
            dead.why = DeadRule::Why::Covered;
            for (auto earlier = rules.begin(); earlier != own; ++earlier) {
                const z3::expr matches = c.table->matches(c.at, *earlier);
                if (!cover.contains(earlier->rule) && satisfiable(solver, matches))
                    cover.insert(earlier->rule);
                solver.add(!matches);
            }
        }
        dead.covered_by.assign(cover.begin(), cover.end());
        return dead;
    }

    /// Asks for any pair not met yet, until there is none: a model tells of all rules at once which match.
    void find_overlaps(const Case& c) {
        std::vector<std::pair<std::size_t, z3::expr>> rules;
        for (const CompiledRule& rule : c.table->rules(c.at))
            rules.emplace_back(rule.rule, c.table->matches(c.at, rule));
        z3::expr_vector pairs(context_);
        for (std::size_t i = 0; i < rules.size(); ++i)
            for (std::size_t j = i + 1; j < rules.size(); ++j)
                if (!overlapping_.contains({rules[i].first, rules[j].first}))
                    pairs.push_back(rules[i].second && rules[j].second);
        if (pairs.empty()) return;
        z3::solver solver = solver_of(c);
        solver.add(z3::mk_or(pairs));
        while (solver.check() == z3::sat) {
            const z3::model model = solver.get_model();
            std::vector<std::pair<std::size_t, z3::expr>> match;
            for (const auto& rule : rules)
                if (model.eval(rule.second, true).is_true()) match.push_back(rule);
            for (std::size_t i = 0; i < match.size(); ++i)
                for (std::size_t j = i + 1; j < match.size(); ++j) {
                    solver.add(!(match[i].second && match[j].second));
                    if (overlapping_.insert({match[i].first, match[j].first}).second)
                        result_.overlaps.push_back(
                            {match[i].first, match[j].first, c.table->witness(c.at, model)});
                }
        }
    }

    z3::context context_;
    std::vector<std::unique_ptr<RuleFormulas>> tables_;
    std::vector<Case> cases_;
    std::vector<bool> alive_;
    std::set<std::pair<std::size_t, std::size_t>> overlapping_;
    Lint result_;
};

}  // namespace

Lint lint(const Policy& policy, bool overlaps) { return Linter(policy).run(overlaps); }

}  // namespace halfopen
