/// Written once and read twice: endpoints and NATs do on Z3's constants what they do on numbers.
#include <catch2/catch.hpp>
#include <set>

#include "tests/solver/both_readings.hpp"
#include "tests/solver/random_actors.hpp"

using namespace halfopen;
using namespace halfopen::testing;

namespace {

void require_same(const EndpointStep<ConcreteReading>& step, const EndpointStep<Z3Reading>& read,
                  const Z3Reading& z) {
    REQUIRE(read.rule == step.rule);
    REQUIRE(read.reason == step.reason);
    REQUIRE(read.event == step.event);
    REQUIRE(read.needs_isn == step.needs_isn);
    REQUIRE(read.sent.size() == step.sent.size());
    for (std::size_t i = 0; i < step.sent.size(); ++i) REQUIRE(flat(read.sent[i], &z) == flat(step.sent[i]));
}

void require_same(const NatStep<ConcreteReading>& step, const NatStep<Z3Reading>& read, const Z3Reading& z) {
    REQUIRE(read.outcome == step.outcome);
    REQUIRE(flat(read.segment, &z) == flat(step.segment));
    REQUIRE(read.rule == step.rule);
    REQUIRE(read.ignored == step.ignored);
    REQUIRE(read.reason == step.reason);
    REQUIRE(read.needs_port == step.needs_port);
    REQUIRE(read.ports == step.ports);
    REQUIRE(read.sent.size() == step.sent.size());
    for (std::size_t i = 0; i < step.sent.size(); ++i) REQUIRE(flat(read.sent[i], &z) == flat(step.sent[i]));
}

/// How much of the policies the samples reach: an agreement about rules that never fire would say little.
class RuleCount {
   public:
    void note(const Rule* rule) {
        if (rule != nullptr) fired_.insert(rule->id);
    }
    /// Of the policy whose rules have been noted since the last one.
    void add(const Policy& policy) {
        total_fired_ += fired_.size();
        for (const Rule& rule : policy.rules) {
            if (is_switched_off(policy, rule)) continue;
            ++all_;
            if (!fired_.contains(rule.id)) UNSCOPED_INFO(policy.name + " never fired " + rule.id);
        }
        fired_.clear();
    }
    double fired_share() const { return static_cast<double>(total_fired_) / static_cast<double>(all_); }

   private:
    /// By a parameter: then the rule is not in the table.
    static bool is_switched_off(const Policy& policy, const Rule& rule) {
        return std::any_of(rule.when.begin(), rule.when.end(), [&](const Condition& c) {
            return c.kind == Condition::Kind::Parameter &&
                   policy.flag(vocabulary(policy.kind).parameters[c.index].name) == c.negated;
        });
    }

    std::set<std::string> fired_;
    std::size_t all_ = 0;
    std::size_t total_fired_ = 0;
};

/// A policy's rules about timestamps are there only where its flag is on.
Endpoint with_timestamps(const PolicyLibrary& library, const std::string& name) {
    Policy policy = library.load(PolicyKind::Endpoint, name);
    policy.set("timestamps", "true");
    if (name == "linux-2.6.24") policy.set("tcp_tw_recycle", "true");
    return Endpoint(std::move(policy));
}

/// One NAT in both readings.
struct BothNats {
    const Nat& nat;
    Z3Reading symbolic;
    ConcreteReading concrete{};
    NatAddresses addresses{0x0a010000, 0xffffff00, nat_ip, {}, {}};
    NatTable<ConcreteReading> table{};
    NatTable<Z3Reading> symbolic_table{};

    void out(const ConcreteSegment& s) {
        const auto step = outbound(concrete, nat, addresses, table, s, {}, std::uint16_t{1024});
        const auto read =
            outbound(symbolic, nat, addresses, symbolic_table, lifted(symbolic, s), {}, std::uint16_t{1024});
        require_same(step, read, symbolic);
    }
    void in(const ConcreteSegment& s) {
        const auto step = inbound(concrete, nat, addresses, table, s);
        require_same(step, inbound(symbolic, nat, addresses, symbolic_table, lifted(symbolic, s)), symbolic);
    }
    void time_out() {
        pass_time(table, never);
        pass_time(symbolic_table, never);
        const auto sent = expire(concrete, nat, table);
        const auto read = expire(symbolic, nat, symbolic_table);
        REQUIRE(table.entries.empty());
        REQUIRE(read.size() == sent.size());
        for (std::size_t i = 0; i < sent.size(); ++i) REQUIRE(flat(read[i], &symbolic) == flat(sent[i]));
    }
    void require_same_table() const {
        REQUIRE(symbolic_table.search_start == table.search_start);
        REQUIRE(symbolic_table.entries.size() == table.entries.size());
        for (std::size_t i = 0; i < table.entries.size(); ++i)
            REQUIRE(flat(symbolic_table.entries[i], &symbolic) == flat(table.entries[i]));
    }
};

}  // namespace

TEST_CASE("every endpoint policy receives the same on numbers and on Z3's constants") {
    z3::context context;
    const auto library = shipped_policies();
    RuleCount rules;
    for (const std::string& name : library.names(PolicyKind::Endpoint)) {
        const Endpoint endpoint = with_timestamps(library, name);
        RandomNumbers random(7);
        for (std::size_t state = 0; state < tcp_state_count; ++state)
            for (const std::uint8_t flags : all_flags)
                for (int sample = 0; sample < 32; ++sample) {
                    CAPTURE(name, to_string(static_cast<TcpState>(state)), flags_to_string(flags), sample);
                    ConcreteReading r;
                    ConcreteTcb tcb = random.tcb(static_cast<TcpState>(state));
                    ConcreteSegment segment = random.segment(client, server, flags, random.near(tcb.rcv_nxt),
                                                             random.near(tcb.snd_nxt));
                    segment.timestamps = random.timestamps_for(tcb.timestamps);
                    std::optional<Number> isn;
                    if (sample % 4 > 0) isn = random.number();

                    Z3Reading z(context);
                    Tcb<Z3Reading> read = lifted(z, tcb);
                    REQUIRE(flat(read, &z) == flat(tcb));
                    std::optional<Z3Reading::Word> read_isn;
                    if (isn) read_isn = z.literal(isn->value);

                    const auto step = receive(r, endpoint, tcb, segment, isn);
                    require_same(step, receive(z, endpoint, read, lifted(z, segment), read_isn), z);
                    REQUIRE(flat(read, &z) == flat(tcb));
                    rules.note(step.rule);
                }
        rules.add(endpoint.policy());
    }
    CHECK(rules.fired_share() > 0.9);
}

TEST_CASE("every timer and call of every endpoint policy does the same in both readings") {
    z3::context context;
    const auto library = shipped_policies();
    for (const std::string& name : library.names(PolicyKind::Endpoint)) {
        const Endpoint endpoint = with_timestamps(library, name);
        RandomNumbers random(8);
        ConcreteReading r;
        Z3Reading z(context);
        for (std::size_t state = 0; state < tcp_state_count; ++state)
            for (std::size_t event = 0; event < tcp_timer_count + 4; ++event) {
                CAPTURE(name, to_string(static_cast<TcpState>(state)), event);
                ConcreteTcb tcb = random.tcb(static_cast<TcpState>(state));
                Tcb<Z3Reading> read = lifted(z, tcb);
                const std::uint32_t isn = random.number().value;
                const auto happen = [&]<class Read>(Read& reading, Tcb<Read>& t) {
                    if (event < tcp_timer_count)
                        return expire(reading, endpoint, t, static_cast<TcpTimer>(event));
                    if (event == tcp_timer_count) return send(reading, endpoint, t, 50);
                    if (event == tcp_timer_count + 1) return close(reading, endpoint, t);
                    if (event == tcp_timer_count + 2) return abort(reading, endpoint, t);
                    return connect(reading, endpoint, t, client, server, reading.literal(isn),
                                   reading.literal(isn + 7));
                };
                const auto step = happen(r, tcb);
                require_same(step, happen(z, read), z);
                REQUIRE(flat(read, &z) == flat(tcb));
            }
        REQUIRE(flat(listening(z, endpoint, server, z.literal(3), z.literal(4)), &z) ==
                flat(listening(r, endpoint, server, r.literal(3), r.literal(4))));
        for (const bool unacknowledged : {false, true})
            REQUIRE(flat(established(z, endpoint, client, server, z.literal(5), z.literal(9), unacknowledged,
                                     z.literal(3), z.literal(4)),
                         &z) == flat(established(r, endpoint, client, server, r.literal(5), r.literal(9),
                                                 unacknowledged, r.literal(3), r.literal(4))));
    }
}

TEST_CASE("every NAT policy judges a segment the same on numbers and on Z3's constants") {
    z3::context context;
    const auto library = shipped_policies();
    RuleCount rules;
    for (const std::string& name : library.names(PolicyKind::Nat)) {
        const Nat nat(library.load(PolicyKind::Nat, name));
        RandomNumbers random(9);
        ConcreteReading r;
        Z3Reading z(context);
        for (std::size_t state = 0; state < track_state_count; ++state)
            for (const std::uint8_t flags : all_flags)
                for (int sample = 0; sample < 32; ++sample) {
                    CAPTURE(name, to_string(static_cast<TrackState>(state)), flags_to_string(flags), sample);
                    const auto direction = static_cast<std::uint8_t>(sample % 2);
                    auto entry = random.entry(static_cast<TrackState>(state));
                    const ConcreteSegment segment = random.segment(entry, direction, flags);
                    auto read = lifted(z, entry);

                    const Tracked tracked = track(r, nat, entry, segment, direction);
                    const Tracked same = track(z, nat, read, lifted(z, segment), direction);
                    REQUIRE(same.rule == tracked.rule);
                    REQUIRE(same.verdict == tracked.verdict);
                    REQUIRE(same.delete_entry == tracked.delete_entry);
                    REQUIRE(flat(read, &z) == flat(entry));
                    rules.note(tracked.rule);
                }
        rules.add(nat.policy());
    }
    CHECK(rules.fired_share() > 0.9);
}

TEST_CASE("every NAT policy handles random sequences the same on numbers and on Z3's constants") {
    z3::context context;
    const auto library = shipped_policies();
    for (const std::string& name : library.names(PolicyKind::Nat))
        for (const bool liberal : {false, true}) {
            Policy policy = library.load(PolicyKind::Nat, name);
            policy.set("nf_conntrack_tcp_be_liberal", liberal ? "true" : "false");
            policy.set("expiry_reset", liberal ? "both" : "nobody");
            const Nat nat(std::move(policy));
            for (std::uint32_t seed = 0; seed < 25; ++seed) {
                RandomNumbers random(seed);
                BothNats both{nat, Z3Reading(context)};
                if (seed % 5 == 0) {
                    const Number c = random.number();
                    const Number s = random.number();
                    const Address outside{nat_ip, client.port};
                    const auto how = seed % 10 == 0 ? Restored::Tracked : Restored::Saved;
                    restore(both.concrete, nat, both.table, client, outside, server, {c, 65'535}, {s, 1000},
                            how);
                    const Z3Reading& z = both.symbolic;
                    restore(both.symbolic, nat, both.symbolic_table, client, outside, server,
                            {z.literal(c.value), z.size(65'535)}, {z.literal(s.value), z.size(1000)}, how);
                }
                for (int i = 0; i < 10; ++i) {
                    CAPTURE(name, liberal, seed, i);
                    // Mostly a connection's beginning, or else the random numbers hardly ever make one.
                    const std::uint8_t flags = i == 0 ? S : random.flags();
                    if (i == 0 || random.coin())
                        both.out(random.segment(client, server, flags));
                    else
                        both.in(random.segment(server, Address{nat_ip, client.port}, flags));
                    both.require_same_table();
                }
                both.time_out();
                both.require_same_table();
            }
        }
}
