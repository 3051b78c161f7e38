#include <string>
#include <vector>

#include "spec/tcp/segment_fields.hpp"
#include "tests/spec/tcp/endpoint_bench.hpp"

using namespace halfopen;

namespace {

struct NumberFinder {
    std::vector<std::string> names;
    std::size_t members = 0;
    void operator()(std::string_view name, const Number&) {
        ++members;
        names.emplace_back(name);
    }
    template <class T>
    void operator()(std::string_view, const T& value) {
        ++members;
        if constexpr (requires { value.absent(); }) fields(*this, value);
        if constexpr (requires { value.front().begin; }) fields(*this, value.front());
    }
};

}  // namespace

TEST_CASE("the field lists name every number", "[tcb]") {
    NumberFinder in_tcb;
    ConcreteTcb tcb;
    tcb.kept_text.stretches.resize(1);
    fields(in_tcb, tcb);
    CHECK(in_tcb.names == std::vector<std::string>{"iss", "irs", "snd_una", "snd_nxt", "rcv_nxt",
                                                   "last_ack_sent", "wl1", "begin", "end", "clock", "recent",
                                                   "first", "newest"});
    CHECK(in_tcb.members == 29 + 3 + (1 + 3) + 5 + 3);
    NumberFinder in_segment;
    const ConcreteSegment segment;
    fields(in_segment, segment);
    CHECK(in_segment.names == std::vector<std::string>{"seq", "ack", "value", "echo"});
    CHECK(in_segment.members == 8 + 3);
}

TEST_CASE("time passes for running timers only", "[tcb]") {
    ConcreteTcb tcb;
    CHECK(next_expiry(tcb) == timer_off);
    tcb.timer(TcpTimer::Keepalive) = 50;
    tcb.timer(TcpTimer::Retransmit) = 20;
    CHECK(next_expiry(tcb) == 20);
    pass_time(tcb, 20);
    CHECK(tcb.timer(TcpTimer::Retransmit) == 0);
    CHECK(tcb.timer(TcpTimer::Keepalive) == 30);
    CHECK(tcb.timer(TcpTimer::IdleClose) == timer_off);
}
