/// endpoints.md, table E: acknowledgements and sequence numbers that are no good, stack by stack.  What the
/// cells mean: cell_table.hpp.
#include "tests/spec/tcp/cell_table.hpp"

using namespace halfopen;

namespace {

const std::string acknowledgment_columns = R"(
                                    unsent unsent+text old  old+text older older+text older+later)";

/// SEG.ACK right of SND.NXT, some octets left of SND.UNA, and farther left than the largest window.
auto acknowledgments_in(TcpState state) {
    return [state](const std::string& stack, const std::string& column) {
        Bench bench(stack);
        bench.in(state);
        const std::uint32_t ack = column.starts_with("unsent")  ? SN + 1000
                                  : column.starts_with("older") ? bench.tcb.snd_una.value - W - 1
                                                                : bench.tcb.snd_una.value - 5;
        const bool text = column.find('+') != std::string::npos;
        return cell(bench, ".", column.ends_with("later") ? RN + 5 : RN, ack, text ? 10 : 0);
    };
}

}  // namespace

TEST_CASE("acknowledgements that are no good, in ESTABLISHED", "[ack][table]") {
    check_cells(acknowledgment_columns + R"(
    rfc793                          ACK    ACK         -    ACK*     -     ACK*       ACK
    rfc9293                         ACK    ACK         -    ACK*     ACK   ACK        ACK
    linux-2.6.24,bigip-fastl4       -      ACK*        -    ACK*     -     ACK*       ACK
    linux-3.0                       -      -           -    ACK*     -     ACK*       ACK
    linux-3.10,linux-4.19,linux-6.1 -      -           -    ACK*     ACK   ACK        ACK
    linux-6.18                      ACK    ACK         -    ACK*     ACK   ACK        ACK
    freebsd-7,freebsd-9,freebsd-10  ACK    ACK         -    ACK*     -     ACK*       ACK
    freebsd-14,teardown,solaris-11  ACK    ACK         -    ACK*     -     ACK*       ACK
    openbsd,netbsd-6                ACK    ACK         -    ACK*     -     ACK*       -
    gvisor,gvisor-2018              -      ACK*        -    ACK*     -     ACK*       ACK
    lwip                            ACK    ACK*        -    ACK*     -     ACK*       ACK
    smoltcp                         ACK    ACK         -    -        -     -          -)",
                acknowledgments_in(TcpState::Established));
}

// tcp_rcv_state_process() of Linux asked for the verdict of tcp_ack() in SYN_RECV only until 4.13, so that
// the text was taken; from then until 6.8 what acknowledges nothing new was refused with all that it carries.
TEST_CASE("acknowledgements that are no good, in FIN_WAIT_2", "[ack][table]") {
    check_cells(acknowledgment_columns + R"(
    rfc793                          ACK    ACK         -    ACK*     -     ACK*       ACK
    rfc9293                         ACK    ACK         -    ACK*     ACK   ACK        ACK
    linux-2.6.24,bigip-fastl4       -      ACK*        -    ACK*     -     ACK*       ACK
    linux-3.0                       -      ACK*        -    ACK*     -     ACK*       ACK
    linux-3.10                      -      ACK*        -    ACK*     ACK   ACK+ACK*   ACK+ACK
    linux-4.19,linux-6.1            ACK    ACK         ACK  ACK      ACK   ACK        ACK
    linux-6.18                      ACK    ACK         -    ACK*     ACK   ACK        ACK
    freebsd-7,freebsd-9,freebsd-10  ACK    ACK         -    ACK*     -     ACK*       ACK
    freebsd-14,teardown,solaris-11  ACK    ACK         -    ACK*     -     ACK*       ACK
    openbsd,netbsd-6                ACK    ACK         -    ACK*     -     ACK*       -
    gvisor                          ACK    ACK         -    ACK*     -     ACK*       ACK
    gvisor-2018                     -      ACK*        -    ACK*     -     ACK*       ACK
    lwip                            ACK    ACK*        -    ACK*     -     ACK*       ACK
    smoltcp                         ACK    ACK         -    -        -     -          -)",
                acknowledgments_in(TcpState::FinWait2));
}

TEST_CASE("on a young connection an acknowledgement of the SYN alone", "[ack][table]") {
    check_cells(R"(
                                    -5   ISS
    rfc793,rfc9293                  -    -
    linux-2.6.24,linux-3.0          -    -
    bigip-fastl4,linux-3.10         -    -
    linux-4.19                      -    -
    linux-6.1,linux-6.18            ACK  ACK
    freebsd-7,freebsd-9,freebsd-10  -    -
    freebsd-14,teardown,solaris-11  -    -
    openbsd,netbsd-6                -    -
    gvisor,gvisor-2018              -    -
    lwip,smoltcp                    -    -)",
                [](const std::string& stack, const std::string& column) {
                    Bench bench(stack);
                    bench.half_open();
                    bench.gets(".", RN, SN);
                    REQUIRE(bench.tcb.state == TcpState::Established);
                    return cell(bench, ".", RN, column == "ISS" ? SN - 1 : SN - 5);
                });
}

// "edge" is RCV.NXT + RCV.WND: empty there, the segment is within by the test of some.
TEST_CASE("sequence numbers outside of the window", "[ack][table]") {
    const auto at = [](std::uint32_t length) {
        return [length](const std::string& stack, const std::string& column) {
            return cell(Bench(stack), ".", position(column), SN, length);
        };
    };
    check_cells(R"(
                                    left RN-1 RN   last edge beyond right
    rfc793,rfc9293                  ACK  ACK  -    -    ACK  ACK    ACK
    linux-2.6.24,linux-3.0          ACK  ACK  -    -    -    ACK    ACK
    bigip-fastl4,linux-3.10         ACK  ACK  -    -    -    ACK    ACK
    linux-4.19,linux-6.1,linux-6.18 ACK  ACK  -    -    -    ACK    ACK
    freebsd-7,freebsd-9,freebsd-10  ACK  ACK  -    -    -    ACK    ACK
    freebsd-14,teardown             ACK  ACK  -    -    -    ACK    ACK
    openbsd,netbsd-6                ACK  ACK  -    -    -    ACK    ACK
    solaris-11                      ACK  ACK  -    -    -    ACK    ACK
    gvisor                          ACK  ACK  -    -    -    ACK    ACK
    gvisor-2018                     ACK  ACK  -    -    ACK  ACK    ACK
    lwip                            ACK  ACK  -    -    ACK  ACK    ACK
    smoltcp                         ACK  ACK  -    -    ACK  ACK    ACK)",
                at(0));
    check_cells(R"(
                                    left RN-1 RN   last edge beyond right
    rfc793,rfc9293                  ACK  ACK  ACK* ACK  ACK  ACK    ACK
    linux-2.6.24,linux-3.0          ACK  ACK  ACK* ACK  ACK  ACK    ACK
    bigip-fastl4,linux-3.10         ACK  ACK  ACK* ACK  ACK  ACK    ACK
    linux-4.19,linux-6.1,linux-6.18 ACK  ACK  ACK* ACK  ACK  ACK    ACK
    freebsd-7,freebsd-9,freebsd-10  ACK  ACK  ACK* ACK  ACK  ACK    ACK
    freebsd-14,teardown             ACK  ACK  ACK* ACK  ACK  ACK    ACK
    openbsd,netbsd-6                ACK  ACK  ACK* ACK  ACK  ACK    ACK
    solaris-11                      ACK  ACK  ACK* ACK  ACK  ACK    ACK
    gvisor,gvisor-2018              ACK  ACK  ACK* ACK  ACK  ACK    ACK
    lwip,smoltcp                    ACK  ACK  ACK* ACK  ACK  ACK    ACK)",
                at(1));
}

TEST_CASE("how many of twelve segments, 100 ms apart, are answered", "[ack][table]") {
    struct Segment {
        const char* flags;
        std::uint32_t seq, ack, length;
    };
    const std::map<std::string, Segment> segments{{"SYN", {"S", RN - 5'000'000, 0, 0}},
                                                  {"RST", {"R", RN + 1000, 0, 0}},
                                                  {"old", {".", RN - 1, SN, 0}},
                                                  {"old+text", {".", RN - 5000, SN, 10}},
                                                  {"unsent", {".", RN, SN + 1000, 0}}};
    // RST: where one that is in the window and not exact closes the connection it is answered never.
    check_cells(R"(
                                    SYN RST old old+text unsent
    rfc793                          12  0   12  12       12
    rfc9293                         12  12  12  12       12
    linux-2.6.24,linux-3.0          12  0   12  12       0
    bigip-fastl4                    12  0   12  12       0
    linux-3.10                      0   12  12  12       0
    linux-4.19,linux-6.1            3   3   3   12       0
    linux-6.18                      3   3   3   12       3
    freebsd-7,freebsd-10            12  0   12  12       12
    teardown                        1   0   12  12       12
    freebsd-9                       1   0   12  12       12
    freebsd-14                      12  12  12  12       12
    openbsd                         12  0   12  12       12
    netbsd-6                        12  12  12  12       12
    solaris-11                      12  0   12  12       12
    gvisor                          3   3   3   12       0
    gvisor-2018                     0   0   12  12       0
    lwip                            12  12  12  12       12
    smoltcp                         0   0   2   2        2)",
                [&](const std::string& stack, const std::string& column) {
                    const Segment& s = segments.at(column);
                    Bench bench(stack);
                    int answers = 0;
                    for (int i = 0; i < 12 && bench.tcb.state == TcpState::Established; ++i) {
                        answers += bench.gets(s.flags, s.seq, s.ack, s.length).starts_with("nothing") ? 0 : 1;
                        if (bench.tcb.state != TcpState::Established) break;
                        pass_time(bench.tcb, 100);
                        if (bench.tcb.timer(TcpTimer::ChallengeLimit) == 0)
                            bench.expires(TcpTimer::ChallengeLimit);
                    }
                    return std::to_string(answers);
                });
}
