#include "solver/nat_formulas.hpp"

#include <array>

#include "solver/endpoint_formulas.hpp"
#include "solver/flag_sets.hpp"
#include "solver/merged_formula.hpp"
#include "spec/nat/predicates.hpp"
#include "spec/nat/usual_entry.hpp"

namespace halfopen {
namespace {

template <class R>
using Entry = ConntrackEntry<R>;
using SymbolicEntry = Entry<Z3Reading>;

enum MarkIndex : unsigned {
    SeenReply,
    Assured,
    MaxackSet,  // of the original side; + 1: of the reply side
    Liberal = MaxackSet + 2,
    CloseInit = Liberal + 2,
    LastClass = CloseInit + 2,
    LastDirection,
    ChallengeExpected,
    Simultaneous,
    Side,
    MarkCount = Side + 2
};

template <class R>
constexpr std::array<Mark<Entry<R>>, MarkCount> marks_of_entry{{
    {"seen_reply", 2, [](Entry<R>& e, unsigned v) { e.seen_reply = v != 0; }},
    {"assured", 2, [](Entry<R>& e, unsigned v) { e.assured = v != 0; }},
    {"original.maxack_set", 2, [](Entry<R>& e, unsigned v) { e.peers[original].maxack_set = v != 0; }},
    {"reply.maxack_set", 2, [](Entry<R>& e, unsigned v) { e.peers[reply].maxack_set = v != 0; }},
    {"original.be_liberal", 2, [](Entry<R>& e, unsigned v) { e.peers[original].be_liberal = v != 0; }},
    {"reply.be_liberal", 2, [](Entry<R>& e, unsigned v) { e.peers[reply].be_liberal = v != 0; }},
    {"original.close_init", 2, [](Entry<R>& e, unsigned v) { e.peers[original].close_init = v != 0; }},
    {"reply.close_init", 2, [](Entry<R>& e, unsigned v) { e.peers[reply].close_init = v != 0; }},
    {"last_class", segment_class_count,
     [](Entry<R>& e, unsigned v) { e.last_class = static_cast<SegmentClass>(v); }},
    {"last_direction", 2, [](Entry<R>& e, unsigned v) { e.last_direction = static_cast<std::uint8_t>(v); }},
    {"challenge_ack_expected", 2, [](Entry<R>& e, unsigned v) { e.challenge_ack_expected = v != 0; }},
    {"simultaneous_open", 2, [](Entry<R>& e, unsigned v) { e.simultaneous_open = v != 0; }},
    {"original.side", side_state_count,
     [](Entry<R>& e, unsigned v) { e.peers[original].side = static_cast<SideState>(v); }},
    {"reply.side", side_state_count,
     [](Entry<R>& e, unsigned v) { e.peers[reply].side = static_cast<SideState>(v); }},
}};

constexpr MarkSet one(unsigned index) { return MarkSet{1} << index; }

constexpr std::uint32_t some_data = 100;

constexpr Address inside{0x0a010001, 903}, outside{0xc0000201, 903}, server{0xc0000202, 2049};

SymbolicEntry unknown_entry(const Z3Reading& r, std::size_t state, std::set<std::string>* names = nullptr) {
    SymbolicEntry entry;
    UnknownNumbers unknown(r, "");
    fields(unknown, entry);
    entry.inside = inside;
    entry.outside = outside;
    entry.destination = server;
    entry.state = static_cast<TrackState>(state);
    if (names != nullptr) *names = unknown.names;
    return entry;
}

std::uint8_t index_of(std::uint8_t direction) { return direction == direction_reply ? reply : original; }

}  // namespace

std::span<const Mark<SymbolicEntry>> entry_marks() { return marks_of_entry<Z3Reading>; }

MarkSet marks_read(const NatSettings& settings, NatPredicate predicate, std::uint8_t direction) {
    const unsigned sender = direction;
    const unsigned peer = 1U - direction;
    // pf's window test looks at how far each side is, conntrack's at whether it is tracked liberally.
    const MarkSet window =
        settings.window_model == WindowModel::Pf ? one(Side) | one(Side + 1) : one(Liberal + sender);
    switch (predicate) {
        case NatPredicate::FlagsValid:
        case NatPredicate::CarriesAck:
        case NatPredicate::AckIsLastEnd:
        case NatPredicate::SeqIsLastAck:
        case NatPredicate::SeqIsLastEnd:
        case NatPredicate::SeqIsZero:
        case NatPredicate::SeqAfterSenderEnd:
        case NatPredicate::SeqBeforePeerMaxack:
        case NatPredicate::SeqIsPeerMaxack:
            return 0;
        case NatPredicate::SeenReply:
            return one(SeenReply);
        case NatPredicate::Assured:
            return one(Assured);
        case NatPredicate::WindowAccepts:
        case NatPredicate::WindowIgnores:
            return window;
        case NatPredicate::CloseInitiated:
            return one(CloseInit) | one(CloseInit + 1);
        case NatPredicate::CloseInitiatedBySender:
            return one(CloseInit + sender);
        case NatPredicate::LastWasSyn:
        case NatPredicate::LastWasAck:
        case NatPredicate::LastWasRst:
            return one(LastClass);
        case NatPredicate::LastFromSameSide:
        case NatPredicate::LastFromOtherSide:
            return one(LastDirection);
        case NatPredicate::PeerHasMaxack:
            return one(MaxackSet + peer);
        case NatPredicate::SimultaneousOpen:
            return one(Simultaneous);
        case NatPredicate::BothSidesSynSent:
            return window | one(Side) | one(Side + 1);
        case NatPredicate::SenderUnmarked:
        case NatPredicate::SenderMarkedSyn:
        case NatPredicate::SenderMarkedAck:
        case NatPredicate::SenderOpen:
            return one(Side + sender);
        case NatPredicate::PeerOpen:
            return one(Side + peer);
        case NatPredicate::ChallengeAckExpected:
            return one(ChallengeExpected);
    }
    return one(MarkCount) - 1;
}

NatFormulas::NatFormulas(z3::context& context, Policy policy)
    : context_(context), nat_(std::move(policy)), marks_(marks_of(nat_)) {}

std::span<const CompiledRule> NatFormulas::rules(const PolicyCase& at) const {
    return nat_.table().rules(at.state, static_cast<std::size_t>(at.segment()), at.direction);
}

std::vector<PolicyCase> NatFormulas::cases() const {
    std::vector<PolicyCase> all;
    for (std::size_t state = 0; state < track_state_count; ++state)
        for (const std::uint8_t direction : {direction_original, direction_reply}) {
            for (const std::uint8_t flags : flag_sets)
                for (const std::uint32_t length : {0U, some_data})
                    all.push_back({state, direction, flags, length});
        }
    return all;
}

z3::expr NatFormulas::possible(const PolicyCase& at) {
    Z3Reading r(context_);
    const SymbolicEntry entry = unknown_entry(r, at.state);
    z3::expr all = possible_numbers(r, entry) && possible_segment(r, unknown_segment(r, at));
    for (const auto& mark : entry_marks())
        all = all && z3::ult(mark_constant(context_, mark.name), context_.bv_val(mark.values, 4));
    if (entry.state == TrackState::None) {
        for (const auto& mark : entry_marks()) {
            const bool is_class = &mark == &entry_marks()[LastClass];
            all =
                all && mark_is(context_, mark.name, is_class ? static_cast<unsigned>(SegmentClass::None) : 0);
        }
        return all;
    }
    // possible_flags() is a conjunction of facts about few marks each, so each of these may be asked for by
    // itself.
    for (const MarkSet read : {one(SeenReply) | one(Assured), one(MaxackSet), one(MaxackSet + 1),
                               one(ChallengeExpected), one(Simultaneous), one(Side), one(Side + 1)}) {
        SymbolicEntry unmarked = entry;
        for (std::size_t i = 0; i < MarkCount; ++i) entry_marks()[i].set(unmarked, 0);
        all = all && by_cases(context_, entry_marks(), read, unmarked,
                              [&](const SymbolicEntry& e) { return r.truth(possible_flags(marks_, e)); });
    }
    return all;
}

z3::expr NatFormulas::predicate(const PolicyCase& at, std::uint16_t index) {
    const Z3Reading names(context_);
    const auto asked = static_cast<NatPredicate>(index);
    const std::uint8_t direction = index_of(at.direction);
    const Segment<Z3Reading> segment = unknown_segment(names, at);
    return by_cases(context_, entry_marks(), marks_read(nat_.settings(), asked, direction),
                    unknown_entry(names, at.state), [&](const SymbolicEntry& known) {
                        return merged_formula(context_, [&](Z3Reading& r) {
                            SymbolicEntry entry = known;
                            TrackContext<Z3Reading> c{nat_.settings(), entry, segment, direction};
                            return holds(r, asked, c);
                        });
                    });
}

PolicyWitness NatFormulas::witness(const PolicyCase& at, const z3::model& model) {
    const Z3Reading r(context_);
    std::set<std::string> names;
    unknown_entry(r, at.state, &names);
    Entry<ConcreteReading> entry;
    NumbersOf numbers(context_, model, "", names);
    fields(numbers, entry);
    entry.inside = inside;
    entry.outside = outside;
    entry.destination = server;
    entry.state = static_cast<TrackState>(at.state);
    entry.timeout = nat_.settings().timeout(entry.state);
    for (const auto& mark : marks_of_entry<ConcreteReading>)
        mark.set(entry, model.eval(mark_constant(context_, mark.name), true).get_numeral_uint());
    PolicyWitness found{at, segment_of(context_, at, model), std::nullopt, entry};
    const bool out = at.direction != direction_reply;
    found.segment.source = out ? inside : server;
    found.segment.destination = out ? server : outside;
    return found;
}

bool NatFormulas::possible(const PolicyWitness& one) const {
    ConcreteReading r;
    return halfopen::possible_flags(marks_, *one.entry) && possible_numbers(r, *one.entry) &&
           possible_segment(r, one.segment);
}

const CompiledRule* NatFormulas::decides(const PolicyWitness& one) const {
    ConcreteReading r;
    ConntrackEntry<ConcreteReading> entry = *one.entry;
    TrackContext<ConcreteReading> c{nat_.settings(), entry, one.segment, index_of(one.at.direction)};
    return first_match(r, rules(one.at),
                       [&](std::uint16_t index) { return holds(r, static_cast<NatPredicate>(index), c); });
}

PolicyWitness NatFormulas::sample(const PolicyCase& at, SampleDraws& draws) const {
    return sample_for_nat(at, nat_.settings(), marks_, draws);
}

std::vector<ComparedWith> NatFormulas::compared(const PolicyCase& at) const {
    const bool replies = at.direction == direction_reply;
    const std::string sender = replies ? "reply." : "original.", peer = replies ? "original." : "reply.";
    const std::string seq = sender + "td_end", ack = peer + "td_end";
    return {{"seg.seq", seq}, {sender + "td_maxend", seq}, {peer + "td_maxack", seq},   {"last_seq", seq},
            {"seg.ack", ack}, {peer + "td_maxend", ack},   {sender + "td_maxack", ack}, {"last_ack", ack}};
}

std::vector<z3::expr> NatFormulas::preferences(const PolicyCase& at) {
    const Z3Reading r(context_);
    std::set<std::string> numbers;
    const SymbolicEntry entry = unknown_entry(r, at.state, &numbers);
    const Segment<Z3Reading> segment = unknown_segment(r, at);
    std::vector<z3::expr> wishes{r.term(segment.window) == context_.bv_val(usual_window, 32)};
    WishesOf<SymbolicEntry> usual(context_, numbers, entry_marks(), wishes);
    const Entry<ConcreteReading> example = usual_entry(nat_.settings(), static_cast<TrackState>(at.state));
    fields(usual, example);
    const Peer<Z3Reading>& sender = entry.peers[index_of(at.direction)];
    const Peer<Z3Reading>& peer = entry.peers[1 - index_of(at.direction)];
    for (const auto& [number, base] :
         {std::pair(segment.seq, sender.td_end), std::pair(segment.ack, peer.td_end)})
        for (const std::uint32_t by :
             {0U, 0U - 1U, 1U, 0U - 1000U, 1000U, usual_window, 100'000U, 0U - 200'000U})
            wishes.push_back(r.term(number) == r.term(base) + context_.bv_val(by, 32));
    return wishes;
}

std::unique_ptr<RuleFormulas> rule_formulas(z3::context& context, Policy policy) {
    if (policy.kind == PolicyKind::Endpoint)
        return std::make_unique<EndpointFormulas>(context, std::move(policy));
    return std::make_unique<NatFormulas>(context, std::move(policy));
}

}  // namespace halfopen
