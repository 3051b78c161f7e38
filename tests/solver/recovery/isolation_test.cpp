/// Other clients and one client's three parts.
#include "solver/recovery/isolation.hpp"

#include <catch2/catch.hpp>

#include "solver/recovery/unknown_entry.hpp"
#include "tests/solver/both_readings.hpp"

using namespace halfopen;
using namespace halfopen::testing;

namespace {

constexpr Address a{0x0a010001, 903}, b{0x0a010002, 903}, nfs{0xc0000202, 2049};
constexpr std::uint32_t outside = 0xc0000201;

}  // namespace

TEST_CASE("A client whose port is taken gets another, and nobody touches the other's mapping") {
    for (const char* name : {"linux-2.6.31", "linux-6.18", "pf"}) {
        z3::context context;
        const Nat nat(shipped_policies().load(PolicyKind::Nat, name));
        const NatAddresses addresses{0x0a010000, 0xffff0000, outside, {}, {}};
        const Isolation found = cannot_interfere(context, nat, addresses, nfs, {a, b, 903});
        INFO(name << ": " << found.witness.value_or(""));
        CHECK(found.holds());
        CHECK(found.paths >= found.cases);
        CHECK(found.cases == 12 * entry_states(nat).size() *
                                 3);  // kinds of segments, states of an entry; without one, out, in
    }
}

TEST_CASE("Where two clients have one fixed port their tuples collapse, and the lemma names them") {
    z3::context context;
    const Nat nat(shipped_policies().load(PolicyKind::Nat, "linux-2.6.31"));
    const NatAddresses addresses{
        0x0a010000, 0xffff0000, outside, {}, {{a.ip, std::uint16_t{903}}, {b.ip, std::uint16_t{903}}}};
    const Isolation found = cannot_interfere(context, nat, addresses, nfs, {a, b, 903});
    REQUIRE(found.witness);
    CHECK(found.witness->find("10.1.0.2:903") != std::string::npos);
    CHECK(found.witness->find("10.1.0.1:903") != std::string::npos);
}
