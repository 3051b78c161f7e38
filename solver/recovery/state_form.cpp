#include "solver/recovery/state_form.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <type_traits>

#include "solver/unknown_term.hpp"
#include "spec/tcp/segment_fields.hpp"

namespace halfopen {
namespace {

using R = Z3Reading;

constexpr std::string_view mark_of_drawn = " #";

/// Every plain value of a connection into `plain`, every number's term into `terms`, in a fixed order.
class Walk {
   public:
    Walk(z3::context& context, std::vector<std::uint64_t>& plain, std::vector<z3::expr>& terms)
        : zero_(context.bv_val(0U, 32)), plain_(plain), terms_(terms) {}

    template <class T>
    void operator()(const char* name, const T& value) {
        if (std::string_view(name) == "timers" || std::string_view(name) == "timeout") return;
        go(value);
    }

    template <class T>
    void go(const T& value) {
        if constexpr (std::is_same_v<T, R::Word> || std::is_same_v<T, R::Size>) {
            terms_.push_back(value.term().value_or(zero_));
        } else if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) {
            plain_.push_back(static_cast<std::uint64_t>(value));
        } else if constexpr (std::is_same_v<T, Address>) {
            plain_.push_back((std::uint64_t{value.ip} << 16U) | value.port);
        } else if constexpr (requires { value.begin(); }) {
            plain_.push_back(value.size());
            for (const auto& element : value) go(element);
        } else {
            fields(*this, value);
        }
    }

    template <class T>
    void go(const Z3Mark<T>& mark) {
        const std::optional<z3::expr> term = mark.term();
        plain_.push_back(term ? mark_of_unknown : static_cast<std::uint64_t>(static_cast<T>(mark)));
        if (term) terms_.push_back(*term);
    }

   private:
    static constexpr std::uint64_t mark_of_unknown = ~std::uint64_t{0};

    const z3::expr zero_;
    std::vector<std::uint64_t>& plain_;
    std::vector<z3::expr>& terms_;
};

bool is_drawn(const z3::expr& term) {
    return is_unknown(term) && term.decl().name().str().find(mark_of_drawn) != std::string::npos;
}

z3::expr renamed(z3::context& context, const std::vector<z3::expr>& from, const std::vector<z3::expr>& to,
                 const z3::expr& term) {
    if (from.empty()) return term;
    z3::expr_vector old(context), anew(context);
    for (const z3::expr& one : from) old.push_back(one);
    for (const z3::expr& one : to) anew.push_back(one);
    z3::expr copy = term;
    return copy.substitute(old, anew);
}

}  // namespace

std::string drawn_name(const std::string& role, std::size_t which) {
    return fmt::format("{}{}{}", role, mark_of_drawn, which);
}

std::size_t StateForms::role_of(const z3::expr& drawn) {
    const std::string name = drawn.decl().name().str();
    const std::string role = name.substr(0, name.find(mark_of_drawn));
    const auto found = std::find(roles_.begin(), roles_.end(), role);
    if (found == roles_.end()) {
        roles_.push_back(role);
        names_.emplace_back();
        return roles_.size() - 1;
    }
    return static_cast<std::size_t>(found - roles_.begin());
}

const std::vector<StateForms::DrawnNumber>& StateForms::drawn_numbers_in(const z3::expr& term) {
    if (const auto found = drawn_in_.find(term.id()); found != drawn_in_.end()) return found->second;
    kept_.push_back(term);
    std::vector<DrawnNumber> drawn;
    if (is_drawn(term)) {
        drawn.push_back({term, term.id(), role_of(term)});
    } else if (term.is_app()) {
        for (unsigned i = 0; i < term.num_args(); ++i)
            for (const DrawnNumber& one : drawn_numbers_in(term.arg(i)))
                if (std::none_of(drawn.begin(), drawn.end(),
                                 [&](const DrawnNumber& other) { return one.number == other.number; }))
                    drawn.push_back(one);
    }
    return drawn_in_.emplace(term.id(), std::move(drawn)).first->second;
}

/// From 1 on.
const StateForms::DrawnNumber& StateForms::name(std::size_t role, std::size_t which) {
    std::deque<DrawnNumber>& names = names_[role];
    while (names.size() < which) {
        const std::string name = fmt::format("{} ~{}", roles_[role], names.size() + 1);
        const z3::expr term = context_.bv_const(name.c_str(), 32);
        drawn_numbers_in(term);
        names.push_back({term, term.id(), role});
    }
    return names[which - 1];
}

void StateForms::learn(NamedState::Names& names, const z3::expr& term) {
    for (const DrawnNumber& drawn : drawn_numbers_in(term)) {
        if (std::find(names.from_number.begin(), names.from_number.end(), drawn.number) !=
            names.from_number.end())
            continue;
        if (names.of_role.size() <= drawn.role) names.of_role.resize(drawn.role + 1);
        const DrawnNumber& called = name(drawn.role, ++names.of_role[drawn.role]);
        names.from.push_back(drawn.term);
        names.from_number.push_back(drawn.number);
        names.to.push_back(called.term);
        names.to_number.push_back(called.number);
    }
}

unsigned StateForms::number_of_renamed(const NamedState::Names& names, const z3::expr& term) {
    const std::vector<DrawnNumber>& drawn = drawn_numbers_in(term);
    if (drawn.empty()) return term.id();
    std::vector<unsigned> key{term.id()};
    for (const DrawnNumber& one : drawn) {
        const auto known = std::find(names.from_number.begin(), names.from_number.end(), one.number);
        key.push_back(names.to_number[static_cast<std::size_t>(known - names.from_number.begin())]);
    }
    if (const auto found = renamed_.find(key); found != renamed_.end()) return found->second;
    const z3::expr anew = renamed(context_, names.from, names.to, term);
    drawn_numbers_in(anew);
    return renamed_.emplace(std::move(key), anew.id()).first->second;
}

NamedState StateForms::named(const Connection& c) {
    NamedState state;
    Walk walk(context_, state.shape, state.terms);
    walk.go(c.client);
    walk.go(c.mapped);
    walk.go(c.keepalive_overlooked);
    walk.go(c.table.search_start);
    walk.go(c.table.entries);
    walk.go(c.server.has_value());
    if (c.server) walk.go(*c.server);
    for (const auto& link : c.links) walk.go(link);
    for (const z3::expr& term : state.terms) learn(state.names, term);
    for (const z3::expr& term : state.terms) state.shape.push_back(number_of_renamed(state.names, term));
    state.but_for_times = state.shape;
    walk.go(c.failures);
    const bool at_once = in_flight(c);
    for (std::size_t slot = 0; slot < TimerZone::slots; ++slot) {
        walk.go(c.times.runs(slot));
        walk.go(c.times.is_forgotten(slot));
        // Only while segments are on their way does it matter what a timer has left from now: whether it is
        // due, and to a NAT (connection_timers.hpp).
        walk.go(c.times.runs(slot) && at_once && c.times.exact(slot));
        for (std::size_t other = 0; other < slot; ++other)
            if (c.times.runs(slot) && c.times.runs(other)) walk.go(c.times.distance_is_known(slot, other));
    }
    state.times = c.times.bounds();
    return state;
}

StateForm StateForms::form(NamedState state, const std::vector<z3::expr>& known) {
    StateForm form;
    form.shape = std::move(state.shape);
    form.known.times = std::move(state.times);
    std::vector<unsigned>& facts = form.known.facts;
    for (const z3::expr& fact : known) learn(state.names, fact);
    for (const z3::expr& fact : known) facts.push_back(number_of_renamed(state.names, fact));
    std::sort(facts.begin(), facts.end());
    facts.erase(std::unique(facts.begin(), facts.end()), facts.end());
    return form;
}

bool StateForms::want(const NamedState& state, const z3::expr& fact) {
    const z3::expr general = renamed(context_, state.names.from, state.names.to, fact);
    if (general.is_true() || general.is_false()) return false;
    std::vector<z3::expr>& wanted = wanted_[state.but_for_times];
    for (const z3::expr& known : wanted)
        if (z3::eq(known, general)) return false;
    wanted.push_back(general);
    return true;
}

std::vector<z3::expr> StateForms::wanted(const NamedState& state) const {
    const auto found = wanted_.find(state.but_for_times);
    if (found == wanted_.end()) return {};
    std::vector<z3::expr> facts;
    for (const z3::expr& general : found->second)
        facts.push_back(renamed(context_, state.names.to, state.names.from, general));
    return facts;
}

bool facts_within(const Known& inner, const Known& outer) {
    return std::includes(inner.facts.begin(), inner.facts.end(), outer.facts.begin(), outer.facts.end());
}

bool within(const Known& inner, const Known& outer) {
    for (std::size_t i = 0; i < inner.times.size(); ++i)
        if (inner.times[i] > outer.times[i]) return false;
    return facts_within(inner, outer);
}

}  // namespace halfopen
