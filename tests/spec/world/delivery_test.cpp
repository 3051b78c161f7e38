// What happens to a segment on its way.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "tests/spec/world/small_scenario.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

bool is_private(const Address& address) { return address.ip >> 24U == 10; }

std::size_t in_flight(const World& world) {
    std::size_t count = 0;
    for (const auto& link : world.links) count += link.size();
    return count;
}

}  // namespace

TEST_CASE("A segment that leaks is tagged, keeps its private source, and reaches nobody") {
    const Explored explored(small(endless));
    std::size_t leaks = 0;
    for (const Edge& edge : explored.edges) {
        const bool leaked = edge.step.outcome == NatOutcome::Leaked;
        CHECK(leaked == ((edge.step.tag_bits & tag::leak) != 0));
        if (leaked) {
            ++leaks;
            REQUIRE(edge.step.sent.size() == 1);
            CHECK(edge.step.sent[0].link == no_link);
            CHECK(is_private(edge.step.sent[0].segment.source));
            CHECK(edge.step.sent[0].segment == *edge.step.segment);
            CHECK(in_flight(edge.to) == in_flight(edge.from) - 1);
        }
        if (edge.step.kind == Step::Kind::Deliver && edge.step.node.kind == NodeRef::Kind::Server)
            CHECK_FALSE(is_private(edge.step.segment->source));
    }
    CHECK(leaks > 0);
}

TEST_CASE("Where INVALID is dropped nothing leaks, and it is dropped where it leaked before") {
    const Explored explored(small({{"client.syn_never_gives_up", "true"}, {"nat.invalid", "dropped"}}));
    std::size_t drops = 0;
    for (const Edge& edge : explored.edges) {
        CHECK((edge.step.tag_bits & tag::leak) == 0);
        if (edge.step.outcome == NatOutcome::DroppedInvalid) ++drops;
    }
    CHECK(drops > 0);
}

TEST_CASE("A NAT that is down drops whatever reaches it, and learns nothing from it") {
    const Explored explored(small({{"client.syn_never_gives_up", "true"}, {"client.reconnect_at", "0s"}}));
    std::size_t drops = 0;
    for (const Edge& edge : explored.edges) {
        const bool at_nat =
            edge.step.kind == Step::Kind::Deliver && edge.step.node.kind == NodeRef::Kind::Nat;
        if (!at_nat) continue;
        const bool down = edge.from.nats[0].down != timer_off;
        CHECK(edge.step.nat_is_down == down);
        if (!down) continue;
        ++drops;
        CHECK(edge.step.outcome == NatOutcome::Dropped);
        CHECK(edge.step.sent.empty());
        CHECK(edge.to.nats == edge.from.nats);
    }
    CHECK(drops > 0);
}

TEST_CASE("A link is first in, first out") {
    const Explored explored(small_pair({{"client.syn_never_gives_up", "true"},
                                        {"network.order", "any"},
                                        {"network.outside_delay", "400ms"}}));
    std::size_t waiting = 0;
    for (const Edge& edge : explored.edges) {
        for (std::size_t link = 0; link < edge.from.links.size(); ++link) {
            const auto& before = edge.from.links[link];
            const auto& after = edge.to.links[link];
            const bool arrives = edge.step.kind == Step::Kind::Deliver && edge.step.link == link;
            if (before.size() > 1) ++waiting;
            if (arrives) {
                REQUIRE_FALSE(before.empty());
                CHECK(before.front().delay == 0);
                CHECK(before.front().segment.flags == edge.step.segment->flags);
                CHECK(before.front().segment.source == edge.step.segment->source);
            }
            const std::size_t gone = arrives ? 1 : 0;
            REQUIRE(after.size() >= before.size() - gone);
            for (std::size_t i = gone; i < before.size(); ++i) {
                CHECK(after[i - gone].segment.flags == before[i].segment.flags);
                CHECK(after[i - gone].segment.source == before[i].segment.source);
            }
            for (std::size_t i = 1; i < after.size(); ++i) CHECK(after[i - 1].delay <= after[i].delay);
        }
    }
    CHECK(waiting > 0);
}

TEST_CASE("So many segments may be lost as the scenario says, and then no more") {
    const auto losses_in = [](const char* budget) {
        const Explored explored(small({{"client.syn_never_gives_up", "true"}, {"network.loss", budget}}));
        std::size_t losses = 0;
        for (const Edge& edge : explored.edges) {
            if (edge.step.kind == Step::Kind::Lose) {
                ++losses;
                CHECK(edge.from.losses_left > 0);
                CHECK(edge.to.losses_left == edge.from.losses_left - 1);
                CHECK(in_flight(edge.to) == in_flight(edge.from) - 1);
            } else {
                CHECK(edge.to.losses_left == edge.from.losses_left);
            }
        }
        return losses;
    };
    CHECK(losses_in("0") == 0);
    const std::size_t one = losses_in("1");
    CHECK(one > 0);
    CHECK(losses_in("2") > one);
}

TEST_CASE("A segment that is duplicated arrives twice") {
    const Explored explored(small({{"client.syn_never_gives_up", "true"}, {"network.duplication", "1"}}));
    std::size_t duplicates = 0;
    for (const Edge& edge : explored.edges) {
        if (edge.step.kind != Step::Kind::Duplicate) continue;
        ++duplicates;
        CHECK(edge.from.duplications_left == 1);
        CHECK(edge.to.duplications_left == 0);
        const auto& queue = edge.to.links[edge.step.link];
        REQUIRE(queue.size() == edge.from.links[edge.step.link].size() + 1);
        CHECK(queue[0] == queue[1]);
    }
    CHECK(duplicates > 0);
}

TEST_CASE("A host takes only what is addressed to it; a stranger's segment meets the NAT host's own TCP") {
    const Explored explored(small(
        {{"client.syn_never_gives_up", "true"}, {"server.data", "unacknowledged"}, {"fault.down", "1s"}}));
    std::size_t answered = 0;
    for (const Edge& edge : explored.edges) {
        if (edge.step.kind == Step::Kind::Deliver && edge.step.node.kind == NodeRef::Kind::Client)
            CHECK(edge.step.segment->destination.ip == 0x0A01'0001);
        if (edge.step.outcome != NatOutcome::ToHost) continue;
        CHECK(edge.step.segment->destination.ip == 0x0102'0304);
        for (const Emission& emission : edge.step.sent) {
            ++answered;
            CHECK(emission.segment.has(flag::rst));
            CHECK(edge.step.host_rule != nullptr);
        }
    }
    CHECK(answered > 0);
}

TEST_CASE("An answer to an address that two NATs share goes to the one that has an entry, or to the last") {
    Scenario scenario = read_scenario(HALFOPEN_SOURCE_DIR "/spec/scenarios/tuple-collapse.toml");
    apply_setting(scenario, "second.reconnect_at", "30s");
    const Explored explored(scenario);
    std::set<std::string> doors;
    for (const Edge& edge : explored.edges) {
        if (edge.step.node.kind != NodeRef::Kind::Server) continue;
        for (const auto& sent : edge.step.sent) {
            const NodeRef door = explored.model.links()[sent.link].to;
            doors.insert(explored.model.name(door));
            const auto knows = [&](std::size_t nat) {
                const auto& entries = edge.to.nats[nat].table.entries;
                return std::any_of(entries.begin(), entries.end(), [&](const auto& entry) {
                    return entry.outside == sent.segment.destination &&
                           entry.destination == sent.segment.source;
                });
            };
            const std::size_t expected = knows(1) || !knows(0) ? 1 : 0;
            CHECK(door.index == expected);
        }
    }
    CHECK(doors == std::set<std::string>{"zoneA", "zoneB"});
}
