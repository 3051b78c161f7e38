#include "solver/sequence_interpolants.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "solver/arc_search.hpp"
#include "solver/in_arc.hpp"
#include "solver/unknown_term.hpp"

namespace halfopen {
namespace {

/// What of a background and of formulas contradicts itself, by one solver: from question to question only
/// what is switched on changes, and what it has learnt stays.
class Contradictions {
   public:
    Contradictions(z3::context& context, const Formulas& background)
        : context_(context), solver_(easy_solver(context, background)) {}

    /// Whether these and the background do, as far as Z3 sees at once.
    bool among(const Formulas& some, const Formulas& more = {}) {
        z3::expr_vector switches(context_);
        for (const Formulas* formulas : {&some, &more})
            for (const z3::expr& formula : *formulas) switches.push_back(switch_of(formula));
        return solver_.check(switches) == z3::unsat;
    }

    /// After among() has said so: the numbers of the switches that it took.
    std::set<unsigned> core() const {
        std::set<unsigned> core;
        for (const z3::expr& on : solver_.unsat_core()) core.insert(on.id());
        return core;
    }

    /// Those of the formulas whose switches are among these.
    Formulas needed(const Formulas& formulas, const std::set<unsigned>& core) {
        Formulas found;
        std::copy_if(formulas.begin(), formulas.end(), std::back_inserter(found),
                     [&](const z3::expr& formula) { return core.contains(switch_of(formula).id()); });
        return found;
    }

    /// Those of `more`, which contradict `fixed`, that are needed, none of which can be left out.
    Formulas least(const Formulas& fixed, Formulas more) {
        for (std::size_t i = more.size(); i-- > 0;) {
            Formulas fewer = more;
            fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
            if (!among(fixed, fewer)) continue;
            // What could not be left out of more than this cannot be left out of it.
            const std::size_t settled = fewer.size() - i;
            more = needed(fewer, core());
            i = more.size() - settled;
        }
        return more;
    }

   private:
    const z3::expr& switch_of(const z3::expr& formula) {
        const auto known = switches_.find(formula.id());
        if (known != switches_.end()) return known->second.second;
        const z3::expr on = context_.bool_const(("fact " + std::to_string(switches_.size())).c_str());
        solver_.add(z3::implies(on, formula));
        return switches_.emplace(formula.id(), std::pair(formula, on)).first->second.second;
    }

    z3::context& context_;
    z3::solver solver_;
    /// By the number of a formula, which is kept so that the number is not used again.
    std::map<unsigned, std::pair<z3::expr, z3::expr>> switches_;
};

/// Without what a contradiction of all of them with the background can do without, as far as Z3 sees at once:
/// of the hundreds of facts of a long path a few are left.
std::vector<Formulas> unsatisfiable_core(Contradictions& contradictions, const std::vector<Formulas>& parts) {
    Formulas all;
    for (const Formulas& part : parts) all.insert(all.end(), part.begin(), part.end());
    if (!contradictions.among(all)) return parts;
    const std::set<unsigned> core = contradictions.core();
    std::vector<Formulas> needed;
    for (const Formulas& part : parts) needed.push_back(contradictions.needed(part, core));
    return needed;
}

void collect_unknowns(const z3::expr& term, std::map<unsigned, z3::expr>& found) {
    if (is_unknown(term) && term.is_bv())
        found.emplace(term.id(), term);
    else if (term.is_app())
        for (unsigned i = 0; i < term.num_args(); ++i) collect_unknowns(term.arg(i), found);
}

/// What formulas say of these unknowns, as far as it can be told by arcs: one for each of them, and for the
/// difference of each two, around its value in the model, in which it does not lie.
Formulas projected(z3::context& context, const Formulas& background, const Formulas& formulas,
                   const Formulas& unknowns, const z3::model& model) {
    z3::solver solver = easy_solver(context, background);
    for (const z3::expr& formula : formulas) solver.add(formula);
    Formulas differences = unknowns, found;
    for (std::size_t i = 0; i < unknowns.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) differences.push_back(unknowns[i] - unknowns[j]);
    for (const z3::expr& difference : differences) {
        const auto excluded = [&](const Arc& arc) {
            solver.push();
            solver.add(in_arc(context, difference, arc));
            const bool implied = solver.check() == z3::unsat;
            solver.pop();
            return implied;
        };
        const auto value = static_cast<std::uint32_t>(model.eval(difference, true).get_numeral_uint64());
        if (const auto arc = greatest_arc(value, excluded))
            found.push_back(!in_arc(context, difference, *arc));
    }
    return found;
}

/// `after` contradicts what is known before a place; what it says of what is there, where that does as well.
std::optional<Formulas> in_terms_of_what_is_there(
    z3::context& context, Contradictions& contradictions, const Formulas& background, const Formulas& before,
    const Formulas& after, const std::function<bool(const z3::expr& formula)>& is_there) {
    std::map<unsigned, z3::expr> unknowns;
    for (const z3::expr& formula : after) collect_unknowns(formula, unknowns);
    Formulas there;
    for (const auto& [number, unknown] : unknowns)
        if (is_there(unknown)) there.push_back(unknown);
    z3::solver solver = easy_solver(context, background);
    for (const z3::expr& formula : before) solver.add(formula);
    if (solver.check() != z3::sat) return std::nullopt;
    Formulas arcs = projected(context, background, after, there, solver.get_model());
    if (!contradictions.among(before, arcs)) return std::nullopt;
    return contradictions.least(before, std::move(arcs));
}

}  // namespace

std::optional<Formulas> sequence_interpolants(
    z3::context& context, const Formulas& background, const std::vector<Formulas>& of_path,
    const std::function<bool(std::size_t place, const z3::expr& formula)>& preferred) {
    Contradictions contradictions(context, background);
    const std::vector<Formulas> parts = unsatisfiable_core(contradictions, of_path);
    Formulas before;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i)
        before.insert(before.end(), parts[i].begin(), parts[i].end());
    Formulas after;  // what contradicts all before the place
    Formulas found;
    for (std::size_t place = parts.size() - 1; place-- > 0;) {
        const Formulas& next = parts[place + 1];
        after.insert(after.begin(), next.begin(), next.end());
        if (contradictions.among(after)) {
            found.insert(found.begin(), place + 1, context.bool_val(true));
            return found;
        }
        Formulas wanted;
        std::copy_if(after.begin(), after.end(), std::back_inserter(wanted),
                     [&](const z3::expr& formula) { return preferred(place, formula); });
        if (wanted.size() < after.size() && contradictions.among(before, wanted))
            after = std::move(wanted);
        else if (!contradictions.among(before, after))
            return std::nullopt;
        after = contradictions.least(before, std::move(after));
        const auto speaks = [&](const z3::expr& formula) { return preferred(place, formula); };
        if (!std::all_of(after.begin(), after.end(), speaks))
            if (auto told =
                    in_terms_of_what_is_there(context, contradictions, background, before, after, speaks))
                after = std::move(*told);
        z3::expr_vector all(context);
        for (const z3::expr& formula : after) all.push_back(formula);
        found.insert(found.begin(), (!z3::mk_and(all)).simplify());
        before.erase(before.end() - static_cast<std::ptrdiff_t>(parts[place].size()), before.end());
    }
    return found;
}

}  // namespace halfopen
