#include "solver/endpoint_outcomes.hpp"

#include <array>
#include <type_traits>
#include <vector>

#include "solver/endpoint_formulas.hpp"
#include "solver/path_explorer.hpp"
#include "solver/unknowns.hpp"
#include "spec/tcp/segment_fields.hpp"
#include "spec/tcp/tcb_invariant.hpp"

namespace halfopen {
namespace {

/// All members of an actor: those that are numbers as terms, the others as they are.
class Parts {
   public:
    explicit Parts(const Z3Reading& r) : r_(r) {}

    template <class T>
    void operator()(const char*, const T& member) {
        add(member);
    }
    /// Where the numbers differ; everywhere, if anything else does.
    static z3::expr differ(z3::context& context, const Parts& a, const Parts& b) {
        if (a.plain_ != b.plain_ || a.numbers_.size() != b.numbers_.size()) return context.bool_val(true);
        z3::expr any = context.bool_val(false);
        for (std::size_t i = 0; i < a.numbers_.size(); ++i) any = any || a.numbers_[i] != b.numbers_[i];
        return any.simplify();
    }

    void add(std::uint64_t value) { plain_.push_back(value); }

   private:
    template <class T>
    requires std::is_enum_v<T>
    void add(T value) { add(static_cast<std::uint64_t>(value)); }
    void add(const Address& value) { add(std::uint64_t{value.ip} << 16U | value.port); }
    template <class T, std::size_t n>
    void add(const std::array<T, n>& list) {
        for (const T& value : list) add(value);
    }
    template <class T>
    void add(const RareList<T>& list) {
        add(list.size());
        for (const T& value : list) fields(*this, value);
    }
    /// A record within a record.
    template <class T>
    requires requires(const T& value) { value.absent(); }
    void add(const T& value) { fields(*this, value); }
    template <class Tag>
    void add(const Z3Bits<Tag>& value) {
        numbers_.push_back(r_.term(value));
    }

    const Z3Reading& r_;
    std::vector<std::uint64_t> plain_;
    std::vector<z3::expr> numbers_;
};

/// The endpoint with a table of this one rule, which always matches: the region has decided that it does, and
/// to find that out again on every path takes long.
Endpoint always(const Endpoint& endpoint, const Rule* rule) {
    Policy policy = endpoint.policy();
    policy.rules.clear();
    if (rule != nullptr) {
        policy.rules.push_back(*rule);
        policy.rules.front().when.clear();
    }
    return Endpoint(std::move(policy));
}

/// A step on a copy of the TCB, and what came of it.
Parts outcome(Z3Reading& r, const Endpoint& endpoint, Tcb<Z3Reading> tcb, const Segment<Z3Reading>& segment) {
    const auto step = receive(r, endpoint, tcb, segment, std::optional(r.unknown("fresh ISN")));
    Parts parts(r);
    parts.add(step.rule != nullptr ? 1 : 0);
    parts.add(static_cast<std::uint64_t>(step.event));
    parts.add(step.sent.size());
    for (const Segment<Z3Reading>& sent : step.sent) fields(parts, sent);
    fields(parts, tcb);
    return parts;
}

}  // namespace

std::optional<z3::expr> endpoint_outcomes_differ(z3::context& context, z3::solver& region,
                                                 const Endpoint& before, const Rule* old_rule,
                                                 const Endpoint& after, const Rule* new_rule,
                                                 const PolicyCase& at) {
    const Endpoint one = always(before, old_rule);
    const Endpoint other = always(after, new_rule);
    const auto marks = tcb_marks();
    unsigned assignments = 2;  // the last one: with unacknowledged data or without
    for (const auto& mark : marks) assignments *= mark.values;
    for (unsigned chosen = 0; chosen < assignments; ++chosen) {
        const Z3Reading names(context);
        Tcb<Z3Reading> tcb = unknown_tcb(names, at);
        z3::expr here = context.bool_val(true);
        unsigned rest = chosen;
        for (const auto& mark : marks) {
            mark.set(tcb, rest % mark.values);
            here = here && mark_is(context, mark.name, rest % mark.values);
            rest /= mark.values;
        }
        if (!possible_flags(tcb)) continue;
        const bool may_wait =
            synchronized(tcb.state) && tcb.state != TcpState::FinWait2 && tcb.state != TcpState::TimeWait;
        if (rest != 0 && !may_wait) continue;
        // The concrete TCB of a witness is made the same way: see EndpointFormulas::witness().
        const z3::expr fin = context.bv_val(tcb.fin_outstanding() ? 1 : 0, 32);
        const z3::expr data = names.term(tcb.snd_nxt) - names.term(tcb.snd_una) - fin;
        const z3::expr none = data == context.bv_val(0, 32);
        if (may_wait) here = here && (rest != 0 ? !none : none);
        tcb.unacked_data = rest != 0 ? 1 : 0;
        PathExplorer paths(context);
        for (const z3::expr& fact : region.assertions()) paths.assume(fact);
        paths.assume(here);
        const Segment<Z3Reading> segment = unknown_segment(names, at);
        std::optional<z3::expr> found;
        paths.explore(
            [&](Z3Reading& r) {
                const Parts a = outcome(r, one, tcb, segment);
                return Parts::differ(context, a, outcome(r, other, tcb, segment));
            },
            [&](const z3::expr& path, const z3::expr& differ) {
                if (!found && satisfiable(region, here && path && differ)) found = here && path && differ;
            });
        if (found) return found;
    }
    return std::nullopt;
}

}  // namespace halfopen
