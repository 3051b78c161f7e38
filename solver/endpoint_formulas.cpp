#include "solver/endpoint_formulas.hpp"

#include <array>

#include "solver/flag_sets.hpp"
#include "solver/merged_formula.hpp"
#include "solver/unknown_segment.hpp"
#include "spec/tcp/predicates.hpp"
#include "spec/tcp/tcb_invariant.hpp"
#include "spec/tcp/usual_tcb.hpp"

namespace halfopen {
namespace {

using SymbolicTcb = Tcb<Z3Reading>;

/// Members without numbers that a predicate may look at.  No predicate says which, so each is read once for
/// all of their values; the tests see to it that none is missing here.
template <class R>
constexpr std::array<Mark<Tcb<R>>, 3> marks_of_tcb{{
    {"active_open", 2, [](Tcb<R>& t, unsigned v) { t.active_open = v != 0; }},
    {"orphan", 2, [](Tcb<R>& t, unsigned v) { t.orphan = v != 0; }},
    {"retransmits", 2, [](Tcb<R>& t, unsigned v) { t.retransmits = static_cast<std::uint8_t>(v); }},
}};
constexpr MarkSet all_marks = 7;

/// How much data there is matters only against other numbers, all of which are unknown.
constexpr std::uint32_t some_data = 100;

/// Names of the numbers that only connections with timestamps have.
constexpr const char *own_clock = "timestamps.clock", *ts_recent = "timestamps.recent",
                     *first_syn = "syn_timestamps.first", *newest_syn = "syn_timestamps.newest",
                     *ts_value = "seg.timestamps.value", *ts_echo = "seg.timestamps.echo";

/// The timestamps of a connection that uses them, from the numbers of these names.
template <class R, class NumberNamed>
void use_timestamps(Tcb<R>& tcb, const NumberNamed& number) {
    tcb.timestamps = {true, true, tcb.state != TcpState::SynSent, number(own_clock), {}};
    if (tcb.timestamps.known) tcb.timestamps.recent = number(ts_recent);
    if (tcb.state == TcpState::SynSent || tcb.state == TcpState::SynReceived)
        tcb.syn_timestamps = {true, number(first_syn), number(newest_syn)};
}

Number value_of(z3::context& context, const z3::model& model, const char* name) {
    return {static_cast<std::uint32_t>(model.eval(context.bv_const(name, 32), true).get_numeral_uint64()), 0};
}

constexpr Address here{0xc0000202, 2049}, there{0xc0000201, 903};

}  // namespace

std::span<const Mark<SymbolicTcb>> tcb_marks() { return marks_of_tcb<Z3Reading>; }

SymbolicTcb unknown_tcb(const Z3Reading& r, const PolicyCase& at, std::set<std::string>* names) {
    SymbolicTcb tcb;
    tcb.local = here;
    tcb.remote = there;
    UnknownNumbers unknown(r, "");
    fields(unknown, tcb);
    tcb.state = static_cast<TcpState>(at.state);
    if (at.timestamps != TimestampUse::Off)
        use_timestamps(tcb, [&](const char* name) { return r.unknown(name); });
    if (names != nullptr) *names = unknown.names;
    return tcb;
}

Segment<Z3Reading> unknown_segment(const Z3Reading& r, const PolicyCase& at, std::set<std::string>* names) {
    Segment<Z3Reading> segment = unknown_segment(r, there, here, at.flags, at.length, names);
    if (at.timestamps == TimestampUse::Present)
        segment.timestamps = {true, r.unknown(ts_value), r.unknown(ts_echo)};
    return segment;
}

ConcreteSegment segment_of(z3::context& context, const PolicyCase& at, const z3::model& model) {
    const Z3Reading r(context);
    std::set<std::string> names;
    unknown_segment(r, at, &names);
    ConcreteSegment segment;
    NumbersOf numbers(context, model, "seg.", names);
    fields(numbers, segment);
    segment.source = there;
    segment.destination = here;
    segment.flags = at.flags;
    segment.length = at.length;
    if (!segment.has(flag::ack)) segment.ack = Number{};
    if (at.timestamps == TimestampUse::Present)
        segment.timestamps = {true, value_of(context, model, ts_value), value_of(context, model, ts_echo)};
    return segment;
}

EndpointFormulas::EndpointFormulas(z3::context& context, Policy policy)
    : context_(context), endpoint_(std::move(policy)) {}

std::span<const CompiledRule> EndpointFormulas::rules(const PolicyCase& at) const {
    return endpoint_.table().rules(at.state, static_cast<std::size_t>(at.segment()), direction_original);
}

std::vector<PolicyCase> EndpointFormulas::cases() const {
    std::vector<PolicyCase> all;
    for (std::size_t state = 0; state < tcp_state_count; ++state)
        for (const std::uint8_t flags : flag_sets)
            for (const std::uint32_t length : {0U, some_data}) {
                const auto tcp_state = static_cast<TcpState>(state);
                if (!endpoint_.settings().timestamps || tcp_state == TcpState::Closed) {
                    all.push_back({state, direction_original, flags, length});
                    continue;
                }
                // Connections without timestamps are the business of the policy that has them off.
                for (const TimestampUse use : {TimestampUse::Missing, TimestampUse::Present})
                    all.push_back({state, direction_original, flags, length, use});
            }
    return all;
}

z3::expr EndpointFormulas::possible(const PolicyCase& at) {
    Z3Reading r(context_);
    const auto marks = tcb_marks();
    z3::expr all = by_cases(context_, marks, all_marks, unknown_tcb(r, at),
                            [&](const SymbolicTcb& tcb) { return r.truth(possible_flags(tcb)); });
    for (const auto& mark : marks)
        all = all && z3::ult(mark_constant(context_, mark.name), context_.bv_val(mark.values, 4));
    all = all && possible_numbers(r, unknown_tcb(r, at));
    return all && possible_segment(r, unknown_segment(r, at));
}

z3::expr EndpointFormulas::predicate(const PolicyCase& at, std::uint16_t index) {
    const Z3Reading names(context_);
    const Segment<Z3Reading> segment = unknown_segment(names, at);
    return by_cases(context_, tcb_marks(), all_marks, unknown_tcb(names, at), [&](const SymbolicTcb& tcb) {
        return merged_formula(context_, [&](Z3Reading& r) {
            return EndpointPredicates<Z3Reading>(r, tcb, segment)
                .holds(static_cast<EndpointPredicate>(index));
        });
    });
}

PolicyWitness EndpointFormulas::witness(const PolicyCase& at, const z3::model& model) {
    const Z3Reading r(context_);
    std::set<std::string> names;
    unknown_tcb(r, at, &names);
    ConcreteTcb tcb;
    NumbersOf numbers(context_, model, "", names);
    fields(numbers, tcb);
    tcb.local = here;
    tcb.remote = there;
    tcb.state = static_cast<TcpState>(at.state);
    if (at.timestamps != TimestampUse::Off)
        use_timestamps(tcb, [&](const char* name) { return value_of(context_, model, name); });
    for (const auto& mark : marks_of_tcb<ConcreteReading>)
        mark.set(tcb, model.eval(mark_constant(context_, mark.name), true).get_numeral_uint());
    // What is outstanding besides a SYN or a FIN is data.
    if (synchronized(tcb.state))
        tcb.unacked_data = tcb.snd_nxt.value - tcb.snd_una.value - (tcb.fin_outstanding() ? 1 : 0);
    return {at, segment_of(context_, at, model), tcb, std::nullopt};
}

bool EndpointFormulas::possible(const PolicyWitness& one) const {
    ConcreteReading r;
    return possible_flags(*one.tcb) && possible_numbers(r, *one.tcb) && possible_segment(r, one.segment);
}

const CompiledRule* EndpointFormulas::decides(const PolicyWitness& one) const {
    ConcreteReading r;
    EndpointPredicates<ConcreteReading> predicates(r, *one.tcb, one.segment);
    return first_match(r, rules(one.at), [&](std::uint16_t index) {
        return predicates.holds(static_cast<EndpointPredicate>(index));
    });
}

PolicyWitness EndpointFormulas::sample(const PolicyCase& at, SampleDraws& draws) const {
    return sample_for_endpoint(at, draws);
}

std::vector<ComparedWith> EndpointFormulas::compared(const PolicyCase&) const {
    return {{"seg.seq", "rcv_nxt"}, {"last_ack_sent", "rcv_nxt"}, {"irs", "rcv_nxt"},
            {"seg.ack", "snd_nxt"}, {"snd_una", "snd_nxt"},       {"iss", "snd_nxt"},
            {ts_value, ts_recent},  {ts_echo, own_clock},         {first_syn, own_clock},
            {newest_syn, own_clock}};
}

std::vector<z3::expr> EndpointFormulas::preferences(const PolicyCase& at) {
    const Z3Reading r(context_);
    std::set<std::string> numbers;
    const SymbolicTcb tcb = unknown_tcb(r, at, &numbers);
    const Segment<Z3Reading> segment = unknown_segment(r, at);
    std::vector<z3::expr> wishes{r.term(segment.window) == context_.bv_val(usual_window, 32)};
    WishesOf<SymbolicTcb> usual(context_, numbers, tcb_marks(), wishes);
    const ConcreteTcb example = usual_tcb(static_cast<TcpState>(at.state));
    fields(usual, example);
    for (const auto& [number, base] :
         {std::pair(segment.seq, tcb.rcv_nxt), std::pair(segment.ack, tcb.snd_nxt)})
        for (const std::uint32_t by : {0U, 0U - 1U, 0U - 1000U, 1000U, usual_window, 100'000U, 0U - 200'000U})
            wishes.push_back(r.term(number) == r.term(base) + context_.bv_val(by, 32));
    return wishes;
}

}  // namespace halfopen
