// What is left of a connection when a scenario begins: server_state, entry, kept connections, idle time.
#include <catch2/catch.hpp>

#include "spec/world/recovery.hpp"
#include "tests/spec/world/small_scenario.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

using Kind = Step::Kind;

World beginning(const Settings& settings) {
    const Model model(small(settings), library());
    WorldSystem system(model, {}, {});
    World first;
    system.initial([&](const World& world) { first = world; });
    return first;
}

const ConcreteTcb& server_side(const World& world) { return world.servers.front().connections.front(); }

bool reached(const Explored& explored, std::uint32_t mark) {
    return std::any_of(explored.worlds.begin(), explored.worlds.end(), [&](const World& world) {
        return (recovery_marks(explored.model, world) & mark) != 0;
    });
}

bool happens(const Explored& explored, Kind kind) {
    return std::any_of(explored.edges.begin(), explored.edges.end(),
                       [&](const Edge& edge) { return edge.step.kind == kind; });
}

const Settings kept_behind_working_nat{{"client.old_connection", "kept"},
                                       {"fault.table", "kept"},
                                       {"fault.down", "0s"},
                                       {"client.reconnect_at", "0s"}};

}  // namespace

TEST_CASE("The server's side may be in any state, with what that state has outstanding") {
    const World closing = beginning({{"client.server_state", "LAST_ACK"}});
    CHECK(server_side(closing).state == TcpState::LastAck);
    CHECK(server_side(closing).snd_nxt.value == 1'700'000'000);
    CHECK(server_side(closing).snd_una.value == 1'699'999'999);  // its FIN
    CHECK(server_side(closing).orphan);
    CHECK(server_side(closing).timer(TcpTimer::Retransmit) != timer_off);

    const World opening = beginning({{"client.server_state", "SYN_RCVD"}});
    CHECK(server_side(opening).iss.value == 1'699'999'999);  // its SYN-ACK
    CHECK(server_side(opening).irs.value == 999'999'999);
    CHECK(server_side(opening).timer(TcpTimer::Retransmit) != timer_off);

    const World half_closed = beginning({{"client.server_state", "FIN_WAIT_2"}});
    CHECK_FALSE(server_side(half_closed).orphan);
    CHECK(server_side(half_closed).timer(TcpTimer::TimeWait) == timer_off);

    const World waiting = beginning({{"client.server_state", "TIME_WAIT"}});
    CHECK(server_side(waiting).timer(TcpTimer::TimeWait) != timer_off);

    CHECK(beginning({{"client.server_state", "none"}}).servers.front().connections.empty());
}

TEST_CASE("The server's numbers may disagree with the client's") {
    const World world = beginning({{"client.server_rcv_nxt", "5"}, {"client.server_snd_nxt", "7"}});
    CHECK(server_side(world).rcv_nxt.value == 5);
    CHECK(server_side(world).snd_nxt.value == 7);
    CHECK(world.clients.front().tcb.snd_nxt.value == 1'000'000'000);
}

TEST_CASE("The NAT's entry may be in another state, at another address, or missing") {
    CHECK(beginning({{"client.entry", "none"}}).nats.front().table.entries.empty());

    const World sent = beginning({{"client.entry", "SYN_SENT"}, {"client.entry_address", "192.0.2.1"}});
    const auto& entry = sent.nats.front().table.entries.front();
    CHECK(entry.state == TrackState::SynSent);
    CHECK(entry.timeout == 120'000);
    CHECK_FALSE(entry.seen_reply);
    CHECK_FALSE(entry.assured);
    CHECK(entry.peers[reply].td_maxwin == 0);
    CHECK(ip_to_string(entry.outside.ip) == "192.0.2.1");

    const World received = beginning({{"client.entry", "SYN_RECV"}});
    const auto& answered = received.nats.front().table.entries.front();
    CHECK(answered.state == TrackState::SynRecv);
    CHECK(answered.seen_reply);
    CHECK(answered.last_class == SegmentClass::SynAck);
    CHECK(answered.last_seq.value == 1'699'999'999);
}

TEST_CASE("A kept connection with a live path has recovered as soon as the fault is over") {
    const Explored explored(small(kept_behind_working_nat));
    CHECK(explored.worlds.front().fault_pending);
    CHECK_FALSE(has_recovered(explored.model, explored.worlds.front(), 0));
    CHECK(has_recovered(explored.model, explored.worlds.at(1), 0));
    CHECK_FALSE(happens(explored, Kind::Write));
}

TEST_CASE("A kept connection without a path is of no use until somebody sends") {
    const Settings forgotten =
        with(kept_behind_working_nat,
             {{"client.entry", "none"}, {"nat.policy", "gcp-cloud-nat"}, {"server.idle_close", "0"}});
    Scenario silent = small(forgotten);
    silent.clients.front().reconnect_at.clear();
    CHECK_FALSE(reached(Explored(silent), 1U));

    const Explored writes(small(with(forgotten, {{"client.syn_never_gives_up", "true"},
                                                 {"client.port_choice", "next"},
                                                 {"client.data_retransmit", "1s,2s"}})));
    CHECK(happens(writes, Kind::Write));
    CHECK(happens(writes, Kind::Connect));
    CHECK(reached(writes, 1U));
}

TEST_CASE("Data that has not been acknowledged is no recovery") {
    const Explored explored(small(with(kept_behind_working_nat, {{"client.entry", "none"}})));
    REQUIRE(happens(explored, Kind::Write));
    bool waits = false;
    for (const World& world : explored.worlds) {
        if (world.clients.front().tcb.unacked_data == 0) continue;
        waits = true;
        CHECK_FALSE(has_recovered(explored.model, world, 0));
    }
    CHECK(waits);
}

TEST_CASE("Before the fault the silence lasts as long as it is told to, and entries expire in it") {
    const Settings hour =
        with(kept_behind_working_nat, {{"fault.idle", "1h"}, {"nat.policy", "aws-nat-gateway"}});
    const Explored explored(small(hour));
    std::uint64_t silence = 0;
    for (const Edge& edge : explored.edges) {
        if (edge.from.fault_pending) {
            silence += edge.step.elapsed;
            CHECK_FALSE(edge.step.counts);
            CHECK(edge.step.kind != Kind::Write);
        }
        if (edge.step.kind == Kind::Fault) CHECK(edge.from.nats.front().table.entries.empty());
    }
    CHECK(silence == 3'600'000);
    CHECK(happens(explored, Kind::EntryExpires));

    const Explored alive(small(with(hour, {{"client.keepalive", "true"}, {"client.keepalive_idle", "60s"}})));
    CHECK_FALSE(happens(alive, Kind::EntryExpires));
    CHECK_FALSE(happens(alive, Kind::Write));
}

TEST_CASE("What cannot be is refused where it is said") {
    const auto refused = [](const Settings& settings, const std::string& text) {
        CHECK_THROWS_WITH(validate(small(settings)), Catch::Matchers::Contains(text));
    };
    refused({{"client.server_state", "SYN_SENT"}}, "unknown value \"SYN_SENT\"");
    refused({{"client.entry", "SYN_SENT2"}}, "unknown value \"SYN_SENT2\"");
    refused({{"client.old_connection", "none"}, {"client.entry", "none"}}, "has no old connection");
    refused({{"client.old_connection", "kept"}, {"client.session", "1s"}}, "keeps its connection");
}

TEST_CASE("An entry is in no state that a NAT on the way never enters") {
    const auto complaint = [](const Settings& settings) -> std::string {
        try {
            const Model model(small(settings), library());
        } catch (const InputError& error) {
            return error.what();
        }
        return "";
    };
    CHECK(complaint({{"nat.policy", "vignat"}, {"client.entry", "SYN_RECV"}}) ==
          "no rule of vignat enters SYN_RECV; its states are NONE, ESTABLISHED");
    CHECK_THAT(complaint({{"nat.policy", "pf"}, {"client.entry", "CLOSE_WAIT"}}),
               Catch::Matchers::Contains("no rule of pf enters CLOSE_WAIT"));
    for (const char* entry : {"none", "ESTABLISHED"})
        CHECK(complaint({{"nat.policy", "vignat"}, {"client.entry", entry}}).empty());
    CHECK(complaint({{"client.entry", "CLOSE_WAIT"}}).empty());
}
