#include <map>
#include <set>

#include "spec/tcp/endpoint_vocabulary.hpp"
#include "tests/spec/tcp/endpoint_bench.hpp"

using namespace halfopen;

namespace {

constexpr std::array<std::uint8_t, 10> flag_sets{
    flag::syn, flag::syn | flag::ack, flag::fin, flag::fin | flag::ack, flag::ack,
    flag::rst, flag::rst | flag::ack, 0,         flag::psh | flag::ack, flag::syn | flag::fin};

/// Every position at which some predicate changes its answer.
std::vector<std::uint32_t> around(std::initializer_list<std::uint32_t> bases) {
    std::set<std::uint32_t> all;
    for (const std::uint32_t base : bases)
        for (const int d : {-11, -10, -9, -2, -1, 0, 1, 2}) all.insert(base + static_cast<std::uint32_t>(d));
    return {all.begin(), all.end()};
}

/// Our clock, and when our first and newest SYN were sent.
constexpr std::uint32_t our_clock = 7'000'000;
constexpr SynTimestamps<ConcreteReading> our_syns{true, {our_clock - 20, 0}, {our_clock - 10, 0}};

/// With a policy that has timestamps on: TSval on either side of TS.Recent, by one and by more, or none.
/// Before the connection is made TSecr on either side of what our SYNs carried, and of now.
std::vector<TimestampOption<ConcreteReading>> timestamps_around(const ConcreteTcb& tcb) {
    std::vector<TimestampOption<ConcreteReading>> all{{}};
    if (!tcb.timestamps.on) return all;
    for (const int d : {-2, -1, 0, 1}) all.push_back({true, {recent + static_cast<std::uint32_t>(d), 0}, {}});
    if (!tcb.syn_timestamps.kept) return all;
    for (const std::uint32_t age : {21U, 20U, 10U, 9U, 0U, 0U - 1U})
        all.push_back({true, {recent, 0}, {our_clock - age, 0}});
    return all;
}

/// Calls visit(step, before, after) for every state, flag set, position, length and every TCB worth telling
/// apart.
template <class Visit>
void every_case(const Endpoint& endpoint, Visit&& visit) {
    ConcreteReading r;
    const auto seqs = around({RN, RN + W, RN - bytes_carried_before, RN + 0x40000000U, RN - 0x40000000U});
    const auto acks = around({SN, SN - W, SN - bytes_carried_before, SN + 0x40000000U, SN - 0x40000000U});
    for (std::size_t state = 0; state < tcp_state_count; ++state)
        for (const bool active : {false, true})
            for (const bool orphan : {false, true})
                for (const std::uint32_t unacknowledged : {0U, 10U}) {
                    ConcreteTcb tcb =
                        established<ConcreteReading>(r, endpoint, here, there, {SN, 0}, {RN, 0});
                    if (endpoint.settings().timestamps)
                        tcb.timestamps = {true, true, true, {our_clock, 0}, {recent, 0}};
                    tcb.state = static_cast<TcpState>(state);
                    if (endpoint.settings().keeps_syn_timestamps &&
                        (tcb.state == TcpState::SynSent || tcb.state == TcpState::SynReceived))
                        tcb.syn_timestamps = our_syns;
                    tcb.active_open = active;
                    tcb.orphan = orphan;
                    tcb.retransmits = orphan ? 1 : 0;
                    // A delayed ACK: the peer has sent ten octets more than have been acknowledged.
                    tcb.last_ack_sent = {RN - unacknowledged, 0};
                    tcb.unread_text = unacknowledged != 0;
                    if (tcb.fin_outstanding()) tcb.snd_una = {SN - 1, 0};
                    // One that is young, of either end, and one that has carried more than a window.
                    if (active || orphan) tcb.iss = {SN - 1, 0};
                    if (!synchronized(tcb.state)) tcb.timers.fill(timer_off);
                    if (tcb.state == TcpState::SynReceived || tcb.state == TcpState::SynSent) {
                        tcb.iss = tcb.snd_una = {SN - 1, 0};
                        tcb.irs = {RN - 1, 0};
                        tcb.syn_outstanding = true;
                        if (unacknowledged != 0) continue;
                    }
                    for (const std::uint8_t flags : flag_sets)
                        for (const std::uint32_t length : {0U, 10U})
                            for (const std::uint32_t seq : seqs)
                                for (const std::uint32_t ack : acks) {
                                    if ((flags & flag::ack) == 0 && ack != acks.front()) break;
                                    for (const auto& timestamps : timestamps_around(tcb)) {
                                        const ConcreteSegment s{there,    here, flags,  {seq, 0},
                                                                {ack, 0}, W,    length, timestamps};
                                        ConcreteTcb after = tcb;
                                        visit(s, tcb, after,
                                              receive<ConcreteReading>(r, endpoint, after, s, Number{7, 0}));
                                    }
                                }
                }
}

}  // namespace

TEST_CASE("all the stacks of the design are shipped", "[policy]") {
    for (const char* name :
         {"freebsd-10", "freebsd-14", "freebsd-7",  "freebsd-9", "gvisor",     "gvisor-2018", "linux-2.6.24",
          "linux-3.0",  "linux-3.10", "linux-4.19", "linux-6.1", "linux-6.18", "lwip",        "netbsd-6",
          "openbsd",    "rfc793",     "rfc9293",    "smoltcp",   "solaris-11", "teardown"})
        CHECK(std::find(shipped_stacks.begin(), shipped_stacks.end(), name) != shipped_stacks.end());
}

TEST_CASE("every segment in every state meets a rule, and every rule some segment", "[policy]") {
    for (const std::string& name : shipped_stacks) {
        Policy policy = endpoint_policy(name);
        std::set<std::string> unused;
        for (const Rule& rule : policy.rules) unused.insert(rule.id);
        // Flags guard rules, so both values of each are tried.
        for (const char* flags : {"false", "true"}) {
            Policy bound = policy;
            for (const ParameterTerm& parameter : endpoint_vocabulary().parameters)
                if (parameter.type == ParameterType::Flag) bound.set(parameter.name, flags);
            // A guard of rules only where timestamps are on, and negated there.
            bound.set("tolerate_missing_ts", flags == std::string_view("true") ? "false" : "true");
            const Endpoint endpoint(std::move(bound));
            std::size_t undecided = 0;
            std::size_t confused = 0;
            every_case(endpoint, [&](const ConcreteSegment&, const ConcreteTcb&, const ConcreteTcb& after,
                                     const EndpointStep<ConcreteReading>& step) {
                if (step.rule == nullptr)
                    ++undecided;
                else
                    unused.erase(step.rule->id);
                // Gone if and only if CLOSED, and nothing runs then.
                if (after.state == TcpState::Closed && next_expiry(after) != timer_off) ++confused;
            });
            INFO(name);
            CHECK(undecided == 0);
            CHECK(confused == 0);
        }
        INFO(name << ": rules that no segment meets");
        CHECK(unused == std::set<std::string>{});
    }
}

TEST_CASE("every table ends in rules that need nothing of the numbers", "[policy]") {
    // So that totality holds for any numbers whatever, not only for those that were tried.
    const Vocabulary& words = endpoint_vocabulary();
    const auto number_free = [](const CompiledRule& rule, bool has_ack) {
        return std::all_of(rule.predicates.begin(), rule.predicates.end(), [&](const Condition& c) {
            return c.index == static_cast<std::uint16_t>(EndpointPredicate::HasAck) && has_ack != c.negated;
        });
    };
    for (const std::string& name : shipped_stacks) {
        const Endpoint endpoint(endpoint_policy(name));
        for (std::size_t state = 0; state < tcp_state_count; ++state)
            for (std::size_t segment = 0; segment < segment_class_count; ++segment) {
                const auto rules = endpoint.table().rules(state, segment, direction_original);
                const auto kind = static_cast<SegmentClass>(segment);
                for (const bool has_ack : {false, true}) {
                    if (has_ack != (kind == SegmentClass::SynAck || kind == SegmentClass::Ack) &&
                        kind != SegmentClass::Fin && kind != SegmentClass::Rst)
                        continue;
                    INFO(name << ", " << words.states[state] << ", " << words.segments[segment]);
                    CHECK(std::any_of(rules.begin(), rules.end(),
                                      [&](const CompiledRule& rule) { return number_free(rule, has_ack); }));
                }
            }
    }
}

TEST_CASE("every rule says where it was read", "[policy]") {
    for (const std::string& name : shipped_stacks)
        for (const Rule& rule : endpoint_policy(name).rules) {
            INFO(name << " " << rule.id);
            CHECK(rule.source.size() > 10);
        }
}

// illumos asks for the acknowledgement before it asks whether it is a reset (tcp_input_data(),
// TCPS_SYN_RCVD).
TEST_CASE("no reset is answered by a reset, but by illumos in SYN_RCVD", "[policy]") {
    for (const std::string& name : shipped_stacks) {
        const Endpoint endpoint(endpoint_policy(name));
        std::size_t answered = 0;
        every_case(endpoint, [&](const ConcreteSegment& segment, const ConcreteTcb&, const ConcreteTcb&,
                                 const EndpointStep<ConcreteReading>& step) {
            if (!segment.has(flag::rst)) return;
            if (step.rule != nullptr && step.rule->id == "handshake-rst-wrong-ack" && name == "solaris-11")
                return;
            for (const ConcreteSegment& s : step.sent) answered += s.has(flag::rst) ? 1 : 0;
        });
        INFO(name);
        CHECK(answered == 0);
    }
}

TEST_CASE("a step that needs an ISN changes nothing", "[endpoint]") {
    Bench server("freebsd-7");
    server.in(TcpState::Listen);
    const ConcreteTcb before = server.tcb;
    const ConcreteSegment syn{there, here, flag::syn, {1, 0}, {0, 0}, W, 0};
    const auto step = receive<ConcreteReading>(server.r, server.endpoint, server.tcb, syn);
    CHECK(step.needs_isn);
    CHECK(step.sent.empty());
    CHECK(server.tcb == before);
}

TEST_CASE("the words of the vocabulary are told apart by their names", "[policy]") {
    std::set<std::string_view> names;
    const Vocabulary& words = endpoint_vocabulary();
    for (const Term& t : words.predicates) CHECK(names.insert(t.name).second);
    for (const ParameterTerm& t : words.parameters) CHECK(names.insert(t.name).second);
    names.clear();
    for (const ActionTerm& t : words.actions) CHECK(names.insert(t.name).second);
}
