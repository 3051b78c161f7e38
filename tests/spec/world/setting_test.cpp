// --set GROUP.KEY=VALUE: what it reaches, and what it refuses.
#include "spec/world/setting.hpp"

#include <catch2/catch.hpp>

#include "tests/spec/world/small_scenario.hpp"

using namespace halfopen;
using namespace halfopen::test;
using Catch::Contains;

namespace {

std::string setting_error(const std::string& key, const std::string& value) {
    Scenario scenario = small_pair();
    try {
        apply_setting(scenario, key, value, {"--set", 0, 0});
        const Model model(scenario, library());
    } catch (const InputError& e) {
        return e.what();
    }
    return "no error";
}

}  // namespace

TEST_CASE("A kind sets all its nodes, a name one of them") {
    Scenario scenario = small_pair();
    apply_setting(scenario, "client.port", "800");
    CHECK(scenario.clients[0].port == 800);
    CHECK(scenario.clients[1].port == 800);
    apply_setting(scenario, "bob.port", "801");
    CHECK(scenario.clients[0].port == 800);
    CHECK(scenario.clients[1].port == 801);
}

TEST_CASE("The later setting wins") {
    Scenario scenario = small();
    apply_setting(scenario, "nat.policy", "linux-3.6");
    apply_setting(scenario, "box.policy", "linux-5.10");
    CHECK(scenario.nats[0].policy == "linux-5.10");
    apply_setting(scenario, "alice.keepalive_idle", "1h");
    apply_setting(scenario, "client.keepalive_idle", "30min");
    const Model model(scenario, library());
    CHECK(model.clients()[0].endpoint.policy().number("keepalive_idle") == 1'800'000);
}

TEST_CASE("Values are written as in the file, lists with commas") {
    Scenario scenario = small();
    apply_setting(scenario, "client.reconnect_at", "1s, 2min,3h");
    CHECK(scenario.clients[0].reconnect_at == std::vector<std::int64_t>{1'000, 120'000, 10'800'000});
    apply_setting(scenario, "nat.busy_ports", "600,601");
    CHECK(scenario.nats[0].busy_ports == std::vector<std::uint16_t>{600, 601});
    apply_setting(scenario, "nat.busy_ports", "");
    CHECK(scenario.nats[0].busy_ports.empty());
    apply_setting(scenario, "network.inside_delay", "5");
    CHECK(scenario.network.inside_delay == 5);
    apply_setting(scenario, "fault.table", "restored");
    CHECK(scenario.fault.table == FaultSpec::Table::Restored);
    apply_setting(scenario, "server.data", "unacknowledged");
    CHECK(scenario.servers[0].data == ServerSpec::Data::Unacknowledged);
}

TEST_CASE("A parameter of a policy is a setting of the nodes that have it") {
    Scenario scenario = small();
    apply_setting(scenario, "nat.nf_conntrack_tcp_be_liberal", "on");
    apply_setting(scenario, "server.insecure_syn", "true");
    const Model model(scenario, library());
    CHECK(model.nats()[0].nat.policy().flag("nf_conntrack_tcp_be_liberal"));
    CHECK(model.servers()[0].endpoint.policy().flag("insecure_syn"));
    CHECK_FALSE(model.clients()[0].endpoint.policy().flag("insecure_syn"));
}

TEST_CASE("scenario.clients leaves out the last ones") {
    Scenario scenario = small_pair({{"scenario.clients", "1"}});
    const Model model(scenario, library());
    REQUIRE(model.clients().size() == 1);
    CHECK(model.clients()[0].spec.name == "alice");
    CHECK_THAT(setting_error("scenario.clients", "3"), Contains("\"3\" is not a whole number from 1 to 2"));
    CHECK_THAT(setting_error("scenario.clients", "0"), Contains("from 1 to 2"));
    CHECK_THAT(setting_error("scenario.client", "1"), Contains("did you mean \"clients\"?"));
}

TEST_CASE("What --set refuses, it refuses in its own name") {
    for (const char* key : {"", ".", "policy", ".policy", "nat."})
        CHECK_THAT(setting_error(key, "x"), Catch::StartsWith("--set: ") && Contains("GROUP.KEY"));
    CHECK_THAT(setting_error("nut.policy", "x"), Contains("unknown group \"nut\"; did you mean \"nat\"?"));
    CHECK_THAT(setting_error("alise.port", "1"), Contains("did you mean \"alice\"?"));
    CHECK_THAT(setting_error("nat.polici", "x"), Contains("did you mean \"policy\"?"));
    CHECK_THAT(setting_error("client.outside", "x"), Contains("unknown key \"outside\""));
    CHECK_THAT(setting_error("network.order", "kep"), Contains("did you mean \"kept\"?"));
    CHECK_THAT(setting_error("network.loss", ""), Contains("\"\" is not a whole number from 0 to 8"));
    CHECK_THAT(setting_error("network.loss", "1 "), Contains("\"1 \" is not a whole number"));
    CHECK_THAT(setting_error("network.loss", "99999999999999999999"), Contains("from 0 to 8"));
    CHECK_THAT(setting_error("server.insecure_syn", "maybe"), Contains("--set") && Contains("maybe"));
    CHECK_THAT(setting_error("server.keepalive_idle", "soon"), Contains("--set") && Contains("soon"));
    CHECK_THAT(setting_error("server.policy", "linux-2.6.18"),
               Catch::StartsWith("--set: unknown policy \"linux-2.6.18\""));
    CHECK_THAT(setting_error("client.server", "file"), Catch::StartsWith("--set: unknown server \"file\""));
    CHECK_THAT(setting_error("client.port", "903,904"), Contains("\"903,904\" is not a whole number"));
}

TEST_CASE("Durations are whole milliseconds up to 30 days") {
    const Place here{"here", 0, 0};
    CHECK(parse_duration("0", here) == 0);
    CHECK(parse_duration("250", here) == 250);
    CHECK(parse_duration("250ms", here) == 250);
    CHECK(parse_duration("3 s", here) == 3'000);
    CHECK(parse_duration("6min", here) == 360'000);
    CHECK(parse_duration("720h", here) == 2'592'000'000);
    CHECK(parse_duration("5d", here) == 432'000'000);
    CHECK(parse_duration("30d", here) == 2'592'000'000);
    for (const char* text : {"", "s", "-1s", "1.5s", "1m", "721h", "31d", "106751991168d", "2592000001",
                             "1s ", "1e3", "99999999999999999999"})
        CHECK_THROWS_WITH(parse_duration(text, here),
                          Catch::StartsWith("here: ") && Contains("is not a duration"));
}

TEST_CASE("A variant is its settings, one after the other; a wrong one is reported where it stands") {
    const std::string variant =
        "[[variant]]\nname = \"v\"\ntitle = \"V\"\nset = { \"nat.policy\" = \"linux-3.6\", "
        "\"network.loss\" = 2 }\n";
    Scenario scenario = small({}, small_text + variant);
    REQUIRE(scenario.variants.size() == 1);
    apply_variant(scenario, VariantSpec(scenario.variants[0]));
    CHECK(scenario.nats[0].policy == "linux-3.6");
    CHECK(scenario.network.loss == 2);
    Scenario wrong = small({}, small_text + replaced(variant, "= 2", "= 9"));
    CHECK_THROWS_WITH(apply_variant(wrong, VariantSpec(wrong.variants[0])), Catch::StartsWith("s.toml:35:"));
}

TEST_CASE("A wrong setting of a variant is reported at its key, a wrong value at the value") {
    const auto error_with = [](const std::string& setting) -> std::string {
        Scenario scenario = small(
            {}, small_text + "[[variant]]\nname = \"v\"\ntitle = \"V\"\n[variant.set]\n" + setting + "\n");
        try {
            apply_variant(scenario, VariantSpec(scenario.variants[0]));
            const Model model(scenario, library());
        } catch (const InputError& error) {
            return error.what();
        }
        return "no error";
    };
    using Catch::StartsWith;
    CHECK_THAT(error_with("\"nut.policy\" = \"x\""), StartsWith("s.toml:36:1: unknown group \"nut\""));
    CHECK_THAT(error_with("\"client.prt\" = 903"), StartsWith("s.toml:36:1: unknown key \"prt\""));
    CHECK_THAT(error_with("\"client.port\" = 0"), StartsWith("s.toml:36:17: \"0\" is not a whole number"));
    CHECK_THAT(error_with("\"nat.policy\" = \"linux-3.7\""), StartsWith("s.toml:36:16: unknown policy"));
    CHECK(error_with("\"client.port\" = [903]") == "s.toml:36:17: \"port\" takes a single value, not a list");
    CHECK(error_with("\"scenario.clients\" = [1]") ==
          "s.toml:36:22: \"scenario.clients\" takes a single value, not a list");
    CHECK(error_with("\"client.reconnect_at\" = [\"1s\", \"2s\"]") == "no error");
}

TEST_CASE("A wrong setting of a fix is reported where the fix has it") {
    const auto error_with = [](const std::string& setting) -> std::string {
        const std::string head =
            "name = \"f\"\ntitle = \"F\"\nparty = \"nat\"\nsource = \"this test\"\n[set]\n";
        Scenario scenario = small();
        try {
            apply_fix(scenario, parse_fix(head + setting + "\n", "f.toml"));
        } catch (const InputError& error) {
            return error.what();
        }
        return "no error";
    };
    using Catch::StartsWith;
    CHECK_THAT(error_with("nat.polici = \"x\""), StartsWith("f.toml:6:5: unknown key \"polici\""));
    CHECK_THAT(error_with("network.loss = 9"), StartsWith("f.toml:6:16: \"9\" is not a whole number"));
    CHECK(error_with("network.loss = [1]") == "f.toml:6:16: \"loss\" takes a single value, not a list");
    CHECK(error_with("nat.busy_ports = [600]") == "no error");
}
