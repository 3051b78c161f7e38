/// What lint and diff take for granted of connections and entries is true of those that policies make; and
/// what a predicate is not said to look at does not change it.
#include <catch2/catch.hpp>

#include "solver/nat_formulas.hpp"
#include "spec/nat/entry_invariant.hpp"
#include "spec/nat/predicates.hpp"
#include "spec/tcp/tcb_invariant.hpp"
#include "tests/solver/both_readings.hpp"
#include "tests/solver/random_actors.hpp"

using namespace halfopen;
using namespace halfopen::testing;

TEST_CASE("Whatever meets a connection, its TCB stays one that lint takes to be possible") {
    const PolicyLibrary library = shipped_policies();
    for (const std::string& name : library.names(PolicyKind::Endpoint)) {
        const Endpoint endpoint(library.load(PolicyKind::Endpoint, name));
        ConcreteReading r;
        std::set<TcpState> visited;
        for (std::uint32_t seed = 0; seed < 300; ++seed) {
            RandomNumbers random(seed);
            ConcreteTcb tcb;
            if (seed % 3 == 0) tcb = listening(r, endpoint, server);
            if (seed % 3 == 1) connect(r, endpoint, tcb, server, client, random.number());
            // Each draw in a statement of its own: the order of arguments is the compiler's.
            if (seed % 3 == 2) {
                const bool unacknowledged_data = random.coin();
                const auto rcv_nxt = random.number();
                const auto snd_nxt = random.number();
                tcb = established(r, endpoint, server, client, snd_nxt, rcv_nxt, unacknowledged_data);
            }
            for (int step = 0; step < 12 && tcb.state != TcpState::Closed; ++step) {
                const std::uint32_t event = random.below(10);
                if (event == 0) close(r, endpoint, tcb);
                if (event == 1) send(r, endpoint, tcb, 50);
                if (event == 2 && next_expiry(tcb) != timer_off) {
                    for (std::size_t t = 0; t < tcp_timer_count; ++t)
                        if (tcb.timers[t] != timer_off) {
                            expire(r, endpoint, tcb, static_cast<TcpTimer>(t));
                            break;
                        }
                }
                if (event > 2) {
                    const auto ack = random.coin() ? tcb.snd_nxt : random.near(tcb.snd_nxt);
                    const auto seq = random.near(tcb.rcv_nxt);
                    const auto flags = random.flags();
                    ConcreteSegment segment = random.segment(client, server, flags, seq, ack);
                    if (random.coin()) segment.seq = tcb.rcv_nxt;
                    receive(r, endpoint, tcb, segment, std::optional(random.number()));
                }
                visited.insert(tcb.state);
                INFO(name << " seed " << seed << " step " << step << " " << to_string(tcb.state));
                INFO("snd_una " << tcb.snd_una.value << " snd_nxt " << tcb.snd_nxt.value << " rcv_nxt "
                                << tcb.rcv_nxt.value << " last_ack_sent " << tcb.last_ack_sent.value
                                << " rcv_wnd " << tcb.rcv_wnd << " max_snd_wnd " << tcb.max_snd_wnd);
                REQUIRE(possible_flags(tcb));
                REQUIRE(possible_numbers(r, tcb));
            }
        }
        INFO(name);
        CHECK(visited.size() == tcp_state_count);
    }
}

TEST_CASE("Whatever a NAT sees, its entries stay ones that lint takes to be possible") {
    const PolicyLibrary library = shipped_policies();
    for (const std::string& name : library.names(PolicyKind::Nat)) {
        const Nat nat(library.load(PolicyKind::Nat, name));
        const EntryMarks marks = marks_of(nat);
        ConcreteReading r;
        for (std::uint32_t seed = 0; seed < 200; ++seed) {
            RandomNumbers random(seed);
            ConntrackEntry<ConcreteReading> entry = new_entry(r, client, Address{nat_ip, 903}, server);
            REQUIRE(possible_flags(marks, entry));
            REQUIRE(possible_numbers(r, entry));
            for (int step = 0; step < 15; ++step) {
                const bool first = entry.state == TrackState::None;
                const std::uint8_t direction =
                    first && random.below(4) > 0 ? original : static_cast<std::uint8_t>(random.below(2));
                const std::uint8_t flags = first && random.coin() ? flag::syn : random.flags();
                const ConcreteSegment segment = random.segment(entry, direction, flags);
                ConntrackEntry<ConcreteReading> next = entry;
                const Tracked tracked = track(r, nat, next, segment, direction);
                // No entry is made by a segment that is not accepted.
                if (tracked.delete_entry || (first && tracked.verdict != TrackVerdict::Accept)) continue;
                entry = next;
                INFO(name << " seed " << seed << " step " << step << " " << to_string(entry.state));
                REQUIRE(possible_flags(marks, entry));
                REQUIRE(possible_numbers(r, entry));
            }
        }
    }
}

TEST_CASE("No predicate of a NAT depends on a mark that it is not said to look at") {
    z3::context context;
    const PolicyLibrary library = shipped_policies();
    for (const std::string& name : library.names(PolicyKind::Nat)) {
        const Nat nat(library.load(PolicyKind::Nat, name));
        const Z3Reading r(context);
        RandomNumbers random(11);
        for (std::size_t p = 0; p < nat_predicate_count; ++p)
            for (int sample = 0; sample < 40; ++sample) {
                const auto asked = static_cast<NatPredicate>(p);
                const auto direction = static_cast<std::uint8_t>(random.below(2));
                const auto state = static_cast<TrackState>(random.below(track_state_count));
                const auto example = random.entry(state);
                const auto segment = lifted(r, random.segment(example, direction, random.flags()));
                const auto answer = [&](ConntrackEntry<Z3Reading> entry) {
                    Z3Reading reading(context);
                    TrackContext<Z3Reading> c{nat.settings(), entry, segment, direction};
                    return holds(reading, asked, c).simplify().is_true();
                };
                const auto entry = lifted(r, example);
                const auto marks = entry_marks();
                for (std::size_t m = 0; m < marks.size(); ++m) {
                    if (((marks_read(nat.settings(), asked, direction) >> m) & 1U) != 0) continue;
                    ConntrackEntry<Z3Reading> other = entry;
                    marks[m].set(other, random.below(marks[m].values));
                    INFO(name << ": " << nat_vocabulary().predicates[p].name << " and " << marks[m].name);
                    REQUIRE(answer(entry) == answer(other));
                }
            }
    }
}
