#include "solver/recovery/state_form.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <type_traits>

#include "spec/tcp/segment_fields.hpp"

namespace halfopen {
namespace {

using R = Z3Reading;

constexpr std::string_view mark_of_drawn = " #";

/// Every plain value of a connection into `plain`, every number's term into `terms`, in a fixed order.
class Walk {
   public:
    Walk(z3::context& context, std::vector<std::uint64_t>& plain, std::vector<z3::expr>& terms)
        : context_(context), plain_(plain), terms_(terms) {}

    template <class T>
    void operator()(const char* name, const T& value) {
        if (std::string_view(name) == "timers" || std::string_view(name) == "timeout") return;
        go(value);
    }

    template <class T>
    void go(const T& value) {
        if constexpr (std::is_same_v<T, R::Word> || std::is_same_v<T, R::Size>) {
            terms_.push_back(value.term(context_));
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

   private:
    z3::context& context_;
    std::vector<std::uint64_t>& plain_;
    std::vector<z3::expr>& terms_;
};

bool is_drawn(const z3::expr& term) {
    return term.is_const() && !term.is_numeral() && term.decl().decl_kind() == Z3_OP_UNINTERPRETED &&
           term.decl().name().str().find(mark_of_drawn) != std::string::npos;
}

}  // namespace

struct StateForms::Renaming {
    std::map<std::string, unsigned> of_role;
    std::set<unsigned> named;
    std::vector<z3::expr> from, to;
};

std::string drawn_name(const std::string& role, std::size_t which) {
    return fmt::format("{}{}{}", role, mark_of_drawn, which);
}

unsigned StateForms::number_of(const z3::expr& term) {
    const unsigned number = Z3_get_ast_id(context_, term);
    if (known_.emplace(number, true).second) kept_.push_back(term);
    return number;
}

void StateForms::learn(Renaming& renaming, const z3::expr& term) {
    if (is_drawn(term)) {
        if (!renaming.named.insert(number_of(term)).second) return;
        const std::string name = term.decl().name().str();
        const std::string role = name.substr(0, name.find(mark_of_drawn));
        renaming.from.push_back(term);
        renaming.to.push_back(context_.constant(fmt::format("{} ~{}", role, ++renaming.of_role[role]).c_str(),
                                                term.get_sort()));
        return;
    }
    if (term.is_app())
        for (unsigned i = 0; i < term.num_args(); ++i) learn(renaming, term.arg(i));
}

z3::expr StateForms::renamed(const Renaming& renaming, const z3::expr& term) {
    if (renaming.from.empty()) return term;
    z3::expr_vector from(context_), to(context_);
    for (const z3::expr& one : renaming.from) from.push_back(one);
    for (const z3::expr& one : renaming.to) to.push_back(one);
    z3::expr copy = term;
    return copy.substitute(from, to);
}

StateForm StateForms::of(const Connection& c, const RelatedFacts& related) {
    StateForm form;
    std::vector<z3::expr> terms;
    Walk walk(context_, form.shape, terms);
    walk.go(c.client);
    walk.go(c.failures);
    walk.go(c.mapped);
    walk.go(c.table.search_start);
    walk.go(c.table.entries);
    walk.go(c.server.has_value());
    if (c.server) walk.go(*c.server);
    for (const auto& link : c.links) walk.go(link);
    for (std::size_t slot = 0; slot < TimerZone::slots; ++slot) walk.go(c.times.runs(slot));
    form.times = c.times.bounds();
    Renaming renaming;
    for (const z3::expr& term : terms) learn(renaming, term);
    std::vector<z3::expr> facts = related(terms);
    for (const z3::expr& fact : facts) learn(renaming, fact);
    for (const z3::expr& term : terms) form.shape.push_back(number_of(renamed(renaming, term)));
    for (const z3::expr& fact : facts) form.facts.push_back(number_of(renamed(renaming, fact)));
    std::sort(form.facts.begin(), form.facts.end());
    form.facts.erase(std::unique(form.facts.begin(), form.facts.end()), form.facts.end());
    return form;
}

bool within(const StateForm& inner, const StateForm& outer) {
    if (inner.shape != outer.shape) return false;
    for (std::size_t i = 0; i < inner.times.size(); ++i)
        if (inner.times[i] > outer.times[i]) return false;
    return std::includes(inner.facts.begin(), inner.facts.end(), outer.facts.begin(), outer.facts.end());
}

}  // namespace halfopen
