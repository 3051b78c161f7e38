/// Theorems about the shipped policies: the very functions that the explorer runs, on numbers of which
/// nothing is known.
#include <catch2/catch.hpp>
#include <map>

#include "solver/path_explorer.hpp"
#include "tests/solver/both_readings.hpp"
#include "tests/solver/random_actors.hpp"

using namespace halfopen;
using namespace halfopen::testing;

namespace {

using Word = Z3Reading::Word;

/// The same formula for all values of its numbers.
bool valid(z3::context& context, const z3::expr& formula) {
    z3::solver solver(context, "QF_BV");
    solver.add(!formula);
    return solver.check() == z3::unsat;
}

/// a - b mod 2^32, in the words of the theorems.
z3::expr minus(const Z3Reading& r, const Word& a, const Word& b) { return r.term(a) - r.term(b); }

/// The founding story behind a NAT: SYN(ISS) out, ACK(X) in from a server that remembers another connection,
/// RST(X) out.  S is the sequence number of the server's ACK.  The three windows are unknown as well, up to
/// the largest that window scaling allows (RFC 7323 §2.3); one beyond 2^31 would turn tests II and IV round.
class FoundingStory {
   public:
    FoundingStory(z3::context& context, const std::string& era, bool be_liberal = false)
        : context_(context), nat_(policy(era, be_liberal)), r_(context), paths_(context) {
        for (const char* window : {"SYN's window", "ACK's window", "RST's window"})
            paths_.assume(z3::ule(r_.term(r_.unknown_size(window)), context.bv_val(65535U << 14U, 32)));
    }

    const Z3Reading& reading() const { return r_; }
    const Word& iss() const { return iss_; }
    const Word& x() const { return x_; }
    z3::expr zero(const Word& word) const { return r_.term(word) == 0; }
    const Word& s() const { return s_; }

    /// The SYN and the ACK always get through, and the RST is INVALID (leaves untranslated) exactly where
    /// `invalid` holds; otherwise it is translated.
    void reset_is_invalid_exactly_where(const z3::expr& invalid) {
        z3::expr_vector conditions(context_);
        paths_.explore([&](Z3Reading& r) { return reset(r); },
                       [&](const z3::expr& condition, const std::optional<bool>& refused) {
                           conditions.push_back(condition);
                           REQUIRE(refused.has_value());
                           const auto counterexample = paths_.refute(invalid == r_.truth(*refused));
                           if (counterexample) UNSCOPED_INFO(*counterexample);
                           CHECK_FALSE(counterexample);
                       });
        CHECK(valid(context_, z3::mk_or(conditions)));
    }
    void reset_always_passes() { reset_is_invalid_exactly_where(r_.truth(false)); }

   private:
    static Policy policy(const std::string& era, bool be_liberal) {
        Policy policy = shipped_policies().load(PolicyKind::Nat, era);
        policy.set("nf_conntrack_tcp_be_liberal", be_liberal ? "true" : "false");
        return policy;
    }
    /// Is the RST INVALID?  Nothing where the story does not get that far.
    std::optional<bool> reset(Z3Reading& r) const {
        const NatAddresses addresses{0x0a010000, 0xffffff00, nat_ip, {}, {}};
        const Address outside{nat_ip, client.port};
        NatTable<Z3Reading> table;
        const auto out = [&](std::uint8_t flags, const Word& seq, const char* window) {
            const Segment<Z3Reading> s{client, server, flags, seq, r.literal(0), r.unknown_size(window), 0};
            return outbound(r, nat_, addresses, table, s, {}, std::nullopt);
        };
        if (out(flag::syn, iss_, "SYN's window").outcome != NatOutcome::Forwarded) return std::nullopt;
        const auto ack = inbound(
            r, nat_, addresses, table,
            Segment<Z3Reading>{server, outside, flag::ack, s_, x_, r.unknown_size("ACK's window"), 0});
        if (ack.outcome != NatOutcome::Forwarded || !ack.ignored) return std::nullopt;
        const auto rst = out(flag::rst, x_, "RST's window");
        if (rst.outcome == NatOutcome::Leaked) return true;
        if (rst.outcome == NatOutcome::Forwarded) return false;
        return std::nullopt;
    }

    z3::context& context_;
    Nat nat_;
    Z3Reading r_;
    PathExplorer paths_;
    Word iss_ = r_.unknown("ISS");
    Word x_ = r_.unknown("X");
    Word s_ = r_.unknown("S");
};

/// Those that judge numbers by tcp_in_window(), or would.
std::vector<std::string> conntrack_policies() {
    const auto library = shipped_policies();
    std::vector<std::string> names = library.names(PolicyKind::Nat);
    std::erase_if(names, [&](const std::string& name) {
        return nat_settings(library.load(PolicyKind::Nat, name)).window_model != WindowModel::Conntrack;
    });
    return names;
}

}  // namespace

TEST_CASE(
    "theorem: freebsd-7 kills an ESTABLISHED connection for exactly the SYNs in its window or at its edge") {
    z3::context context;
    const Endpoint endpoint(shipped_policies().load(PolicyKind::Endpoint, "freebsd-7"));
    Z3Reading symbolic(context);
    const Word seq = symbolic.unknown("seq");
    const Word rcv_nxt = symbolic.unknown("rcv_nxt");
    const Word snd_nxt = symbolic.unknown("snd_nxt");
    const Z3Reading::Size rcv_wnd = symbolic.unknown_size("rcv_wnd");
    const z3::expr in_window = z3::ule(minus(symbolic, seq, rcv_nxt), symbolic.term(rcv_wnd));

    PathExplorer paths(context);
    z3::expr_vector conditions(context);
    std::map<std::string, int> found;
    paths.explore(
        [&](Z3Reading& r) {
            Tcb<Z3Reading> tcb = established(r, endpoint, server, client, snd_nxt, rcv_nxt);
            tcb.rcv_wnd = rcv_wnd;
            const Segment<Z3Reading> syn{client, server, flag::syn, seq, r.literal(0), r.size(65'535), 0};
            return std::pair(receive(r, endpoint, tcb, syn), tcb);
        },
        [&](const z3::expr& condition, const auto& after) {
            const auto& [step, tcb] = after;
            const bool killed = tcb.state == TcpState::Closed;
            ++found[killed ? "kill" : "ACK"];
            conditions.push_back(condition);
            CHECK_FALSE(paths.refute(in_window == symbolic.truth(killed)));

            REQUIRE(step.sent.size() == 1);
            const auto& answer = step.sent.front();
            CHECK(answer.flags == (killed ? flag::rst | flag::ack : flag::ack));
            CHECK_FALSE(paths.refute(symbolic.equal(answer.seq, snd_nxt)));
            CHECK_FALSE(paths.refute(symbolic.equal(answer.ack, rcv_nxt)));
            if (!killed) {
                CHECK(tcb.state == TcpState::Established);
                CHECK_FALSE(paths.refute(symbolic.equal(tcb.rcv_nxt, rcv_nxt)));
            }
            CHECK(step.event == (killed ? ConnectionEvent::Reset : ConnectionEvent::None));
        });
    // An ACK for what lies left of the window and one for what lies right of it: two rules.
    CHECK(found == std::map<std::string, int>{{"kill", 1}, {"ACK", 2}});
    CHECK(valid(context, z3::mk_or(conditions)));
}

TEST_CASE("theorem: in 2.6.31 and 3.6 the reset is INVALID exactly when X is ISS or before it") {
    // ... that is ISS - X in [0, 2^31 - 2].  Three numbers pass all the same: X = 0 (taken for the answer to
    // a SYN), X = ISS - (2^31 - 1) and X = ISS - 2^31, which are already after ISS + 1 in serial order.  And
    // all pass where the server's own number is 0: then the RST's empty acknowledgement field is taken for
    // the acknowledgement of the ACK.
    for (const char* era : {"linux-2.6.31", "linux-3.6"}) {
        INFO(era);
        z3::context context;
        FoundingStory story(context, era);
        const auto before =
            z3::ule(minus(story.reading(), story.iss(), story.x()), context.bv_val((1U << 31U) - 2U, 32));
        story.reset_is_invalid_exactly_where(before && !story.zero(story.x()) && !story.zero(story.s()));
    }
}

TEST_CASE("theorem: in 2.6.18 the reset is INVALID exactly when X is before ISS") {
    // ... that is ISS - X in [1, 2^31 - 2], with the same exceptions, and one more: where ISS + 1 = 0 the
    // entry counts as unknown and takes any number.
    z3::context context;
    FoundingStory story(context, "linux-2.6.18");
    const auto before = z3::ult(minus(story.reading(), story.iss(), story.x()) - context.bv_val(1, 32),
                                context.bv_val((1U << 31U) - 2U, 32));
    const auto unknown = story.zero(story.reading().plus(story.iss(), 1));
    story.reset_is_invalid_exactly_where(before && !story.zero(story.x()) && !story.zero(story.s()) &&
                                         !unknown);
}

TEST_CASE("theorem: in 5.18 the reset is INVALID exactly when X is after ISS + 1") {
    // ... that is X - ISS in [2, 2^31 + 1]: the mirror image, with the same two exceptions for 0.
    z3::context context;
    FoundingStory story(context, "linux-5.18");
    const auto after = z3::ult(minus(story.reading(), story.x(), story.iss()) - context.bv_val(2, 32),
                               context.bv_val(1U << 31U, 32));
    story.reset_is_invalid_exactly_where(after && !story.zero(story.x()) && !story.zero(story.s()));
}

TEST_CASE("theorem: in 5.10 and in 6.18 the reset is never INVALID") {
    for (const char* era : {"linux-5.10", "linux-6.18"}) {
        INFO(era);
        z3::context context;
        FoundingStory(context, era).reset_always_passes();
    }
}

TEST_CASE("theorem: with be_liberal=1 the reset is never INVALID, in any era") {
    for (const std::string& era : conntrack_policies()) {
        if (era == "pan-os")
            continue;  // no era of conntrack, for all it borrows from it: drops the reset by a rule
        INFO(era);
        z3::context context;
        FoundingStory(context, era, true).reset_always_passes();
    }
}

TEST_CASE("theorem: what passes test I ends at most its own length beyond the grant, whatever that length") {
    z3::context context;
    Z3Reading r(context);
    const Word seq = r.unknown("seq");
    const Word granted = r.unknown("td_maxend");
    const Z3Reading::Size length = r.unknown_size("SEG.LEN");
    const Word end = r.advance(seq, length);
    const z3::expr beyond = r.term(r.distance(end, granted));
    CHECK(valid(context, z3::implies(r.before(seq, r.plus(granted, 1)) && after(r, end, granted),
                                     beyond != 0 && z3::ule(beyond, r.term(length)))));
}

TEST_CASE("theorem: no segment makes the receiver's window grow by more than its own length") {
    // What ConcreteReading::distance() relies on: for any numbers in the entry and in the segment.  A FIN,
    // because the memory of retransmitted ACKs would only multiply the paths.
    const auto library = shipped_policies();
    for (const std::string& era : conntrack_policies()) {
        const Nat nat(library.load(PolicyKind::Nat, era));
        if (nat.settings().no_window_check) continue;
        INFO(era);
        z3::context context;
        Z3Reading symbolic(context);
        const Segment<Z3Reading> fin{client,
                                     server,
                                     flag::fin | flag::ack,
                                     symbolic.unknown("seq"),
                                     symbolic.unknown("ack"),
                                     symbolic.unknown_size("window"),
                                     100};
        const auto grown = [&](Z3Reading& r) {
            ConntrackEntry<Z3Reading> entry;
            entry.state = TrackState::Established;
            auto& [sender, receiver] = entry.peers;
            sender = {r.unknown("sender.end"), r.unknown("sender.maxend"), r.unknown("sender.maxack"),
                      r.unknown_size("sender.maxwin")};
            receiver = {r.unknown("receiver.end"), r.unknown("receiver.maxend"), r.unknown("receiver.maxack"),
                        r.unknown_size("receiver.maxwin")};
            const Z3Reading::Size before = receiver.td_maxwin;
            store_window(r, nat.settings(), entry, original, fin,
                         test_window(r, nat.settings(), entry, original, fin));
            return r.term(receiver.td_maxwin) - r.term(before);
        };
        PathExplorer paths(context);
        bool ever = false;
        paths.explore(grown, [&](const z3::expr&, const z3::expr& growth) {
            CHECK_FALSE(paths.refute(z3::ule(growth, context.bv_val(fin.span(), 32))));
            ever = ever || paths.refute(growth == context.bv_val(0, 32)).has_value();
        });
        CHECK(ever);
    }
}

TEST_CASE("theorem: with timestamps, a FreeBSD 7 answers no SYN whose TSval is before TS.Recent") {
    z3::context context;
    Policy policy = shipped_policies().load(PolicyKind::Endpoint, "freebsd-7");
    policy.set("timestamps", "true");
    const Endpoint endpoint(std::move(policy));
    Z3Reading symbolic(context);
    const Word seq = symbolic.unknown("seq");
    const Word tsval = symbolic.unknown("tsval");
    const Word recent = symbolic.unknown("recent");
    const z3::expr older = minus(symbolic, tsval, recent) < 0;

    PathExplorer paths(context);
    z3::expr_vector conditions(context);
    paths.explore(
        [&](Z3Reading& r) {
            Tcb<Z3Reading> tcb = established(r, endpoint, server, client, r.unknown("snd_nxt"),
                                             r.unknown("rcv_nxt"), false, r.unknown("our clock"), recent);
            Segment<Z3Reading> syn{client, server, flag::syn, seq, r.literal(0), r.size(65'535), 0};
            syn.timestamps = {true, tsval, r.literal(0)};
            return std::pair(receive(r, endpoint, tcb, syn), tcb);
        },
        [&](const z3::expr& condition, const auto& after) {
            const auto& [step, tcb] = after;
            conditions.push_back(condition);
            CHECK_FALSE(paths.refute(older == symbolic.truth(step.sent.empty())));
            if (step.sent.empty()) CHECK(tcb.state == TcpState::Established);
            if (tcb.state == TcpState::Established)
                CHECK_FALSE(paths.refute(symbolic.equal(tcb.timestamps.recent, recent)));
        });
    CHECK(valid(context, z3::mk_or(conditions)));
}

TEST_CASE(
    "theorem: Linux 6.18 in TIME_WAIT opens a new connection for exactly the SYNs that its source names") {
    z3::context context;
    Policy policy = shipped_policies().load(PolicyKind::Endpoint, "linux-6.18");
    policy.set("timestamps", "true");
    const Endpoint endpoint(std::move(policy));
    Z3Reading symbolic(context);
    const Word seq = symbolic.unknown("seq");
    const Word rcv_nxt = symbolic.unknown("rcv_nxt");
    const Word tsval = symbolic.unknown("tsval");
    const Word recent = symbolic.unknown("recent");
    // tcp_timewait_state_process(): not paws_reject, and the sequence number or the timestamp is newer.
    const z3::expr refused = minus(symbolic, tsval, recent) < 0;
    const z3::expr newer = minus(symbolic, rcv_nxt, seq) < 0 || minus(symbolic, recent, tsval) < 0;

    PathExplorer paths(context);
    z3::expr_vector conditions(context);
    paths.explore(
        [&](Z3Reading& r) {
            Tcb<Z3Reading> tcb = established(r, endpoint, server, client, r.unknown("snd_nxt"), rcv_nxt,
                                             false, r.unknown("our clock"), recent);
            tcb.state = TcpState::TimeWait;
            Segment<Z3Reading> syn{client, server, flag::syn, seq, r.literal(0), r.size(65'535), 0};
            syn.timestamps = {true, tsval, r.literal(0)};
            receive(r, endpoint, tcb, syn);
            return tcb;
        },
        [&](const z3::expr& condition, const Tcb<Z3Reading>& tcb) {
            conditions.push_back(condition);
            const bool opened = tcb.state == TcpState::SynReceived;
            CHECK((opened || tcb.state == TcpState::TimeWait));
            CHECK_FALSE(paths.refute((!refused && newer) == symbolic.truth(opened)));
        });
    CHECK(valid(context, z3::mk_or(conditions)));
}

TEST_CASE(
    "theorem: a time stamp of limited age is judged as the real one, of one clock and of clocks far apart") {
    // The comparisons of the policies, on two stamps of ages a and b: TSval = clock A - a, TS.Recent = clock
    // B - b. b is real, and `kept` is what a state remembers of it (limit_timestamp_ages()).
    z3::context context;
    const z3::expr a = context.bv_const("a", 32), b = context.bv_const("b", 32);
    const z3::expr apart = context.bv_const("A - B", 32), oldest = context.bv_const("oldest", 32);
    const z3::expr kept = z3::ite(z3::ugt(b, oldest), oldest, b);
    const z3::expr real = apart - a + b, held = apart - a + kept;  // TSval - TS.Recent
    const z3::expr longest = context.bv_val(1U << 29U, 32);        // 6.2 days
    // What Model::oldest_timestamp() sees to: no stamp is on its way for so long.
    const z3::expr given =
        z3::ult(a, oldest - 2) && z3::ugt(oldest, 2) && z3::ult(oldest, longest) && z3::ult(b, longest);
    // The answers of: ts before recent, ts after recent, ts before recent by more than one.
    const auto alike = [](const z3::expr& x, const z3::expr& y) {
        return (x < 0) == (y < 0) && (x > 0) == (y > 0) && (-x > 1) == (-y > 1);
    };
    CHECK(valid(context, z3::implies(given && apart == 0, alike(real, held))));
    const z3::expr half = context.bv_val(0x8000'0000U, 32);
    const z3::expr ahead = apart >= longest && z3::ult(apart, half - longest);
    const z3::expr behind = apart < -longest - longest && z3::ugt(apart, half + longest);
    CHECK(valid(context, z3::implies(given && (ahead || behind), alike(real, held))));
    CHECK_FALSE(valid(context, z3::implies(given, alike(real, held))));
}
