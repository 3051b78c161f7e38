/// What a search knows a state by.
#include "solver/recovery/state_form.hpp"

#include <catch2/catch.hpp>

using namespace halfopen;

namespace {

using R = Z3Reading;

/// A client in SYN_SENT whose ISS is the drawn number of this name, told by its distance from RCV.NXT.
Connection syn_sent(const R& r, std::size_t which) {
    Connection c;
    c.client.state = TcpState::SynSent;
    c.client.iss = r.advance(r.unknown("server.rcv_nxt"), r.unknown_size(drawn_name("ISS", which).c_str()));
    c.client.snd_nxt = r.plus(c.client.iss, 1);
    return c;
}

}  // namespace

TEST_CASE("Two attempts are in one state, whichever number each has drawn", "[prove]") {
    z3::context context;
    const R r(context);
    StateForms forms(context);
    const auto form = [&](std::size_t which, std::uint32_t below) {
        const z3::expr iss = context.bv_const(drawn_name("ISS", which).c_str(), 32);
        return forms.form(forms.named(syn_sent(r, which)), {z3::ult(iss, context.bv_val(below, 32))});
    };
    const StateForm first = form(1, 1000), third = form(3, 1000);
    CHECK(first.shape == third.shape);
    CHECK(first.known == third.known);
    CHECK_FALSE(form(3, 2000).known == first.known);
}

TEST_CASE("Two numbers are not one, and which of them is met first tells them apart", "[prove]") {
    z3::context context;
    const R r(context);
    StateForms forms(context);
    const auto with_server = [&](std::size_t clients, std::size_t servers) {
        Connection c = syn_sent(r, clients);
        c.server.emplace();
        c.server->rcv_nxt = syn_sent(r, servers).client.iss;
        return forms.form(forms.named(c), {}).shape;
    };
    CHECK(with_server(1, 2) == with_server(2, 1));
    CHECK(with_server(1, 1) == with_server(2, 2));
    CHECK(with_server(1, 1) != with_server(1, 2));
}

TEST_CASE("What a state is wanted to know is said of others with its shape in their own numbers", "[prove]") {
    z3::context context;
    const R r(context);
    StateForms forms(context);
    const auto small = [&](std::size_t which) {
        return z3::ult(context.bv_const(drawn_name("ISS", which).c_str(), 32), context.bv_val(9, 32));
    };
    CHECK(forms.want(forms.named(syn_sent(r, 1)), small(1)));
    CHECK_FALSE(forms.want(forms.named(syn_sent(r, 2)), small(2)));  // it is that already
    const auto wanted = forms.wanted(forms.named(syn_sent(r, 4)));
    REQUIRE(wanted.size() == 1);
    CHECK(z3::eq(wanted.front(), small(4)));
}

TEST_CASE("What a state is wanted to know it is whatever its timers and however often connect() has failed",
          "[prove]") {
    z3::context context;
    const R r(context);
    StateForms forms(context);
    const z3::expr small = z3::ult(context.bv_const(drawn_name("ISS", 1).c_str(), 32), context.bv_val(9, 32));
    CHECK(forms.want(forms.named(syn_sent(r, 1)), small));
    Connection later = syn_sent(r, 1);
    later.failures = 3;
    later.times.start(0, 3000);
    CHECK(forms.named(later).shape != forms.named(syn_sent(r, 1)).shape);
    REQUIRE(forms.wanted(forms.named(later)).size() == 1);
    later.client.state = TcpState::Established;
    CHECK(forms.wanted(forms.named(later)).empty());
}
