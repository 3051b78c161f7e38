// The founding scenario's single client behind every NAT of the library.
#include <catch2/catch.hpp>
#include <map>

#include "tests/check/scenario_bench.hpp"

using namespace halfopen;
using namespace halfopen::test;
using explorer::Verdict;

namespace {

CheckResult behind(const std::string& nat, const std::string& outside_port, const Settings& more = {}) {
    Settings settings{{"nat.policy", nat}, {"clientA.outside_port", outside_port}};
    settings.insert(settings.end(), more.begin(), more.end());
    return checked(one_connect(settings), verdict_only());
}

}  // namespace

TEST_CASE("with each NAT of the library the founding scenario's single client comes to a verdict") {
    // Its old connection is at 903, which NATs that preserve ports, or give them in order, lead it to again.
    const std::map<std::string, Verdict> lost{{"linux-2.6.18", Verdict::Permanent},
                                              {"linux-2.6.31", Verdict::Permanent},
                                              {"linux-3.6", Verdict::Permanent},
                                              {"linux-5.18", Verdict::Permanent},
                                              {"ovs-userspace", Verdict::Permanent},
                                              {"pan-os", Verdict::Permanent}};
    for (const std::string& name : library().names(PolicyKind::Nat)) {
        const auto result = behind(name, "903");
        INFO(name);
        const auto at = lost.find(name);
        CHECK(result.verdict == (at == lost.end() ? Verdict::Bounded : at->second));
    }
}

TEST_CASE(
    "a client that a NAT leads back to its own old connection recovers behind all but conntrack and OVS") {
    const std::pair<const char*, const char*> ports[]{
        {"pf-old", "50001"},         {"pf", "50001"},
        {"pf-static-port", "903"},   {"pf-return-rst", "50001"},
        {"pf-sloppy", "50001"},      {"libalias", "903"},
        {"vignat", "1024"},          {"rfc5382", "903"},
        {"aws-nat-gateway", "1024"}, {"azure-nat-gateway", "1024"},
        {"openwrt", "903"}};
    for (const auto& [name, port] : ports) {
        const auto result = behind(name, port);
        INFO(name);
        CHECK(result.verdict == Verdict::Bounded);
        CHECK(result.worst_ms.value_or(0) > 0);
    }
}
