/// The step functions know numbers only through the reading: one whose words are opaque gives the same
/// answers.
#include "tests/spec/tcp/endpoint_bench.hpp"

using namespace halfopen;

namespace {

/// Types without any operator, as far from std::uint32_t and bool as a solver's are.
struct OpaqueReading {
    struct Word {
        std::uint32_t hidden = 0;
    };
    struct Size {
        std::uint32_t hidden = 0;
    };
    struct Bool {
        bool hidden = false;
    };

    Word literal(std::uint32_t k) const { return {k}; }
    Size size(std::uint32_t k) const { return {k}; }
    Word plus(Word a, std::uint32_t k) const { return {a.hidden + k}; }
    Word advance(Word a, Size n) const { return {a.hidden + n.hidden}; }
    Word retreat(Word a, Size n) const { return {a.hidden - n.hidden}; }
    Size distance(Word a, Word b) const { return {a.hidden - b.hidden}; }
    Size sum(Size a, Size b) const { return {a.hidden + b.hidden}; }
    Bool before(Word a, Word b) const { return {static_cast<std::int32_t>(a.hidden - b.hidden) < 0}; }
    Bool equal(Word a, Word b) const { return {a.hidden == b.hidden}; }
    Bool within(Word a, Word b, Size n) const { return {a.hidden - b.hidden < n.hidden}; }
    Bool less(Size a, Size b) const { return {a.hidden < b.hidden}; }
    Bool truth(bool b) const { return {b}; }
    Bool both(Bool p, Bool q) const { return {p.hidden && q.hidden}; }
    Bool either(Bool p, Bool q) const { return {p.hidden || q.hidden}; }
    Bool negate(Bool p) const { return {!p.hidden}; }
    Word choose(Bool p, Word a, Word b) const { return p.hidden ? a : b; }
    Size choose_size(Bool p, Size a, Size b) const { return p.hidden ? a : b; }
    bool decide(Bool p) {
        ++decisions;
        return p.hidden;
    }
    /// Saves no work: what is asked needlessly must not change an answer.
    bool certainly_false(Bool) const { return false; }
    std::size_t decisions = 0;
};
static_assert(Reading<OpaqueReading>);
using Opaque = OpaqueReading;

}  // namespace

TEST_CASE("an opaque reading is answered as a concrete one", "[endpoint]") {
    for (const std::string& name :
         PolicyLibrary(HALFOPEN_SOURCE_DIR "/spec/policies").names(PolicyKind::Endpoint)) {
        INFO(name);
        std::size_t decisions = 0;
        const Endpoint endpoint(endpoint_policy(name));
        for (const std::string_view flags : {"S", "S.", ".", "P.", "F.", "R", "R."})
            for (const std::uint32_t seq : {RN - 1, RN, RN + 1, RN + 7, RN + W, RN + 2 * W, RN - 2 * W})
                for (const std::uint32_t ack : {SN, SN - 1, SN + 5, SN - 2 * W}) {
                    ConcreteReading r;
                    ConcreteTcb tcb =
                        established<ConcreteReading>(r, endpoint, here, there, {SN, 0}, {RN, 0}, true);
                    const std::uint32_t length = flags == "P." ? 10 : 0;
                    const auto step = receive<ConcreteReading>(
                        r, endpoint, tcb, {there, here, Bench::bits(flags), {seq, 0}, {ack, 0}, W, length},
                        Number{9, 0});

                    Opaque o;
                    Tcb<Opaque> hidden = established<Opaque>(o, endpoint, here, there, {SN}, {RN}, true);
                    const auto same = receive<Opaque>(
                        o, endpoint, hidden, {there, here, Bench::bits(flags), {seq}, {ack}, {W}, length},
                        Opaque::Word{9});
                    CHECK(same.rule == step.rule);
                    CHECK(same.event == step.event);
                    CHECK(hidden.state == tcb.state);
                    CHECK(hidden.rcv_nxt.hidden == tcb.rcv_nxt.value);
                    CHECK(hidden.snd_una.hidden == tcb.snd_una.value);
                    CHECK(hidden.timers == tcb.timers);
                    REQUIRE(same.sent.size() == step.sent.size());
                    for (std::size_t i = 0; i < same.sent.size(); ++i) {
                        CHECK(same.sent[i].seq.hidden == step.sent[i].seq.value);
                        CHECK(same.sent[i].ack.hidden == step.sent[i].ack.value);
                    }
                    decisions += o.decisions;
                }
        CHECK(decisions > 0);
    }
}

TEST_CASE("every call can be read opaquely", "[endpoint]") {
    const Endpoint endpoint(endpoint_policy("linux-6.18"));
    Opaque o;
    Tcb<Opaque> tcb = listening<Opaque>(o, endpoint, here);
    CHECK(connect<Opaque>(o, endpoint, tcb, here, there, {SN}).sent.size() == 1);
    CHECK(expire<Opaque>(o, endpoint, tcb, TcpTimer::Retransmit).sent.size() == 1);
    tcb = established<Opaque>(o, endpoint, here, there, {SN}, {RN});
    CHECK(send<Opaque>(o, endpoint, tcb, 10).sent.size() == 1);
    CHECK(close<Opaque>(o, endpoint, tcb).sent.size() == 1);
    CHECK(abort<Opaque>(o, endpoint, tcb).sent.size() == 1);
    CHECK(tcb.state == TcpState::Closed);
}
