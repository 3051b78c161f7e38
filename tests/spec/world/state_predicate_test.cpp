// Conditions of a scenario file: what they say of a world, and what is wrong with those that are none.
#include <algorithm>
#include <catch2/catch.hpp>

#include "spec/world/property_spec.hpp"
#include "tests/spec/world/small_scenario.hpp"

using namespace halfopen;
using namespace halfopen::test;
using Catch::Contains;
using Catch::EndsWith;
using Catch::StartsWith;

namespace {

std::string condition_error(const std::string& condition) {
    try {
        StatePredicate::parse(condition, small(), Place{"s.toml", 40, 9});
    } catch (const InputError& error) {
        return error.what();
    }
    return "no error";
}

/// The worlds of the small scenario with an endless connect() that satisfy a condition.
class Worlds {
   public:
    std::size_t operator()(const std::string& condition) const {
        const auto parsed = StatePredicate::parse(condition, explored_.model.scenario(), {});
        return static_cast<std::size_t>(
            std::count_if(explored_.worlds.begin(), explored_.worlds.end(),
                          [&](const World& world) { return parsed.holds(explored_.model, world); }));
    }
    std::size_t all() const { return explored_.worlds.size(); }
    std::size_t where(bool (*condition)(const World&)) const {
        return static_cast<std::size_t>(
            std::count_if(explored_.worlds.begin(), explored_.worlds.end(), condition));
    }

   private:
    Explored explored_{small(endless)};
};

}  // namespace

TEST_CASE("A condition asks for the states of clients, of servers' connections and of entries") {
    const Worlds worlds;
    CHECK(worlds("alice.state = SYN_SENT") ==
          worlds.where([](const World& w) { return w.clients[0].tcb.state == TcpState::SynSent; }));
    CHECK(worlds("box.down") == worlds.where([](const World& w) { return w.nats[0].down != timer_off; }));
    CHECK(worlds("box.entry(903) = none") ==
          worlds.where([](const World& w) { return w.nats[0].table.entries.empty(); }));
    CHECK(worlds("box.entry(alice) = SYN_SENT") == worlds.where([](const World& w) {
        return !w.nats[0].table.entries.empty() && w.nats[0].table.entries[0].state == TrackState::SynSent;
    }));
    CHECK(worlds("files.state(903) = none") ==
          worlds.where([](const World& w) { return w.servers[0].connections.empty(); }));
    CHECK(worlds("alice.recovered") > 0);
    CHECK(worlds("alice.recovered") == worlds("alice.recovered and alice.reconnecting"));
    // What the server has for the client is found through the mapping, so not while there is none.
    CHECK(worlds("files.state(alice) = ESTABLISHED") ==
          worlds("files.state(903) = ESTABLISHED and box.entry(alice) != none"));
}

TEST_CASE("A condition asks for segments on their way") {
    const Worlds worlds;
    CHECK(worlds("link(alice, box)") == worlds.where([](const World& w) { return !w.links[0].empty(); }));
    const std::size_t resets = worlds("link(alice, box) = RST");
    CHECK(resets > 0);
    CHECK(worlds("link(alice, box) = SYN") > 0);
    CHECK(worlds("link(alice, box)") >= resets + worlds("link(alice, box) = SYN"));
    CHECK(worlds("link(files, box) = SYN") == 0);
}

TEST_CASE("and binds closer than or, not closer than both, and parentheses closest") {
    const Worlds worlds;
    const std::size_t down = worlds("box.down");
    REQUIRE(down > 0);
    REQUIRE(down < worlds.all());
    CHECK(worlds("not box.down") == worlds.all() - down);
    CHECK(worlds("box.down or not box.down") == worlds.all());
    CHECK(worlds("not box.down or box.down") == worlds.all());
    CHECK(worlds("not (box.down or not box.down)") == 0);
    CHECK(worlds("box.down or box.down and not box.down") == down);
    CHECK(worlds("(box.down or box.down) and not box.down") == 0);
    CHECK(worlds("not not box.down") == down);
    CHECK(worlds("alice.state != SYN_SENT") == worlds.all() - worlds("alice.state = SYN_SENT"));
    CHECK(worlds("'alice'.state=SYN_SENT") == worlds("\n alice . state = SYN_SENT "));
}

TEST_CASE("What is no condition is said at its place, in one line, with what would be right") {
    CHECK(condition_error("alice.recovered") == "no error");
    CHECK(condition_error("") ==
          "s.toml:40:9: expected a condition such as clientA.state = ESTABLISHED, not the end of "
          "the condition");
    CHECK(condition_error("alicf.recovered") ==
          "s.toml:40:9: unknown node \"alicf\"; did you mean \"alice\"? (allowed: "
          "alice, box, files, link)");
    CHECK_THAT(condition_error("alice.state = ESTABLISHD"), Contains("did you mean \"ESTABLISHED\"?"));
    CHECK_THAT(condition_error("alice.recoverd"), Contains("did you mean \"recovered\"?"));
    CHECK_THAT(condition_error("alice.state"),
               EndsWith("expected \"=\" or \"!=\", not the end of the condition"));
    CHECK_THAT(condition_error("alice.state < SYN_SENT"),
               EndsWith("expected \"=\" or \"!=\", not \"<\" (character 13)"));
    CHECK_THAT(condition_error("alice.state = none"), Contains("unknown state \"none\""));
    CHECK_THAT(condition_error("box.entry(904x) = none"),
               Contains("unknown client or outside port \"904x\""));
    CHECK_THAT(condition_error("box.entry(65536) = none"), Contains("unknown client or outside port"));
    CHECK_THAT(condition_error("box.entry(0) = none"), Contains("unknown client or outside port"));
    CHECK_THAT(condition_error("(box.down"), EndsWith("expected \")\", not the end of the condition"));
    CHECK_THAT(condition_error("box.down box.down"),
               Contains("expected \"and\", \"or\" or the end, not \"box\""));
    CHECK_THAT(condition_error("link(alice, files)"), Contains("have to be neighbours"));
    CHECK_THAT(condition_error("link(alice, box) = RESET"), Contains("unknown kind of segment \"RESET\""));
    CHECK_THAT(condition_error("'alice"), Contains("expected a name between single quotes"));
    CHECK_THAT(condition_error("\x01"), Contains("\\x01"));
    std::string nested(1000, '(');
    CHECK_THAT(condition_error(nested), Contains("has more than 64 levels"));
    CHECK_THAT(condition_error(std::string(5000, 'a')), Contains("is longer than 4096 characters"));
}

TEST_CASE("A scenario's own properties") {
    const auto with = [](const std::string& lines) {
        const std::string text = small_text + "[[property]]\n" + lines;
        return parse_properties(text, parse_scenario(text, "s.toml"));
    };
    const auto error = [&](const std::string& lines) -> std::string {
        try {
            with(lines);
        } catch (const InputError& e) {
            return e.what();
        }
        return "no error";
    };
    const std::vector<PropertySpec> properties = with(
        "name = \"never-down\"\ntitle = \"t\"\nnever = \"box.down\"\n[[property]]\nname = \"back\"\n"
        "always_possible = \"alice.recovered\"\n");
    REQUIRE(properties.size() == 2);
    CHECK(properties[0].kind == PropertySpec::Kind::Never);
    CHECK(properties[1].kind == PropertySpec::Kind::AlwaysPossible);
    CHECK(describe(properties[1]) == "always possible: alice.recovered");
    CHECK_THAT(error("name = \"leak\"\nnever = \"box.down\"\n"),
               Contains("the name \"leak\" is another property's"));
    CHECK_THAT(error("name = \"a\"\n"), EndsWith("a property has either \"never\" or \"always_possible\""));
    CHECK_THAT(error("name = \"a\"\nnever = \"box.down\"\nalways_possible = \"box.down\"\n"),
               EndsWith("a property has either \"never\" or \"always_possible\""));
    CHECK_THAT(error("name = \"a\"\nnever = \"bix.down\"\n"),
               StartsWith("s.toml:34:9: unknown node \"bix\""));
    CHECK_THAT(error("name = \"a\"\nnevr = \"box.down\"\n"), Contains("did you mean \"never\"?"));
}

TEST_CASE("A condition goes on meaning the same where not all clients take part") {
    const Scenario both = small_pair(endless);
    Settings alone = endless;
    alone.emplace_back("scenario.clients", "1");
    const Explored explored(small_pair(alone));
    const auto count = [&](const std::string& condition) {
        const auto parsed = StatePredicate::parse(condition, both, {});
        return std::count_if(explored.worlds.begin(), explored.worlds.end(),
                             [&](const World& world) { return parsed.holds(explored.model, world); });
    };
    CHECK(count("link(alice, box) = RST") > 0);
    CHECK(count("link(box, files) = SYN") > 0);
    CHECK(count("link(bob, box)") == 0);
    CHECK(count("bob.state = CLOSED or bob.recovered or bob.reconnecting") == 0);
    CHECK(count("box.entry(bob) = none") == static_cast<std::ptrdiff_t>(explored.worlds.size()));
}
