#include "solver/recovery/drawn_numbers.hpp"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "solver/arc_search.hpp"
#include "solver/in_arc.hpp"
#include "solver/recovery/left_out.hpp"
#include "solver/recovery/state_form.hpp"

namespace halfopen {
namespace {

/// As Z3 counts it, some two seconds.
constexpr std::uint64_t most_work_on_exactness = 10'000'000;
/// Where a range is asked for once and not halved.
constexpr unsigned most_work_on_one_question = 5'000'000;

}  // namespace

using R = Z3Reading;

DrawnNumbers::DrawnNumbers(z3::context& context, const LeftBehind& start, std::vector<LeftOut> left_out)
    : context_(context), start_(start), r_(context), left_out_(std::move(left_out)) {
    if (start.connection.server) {
        const Tcb<R>& tcb = *start.connection.server;
        before_ = {{"RCV.NXT", tcb.rcv_nxt},
                   {"SND.NXT", tcb.snd_nxt},
                   {"SND.UNA", tcb.snd_una},
                   {"IRS", tcb.irs},
                   {"ISS of the old connection", tcb.iss}};
    }
    before_.push_back({"0", r_.literal(0)});
}

NamedNumber DrawnNumbers::fresh(const std::string& role) const {
    const auto before = std::count_if(drawn_.begin(), drawn_.end(),
                                      [&](const NamedNumber& named) { return named.role == role; });
    const std::string name = drawn_name(role, static_cast<std::size_t>(before) + 1);
    if (!start_.connection.server) return {role, r_.unknown(name.c_str()), name};
    const Tcb<R>& old = *start_.connection.server;
    const R::Word from = role == client_role ? old.rcv_nxt : old.snd_nxt;
    return {role, r_.advance(from, r_.unknown_size(name.c_str())), name};
}

std::vector<NamedNumber> DrawnNumbers::all() const {
    Numbers all = before_;
    all.insert(all.end(), drawn_.begin(), drawn_.end());
    return all;
}

/// One question for each other number, so that what is known of two that are left outlasts those that are
/// gone (PathExplorer::Forgetting).
bool DrawnNumbers::is_left_out(Z3Reading& r, const NamedNumber& number,
                               const std::vector<z3::expr>& there) const {
    const auto is_there = [&](const NamedNumber& drawn) {
        return std::any_of(there.begin(), there.end(), [&](const z3::expr& unknown) {
            return unknown.decl().name().str() == drawn.unknown;
        });
    };
    Numbers others = before_;
    std::copy_if(drawn_.begin(), drawn_.end(), std::back_inserter(others), is_there);
    for (const NamedNumber& other : others) {
        const std::optional<z3::expr> too_close = left_out_between(r, number, other);
        if (too_close && r.decide(*too_close)) return true;
    }
    return false;
}

/// Nothing where no range is left out between numbers of these roles.
std::optional<z3::expr> DrawnNumbers::left_out_between(const Z3Reading& r, const NamedNumber& number,
                                                       const NamedNumber& other) const {
    std::optional<z3::expr> any;
    const auto add = [&](const LeftOut& out, const R::Word& left, const R::Word& right) {
        const z3::expr within = z3::ult(r.term(left) - r.term(right) - context_.bv_val(out.first, 32),
                                        context_.bv_val(static_cast<unsigned>(out.size), 32));
        any = any ? *any || within : within;
    };
    for (const LeftOut& out : left_out_) {
        if (out.left == number.role && out.right == other.role) add(out, number.word, other.word);
        if (out.right == number.role && out.left == other.role) add(out, other.word, number.word);
    }
    return any;
}

std::optional<LeftOut> DrawnNumbers::corner(EasyQuestions& path) {
    Models models{path.values()};
    std::optional<LeftOut> least;
    for (std::size_t i = drawn_.size(); i-- > 0;) {
        Numbers others = before_;  // and then the latest first: an ascending chain is one of neighbours
        others.insert(others.end(), drawn_.rend() - static_cast<std::ptrdiff_t>(i), drawn_.rend());
        find_corner(path, models, drawn_[i], others, least);
    }
    return least;
}

std::optional<LeftOut> DrawnNumbers::corner_of_last(EasyQuestions& path) {
    Models models{path.values()};
    std::optional<LeftOut> least;
    if (!drawn_.empty()) find_corner(path, models, drawn_.back(), before_, least);
    return least;
}

std::optional<LeftOut> DrawnNumbers::corner_unless(EasyQuestions& path, const z3::expr& claim) {
    const z3::expr fails = !claim;
    if (path.check({fails}) != z3::sat) return std::nullopt;
    const z3::model model = path.values();
    for (std::size_t i = drawn_.size(); i-- > 0;) {
        Numbers others(drawn_.rend() - static_cast<std::ptrdiff_t>(i), drawn_.rend());
        others.insert(others.end(), before_.begin(), before_.end());
        for (const NamedNumber& other : others) {
            const LeftOut all = all_near(drawn_[i].role, other.role);
            if (!may_be_left_out(left_out_, all)) continue;
            const z3::expr is_far =
                !in_arc(context_, r_.term(drawn_[i].word) - r_.term(other.word), {all.first, all.size});
            if (model.eval(is_far, true).is_true()) continue;
            if (path.check({fails, is_far}) == z3::unsat) return all;
        }
    }
    return std::nullopt;
}

void DrawnNumbers::find_corner(EasyQuestions& path, Models& models, const NamedNumber& drawn,
                               const Numbers& others, std::optional<LeftOut>& least) {
    for (const NamedNumber& other : others) {
        if (least && least->size == 1) return;
        const std::optional<LeftOut> range = range_around(path, models, drawn, other, least);
        if (range && (!least || range->size < least->size) && may_be_left_out(left_out_, *range))
            least = range;
    }
}

/// The least range around its value that the difference of two numbers does not leave on the path under way.
/// None where that is larger than any that could be left out, or than the least of others: nearly always, and
/// then mostly shown by the values that an earlier question has given.
std::optional<LeftOut> DrawnNumbers::range_around(EasyQuestions& path, Models& models,
                                                  const NamedNumber& drawn, const NamedNumber& other,
                                                  const std::optional<LeftOut>& least) {
    const z3::expr difference = r_.term(drawn.word) - r_.term(other.word);
    const auto value_in = [&](const z3::model& model) {
        return static_cast<std::uint32_t>(model.eval(difference, true).get_numeral_uint64());
    };
    std::vector<std::uint32_t> known;
    for (const z3::model& model : models) known.push_back(value_in(model));
    const std::uint32_t value = known.front();
    // To leave the least one out leaves this path out.
    if (least && least->left == drawn.role && least->right == other.role &&
        value - least->first < least->size)
        return std::nullopt;
    // To either end of what is_few(), from wherever in it the value lies.
    const auto reach = static_cast<std::uint32_t>(least ? least->size - 1 : 2 * corner_limit);
    const auto is_far = [&](std::uint32_t other_value) {
        const auto distance = std::int64_t{static_cast<std::int32_t>(other_value - value)};
        return std::abs(distance) > std::int64_t{reach};
    };
    if (std::any_of(known.begin(), known.end(), is_far)) return std::nullopt;
    const auto outside = [&](const Arc& arc) {
        Outside found;
        const z3::check_result others = path.check({!in_arc(context_, difference, arc)});
        if (others == z3::sat) {
            models.push_back(path.values());
            found.value = value_in(models.back());
        }
        found.none = others == z3::unsat;
        return found;
    };
    if (work_on_exactness_ > most_work_on_exactness) {
        if (least) return std::nullopt;
        const LeftOut all = all_near(drawn.role, other.role);
        path.set_most_work(most_work_on_one_question);
        return outside({all.first, all.size}).none ? std::optional(all) : std::nullopt;
    }
    const std::uint64_t before = path.work();
    const auto arc = least_arc(value, reach, known, outside);
    work_on_exactness_ += path.work() - before;
    if (!arc) return std::nullopt;
    return LeftOut{drawn.role, other.role, arc->first, arc->size};
}

bool DrawnNumbers::leave_out(const LeftOut& range) {
    if (left_out_.size() == most_left_out) return false;
    left_out_ = with_touching_joined(left_out_, range);
    return true;
}

}  // namespace halfopen
