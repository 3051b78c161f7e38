/// endpoints.md, table B: SYN_RCVD and TIME_WAIT beyond what a SYN does there (syn_table_test.cpp).
#include "tests/spec/tcp/cell_table.hpp"

using namespace halfopen;

TEST_CASE("SYN_RCVD: what the SYN once more does to the SYN-ACK's timer, which had 1 s behind it",
          "[syn][table]") {
    // In ms; "counted" where it uses up one of the allowed transmissions.
    check_cells(R"(
                                    timer
    rfc793                          2000
    rfc9293                         0
    linux-2.6.24,linux-3.0          2000
    bigip-fastl4                    2000
    linux-3.10,linux-4.19           1000
    linux-6.1,linux-6.18            1000
    freebsd-7,teardown              6000,counted
    freebsd-9,freebsd-10            3000
    freebsd-14                      1000
    openbsd,netbsd-6                2000
    solaris-11                      0
    gvisor,gvisor-2018              0
    lwip                            6000,counted
    smoltcp                         0)",
                [](const std::string& stack, const std::string&) {
                    Bench server(stack);
                    server.half_open();
                    pass_time(server.tcb, 1000);
                    server.gets("S", RN - 1);
                    const std::string timer = std::to_string(server.tcb.timer(TcpTimer::Retransmit));
                    return timer + (server.tcb.retransmits > 0 ? ",counted" : "");
                });
}

// The SYN cache of NetBSD and OpenBSD sends its SYN-ACK again; that of FreeBSD forgets the entry as well.
TEST_CASE("SYN_RCVD: an acknowledgement that is not of our SYN, and a SYN-ACK", "[syn][table]") {
    check_cells(R"(
                                    ACK    FIN    SYN-ACK
    rfc793                          RST    RST    RST!
    rfc9293                         RST    RST    -!
    linux-2.6.24,linux-3.0          RST    RST    RST!
    bigip-fastl4,linux-3.10         RST    RST    RST!
    linux-4.19,linux-6.1,linux-6.18 RST    RST    RST!
    freebsd-7,freebsd-9,freebsd-10  RST!   RST!   RST!
    freebsd-14,teardown             RST!   RST!   RST!
    openbsd,netbsd-6                SA     SA     RST
    solaris-11                      RST    RST    RST
    gvisor                          RST    RST    RAA!
    gvisor-2018                     RAA    RAA    RAA!
    lwip                            RAA    RAA    -
    smoltcp                         RST    RST    -)",
                [](const std::string& stack, const std::string& segment) {
                    Bench bench(stack);
                    bench.half_open();
                    if (segment == "SYN-ACK") return cell(bench, "S.", RN, SN);
                    return cell(bench, segment == "FIN" ? "F." : ".", RN, SN + 7);
                });
}

TEST_CASE("TIME_WAIT: Solaris says nothing to an ACK and acknowledges the peer's FIN again", "[close]") {
    Bench server("solaris-11");
    server.in(TcpState::TimeWait);
    CHECK(server.gets(".", RN, SN) == "nothing");
    server.tcb.timer(TcpTimer::TimeWait) = 10;
    CHECK(server.gets("F.", RN - 1, SN) == ". SN ack RN");
    CHECK(server.tcb.timer(TcpTimer::TimeWait) == 60'000);
}

TEST_CASE("how long TIME_WAIT lasts after an active close, in s", "[timer][table]") {
    check_cells(R"(
                                    s
    rfc793,rfc9293                  240
    linux-2.6.24,linux-3.0          60
    bigip-fastl4,linux-3.10         60
    linux-4.19,linux-6.1,linux-6.18 60
    freebsd-7,freebsd-9,freebsd-10  60
    freebsd-14,teardown             60
    openbsd,netbsd-6,solaris-11     60
    gvisor,gvisor-2018              60
    lwip                            120
    smoltcp                         10)",
                [](const std::string& stack, const std::string&) {
                    Bench server(stack);
                    server.closes();
                    server.gets(".", RN, SN + 1);
                    server.gets("F.", RN, SN + 1);
                    CHECK(server.tcb.state == TcpState::TimeWait);
                    return std::to_string(server.tcb.timer(TcpTimer::TimeWait) / 1000);
                });
}
