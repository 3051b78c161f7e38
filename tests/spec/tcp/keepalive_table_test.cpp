/// endpoints.md, tables F and G: who asks whether the peer is alive, what counts as an answer, how a
/// connection is given up; a client's port and ISN.
#include "tests/spec/tcp/cell_table.hpp"

using namespace halfopen;

namespace {

Bench asking(const std::string& stack) {
    Policy policy = endpoint_policy(stack);
    policy.set("keepalive", "true");
    return Bench(std::move(policy));
}

std::string last_word(Bench& bench) {
    std::uint32_t clock = 0;
    std::string said;
    while (bench.tcb.state != TcpState::Closed) {
        if (clock > 100'000'000) return "never";
        said = bench.waits(clock);
    }
    return (said.starts_with("R.") ? "reset/" : "silent/") + fmt::format("{}", clock / 1000.0);
}

}  // namespace

// smoltcp has a keep-alive of its own kind, off unless set; its times here are the defaults of the word.
TEST_CASE("keepalive: whether it is on, its times in s, and how it gives up after how long",
          "[keepalive][table]") {
    check_cells(R"(
                                    on  idle interval probes end
    rfc793,rfc9293                  no  7200 75       9      reset/7875
    linux-2.6.24,linux-3.0          no  7200 75       9      reset/7875
    bigip-fastl4,linux-3.10         no  7200 75       9      reset/7875
    linux-4.19,linux-6.1,linux-6.18 no  7200 75       9      reset/7875
    freebsd-7,freebsd-9,freebsd-10  yes 7200 75       8      reset/7800
    freebsd-14,teardown             yes 7200 75       8      reset/7800
    openbsd,netbsd-6                no  7200 75       8      reset/7800
    solaris-11                      no  7200 75       6      reset/7650
    gvisor                          no  7200 75       9      silent/7875
    gvisor-2018                     no  7200 75       9      reset/7875
    lwip                            no  7200 75       9      reset/7875
    smoltcp                         no  7200 75       9      reset/7875)",
                [](const std::string& stack, const std::string& column) -> std::string {
                    const Endpoint endpoint(endpoint_policy(stack));
                    const EndpointSettings& s = endpoint.settings();
                    if (column == "on") return s.keepalive ? "yes" : "no";
                    if (column == "idle") return std::to_string(s.keepalive_idle / 1000);
                    if (column == "interval") return std::to_string(s.keepalive_interval / 1000);
                    if (column == "probes") return std::to_string(s.keepalive_count);
                    Bench bench = asking(stack);
                    return last_word(bench);
                });
}

// A segment that is refused tells that somebody sends, not that the peer is alive.
TEST_CASE("which segments put the next probe off", "[keepalive][table]") {
    check_cells(R"(
                                    ACK  SYN  RST  old  unsent
    rfc793,rfc9293                  yes  no   no   no   no
    linux-2.6.24,linux-3.0          yes  no   no   no   no
    bigip-fastl4,linux-3.10         yes  no   no   no   no
    linux-4.19,linux-6.1,linux-6.18 yes  no   no   no   no
    freebsd-7,freebsd-9,freebsd-10  yes  yes  yes  yes  yes
    freebsd-14,teardown             yes  yes  yes  yes  yes
    openbsd,netbsd-6                yes  yes  yes  yes  yes
    solaris-11,gvisor,gvisor-2018   yes  yes  yes  yes  yes
    lwip                            yes  no   no   yes  yes
    smoltcp                         yes  no   no   no   no)",
                [](const std::string& stack, const std::string& column) -> std::string {
                    Bench bench = asking(stack);
                    pass_time(bench.tcb, 7'000'000);
                    if (column == "ACK") bench.gets(".", RN, SN);
                    // Where a SYN or RST would end the connection, one that does not.
                    if (column == "SYN")
                        bench.gets("S", stack == "freebsd-9" ? position("right") : position("left"));
                    if (column == "RST") bench.gets("R", position("right"));
                    if (column == "old") bench.gets(".", position("left"), SN);
                    if (column == "unsent") bench.gets(".", RN, SN + 1000);
                    if (stack == "teardown" && column == "SYN")
                        return "yes";  // it is another connection then
                    REQUIRE(bench.tcb.state == TcpState::Established);
                    return bench.tcb.timer(TcpTimer::Keepalive) == 200'000 ? "no" : "yes";
                });
}

TEST_CASE("data that nobody acknowledges, and a FIN of an orphan: how a connection ends, after s",
          "[timer][table]") {
    check_cells(R"(
                                    data            FIN
    rfc793                          silent/213      silent/213
    rfc9293                         silent/123      silent/123
    linux-2.6.24,linux-3.0          silent/924.6    silent/102.2
    bigip-fastl4,linux-3.10         silent/924.6    silent/102.2
    linux-4.19,linux-6.1,linux-6.18 silent/924.6    silent/102.2
    freebsd-7,freebsd-9,freebsd-10  reset/117.53    reset/117.53
    freebsd-14,teardown             reset/117.53    reset/117.53
    openbsd,netbsd-6                reset/511       reset/511
    solaris-11                      reset/480       reset/480
    gvisor                          silent/924.6    silent/924.6
    gvisor-2018                     reset/924.6     reset/924.6
    lwip                            silent/2685     silent/2685
    smoltcp                         never           never)",
                [](const std::string& stack, const std::string& column) {
                    Policy policy = endpoint_policy(stack);
                    policy.set("keepalive", "false");
                    Bench bench(std::move(policy));
                    if (column == "data") {
                        send<ConcreteReading>(bench.r, bench.endpoint, bench.tcb, 100);
                    } else {
                        bench.closes();
                    }
                    return last_word(bench);
                });
}

TEST_CASE("a client's next port, its ISN, and steps of the ISN's clock in a ms", "[client][table]") {
    check_cells(R"(
                                    port   ISN    steps
    rfc793,rfc9293                  same   clock  250
    linux-2.6.24,linux-3.0          same   clock  15625
    bigip-fastl4,linux-3.10         same   clock  15625
    linux-4.19,linux-6.1,linux-6.18 same   clock  15625
    freebsd-7,freebsd-9,freebsd-10  random clock  1048
    freebsd-14,teardown             random clock  1048
    openbsd,netbsd-6                random random -
    solaris-11                      same   clock  244
    gvisor                          same   clock  15625
    gvisor-2018,lwip,smoltcp        same   random -)",
                [](const std::string& stack, const std::string& column) -> std::string {
                    const Endpoint endpoint(endpoint_policy(stack));
                    const EndpointSettings& s = endpoint.settings();
                    static constexpr std::array<const char*, 3> ports{"same", "next", "random"};
                    if (column == "port") return ports[static_cast<std::size_t>(s.port_choice)];
                    if (column == "ISN") return s.isn_source == IsnSource::Clock ? "clock" : "random";
                    return s.isn_source == IsnSource::Clock ? std::to_string(s.isn_clock_per_ms) : "-";
                });
}
