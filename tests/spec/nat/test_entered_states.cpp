#include "spec/nat/entered_states.hpp"
#include "tests/spec/nat/nat_fixture.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

std::string states_of(const std::string& name) {
    const std::uint32_t entered = entered_states(nat_of(name).policy());
    std::string list;
    for (std::size_t i = 0; i < track_state_count; ++i)
        if ((entered & (1U << i)) != 0) list += (list.empty() ? "" : " ") + std::string(track_state_names[i]);
    return list;
}

}  // namespace

TEST_CASE("A NAT has the states that its rules enter, and the one of no entry") {
    CHECK(states_of("vignat") == "NONE ESTABLISHED");
    CHECK(states_of("aws-nat-gateway") == "NONE SYN_SENT ESTABLISHED");
    CHECK(states_of("vpp") == "NONE SYN_SENT ESTABLISHED CLOSE");
}

TEST_CASE("Linux has had SYN_SENT2 since 2.6.31") {
    const std::string old = "NONE SYN_SENT SYN_RECV ESTABLISHED FIN_WAIT CLOSE_WAIT LAST_ACK TIME_WAIT CLOSE";
    CHECK(states_of("linux-2.6.18") == old);
    for (const char* era : {"linux-2.6.31", "linux-3.6", "linux-5.10", "linux-5.18", "linux-6.18"})
        CHECK(states_of(era) == old + " SYN_SENT2");
}

TEST_CASE("Where each side has a state of its own, moving them enters what any two amount to") {
    for (const char* pf : {"pf-old", "pf", "pf-sloppy", "ovs-userspace"})
        CHECK(states_of(pf) == "NONE SYN_SENT SYN_RECV ESTABLISHED FIN_WAIT LAST_ACK TIME_WAIT CLOSE");
}
