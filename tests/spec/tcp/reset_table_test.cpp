/// endpoints.md, table D: where a RST is taken, stack by stack.  What the cells mean: cell_table.hpp.
#include "tests/spec/tcp/cell_table.hpp"

using namespace halfopen;

namespace {

const std::string reset_positions = R"(
                                    left RN-2 RN-1 RN   RN+1 RN+2 last edge right)";

auto resets_in(TcpState state, std::string_view flags = "R", std::uint32_t ack = 0) {
    return [state, flags, ack](const std::string& stack, const std::string& at) {
        return cell(Bench(stack).in(state), flags, position(at), ack);
    };
}

/// Those that do not tell ESTABLISHED from what comes after a FIN.
const std::string the_same_in_all_states = R"(
    rfc793                          -    -    -    -!   -!   -!   -!   -    -
    rfc9293                         -    -    -    -!   ACK  ACK  ACK  -    -
    linux-2.6.24,linux-3.0          -    -    -    -!   -!   -!   -!   -!   -
    bigip-fastl4                    -    -    -    -!   -!   -!   -!   -!   -
    linux-3.10                      -    -    -    -!   ACK  ACK  ACK  ACK  -
    freebsd-14                      -    -    -    -!   ACK  ACK  ACK  -    -
    openbsd                         -    -    -    -!   -!   -    -    -    -
    netbsd-6                        -    -    -    -!   ACK  ACK  ACK  ACK  -
    solaris-11                      -    -    -    -!   -!   -!   -!   -!   -
    gvisor,lwip                     -    -    -    -!   ACK  ACK  ACK  ACK  -
    gvisor-2018                     -    -    -    -!   -!   -!   -!   -!   -
    smoltcp                         ACK  ACK  ACK  -!   -!   -!   -!   ACK  ACK)";

const std::string before_any_fin = R"(
    linux-4.19,linux-6.1,linux-6.18 -    -    -    -!   ACK  ACK  ACK  ACK  -
    freebsd-7,freebsd-9,freebsd-10  -    -    -!   -!   -!   -    -    -    -
    teardown                        -    -    -!   -!   -!   -    -    -    -)";

const std::string freebsd_after_a_fin = R"(
    freebsd-7,freebsd-9,freebsd-10  -    -    -!   -!   -!   -!   -!   -!   -
    teardown                        -    -    -!   -!   -!   -!   -!   -!   -)";

}  // namespace

TEST_CASE("a RST in ESTABLISHED", "[rst][table]") {
    const std::string table = reset_positions + the_same_in_all_states + before_any_fin;
    check_cells(table, resets_in(TcpState::Established));
    // Its ACK is not looked at.
    check_cells(table, resets_in(TcpState::Established, "R.", SN));
    check_cells(table, resets_in(TcpState::Established, "R.", SN + 0x3000'0000));
}

TEST_CASE("a RST after our FIN", "[rst][table]") {
    for (const TcpState state : {TcpState::FinWait1, TcpState::FinWait2})
        check_cells(reset_positions + the_same_in_all_states + freebsd_after_a_fin + R"(
    linux-4.19,linux-6.1,linux-6.18 -    -    -    -!   ACK  ACK  ACK  ACK  -)",
                    resets_in(state));
}

// Linux since 4.10 takes one at RN-1 for macOS's (tcp_reset_check()); 6.17 and later have the peer's FIN,
// which nobody has read, fill an octet of the window.
TEST_CASE("a RST after the peer's FIN", "[rst][table]") {
    for (const TcpState state : {TcpState::CloseWait, TcpState::Closing, TcpState::LastAck})
        check_cells(reset_positions + the_same_in_all_states + freebsd_after_a_fin + R"(
    linux-4.19,linux-6.1            -    -    -!   -!   ACK  ACK  ACK  ACK  -
    linux-6.18                      -    -    -!   -!   ACK  ACK  ACK  -    -)",
                    resets_in(state));
}

TEST_CASE("a RST for an orphan in FIN_WAIT_2, which Linux keeps as a mini-socket", "[rst][table]") {
    for (const std::string stack :
         {"linux-2.6.24", "linux-3.0", "linux-3.10", "linux-4.19", "linux-6.1", "linux-6.18", "bigip-fastl4"})
        for (const auto& [at, expected] : {std::pair{"left", "ACK"},
                                           {"RN-1", "ACK"},
                                           {"RN", "-!"},
                                           {"RN+1", "-!"},
                                           {"last", "-!"},
                                           {"edge", "-!"},
                                           {"right", "ACK"}}) {
            INFO(stack << " " << at);
            Bench bench(stack);
            bench.tcb.orphan = true;
            CHECK(cell(bench.in(TcpState::FinWait2), "R", position(at)) == expected);
        }
}

TEST_CASE("a RST for a listener's SYN_RCVD", "[rst][table]") {
    check_cells(reset_positions + R"(
    rfc793                          -    -    -    -!   -!   -!   -!   -    -
    rfc9293                         -    -    -    -!   ACK  ACK  ACK  -    -
    linux-2.6.24,linux-3.0          -    -    -    -!   -!   -!   -!   -!   -
    bigip-fastl4,linux-3.10         -    -    -    -!   -!   -!   -!   -!   -
    linux-4.19,linux-6.1            -    -    -    -!   -!   -!   -!   -!   -
    linux-6.18                      -    -    -    -!   ACK  ACK  ACK  ACK  -
    freebsd-7,freebsd-9,freebsd-10  -    -    -!   -!   -!   -!   -!   -    -
    teardown                        -    -    -!   -!   -!   -!   -!   -    -
    freebsd-14                      -    -    -    -!   ACK  ACK  ACK  -    -
    openbsd,netbsd-6                -    -    -!   -!   -    -    -    -    -
    solaris-11                      -    -    -    -!   -!   -!   -!   -    -
    gvisor,gvisor-2018              -    -    -    -!   -!   -!   -!   -    -
    lwip                            -    -    -    -!   ACK  ACK  ACK  ACK  -
    smoltcp                         ACK  ACK  ACK  -!   -!   -!   -!   ACK  ACK)",
                [](const std::string& stack, const std::string& at) {
                    return cell(Bench(stack).half_open(), "R", position(at));
                });
}

// The syncache of FreeBSD takes no reset that has an ACK: ours answers a SYN-ACK and has none.
TEST_CASE("a RST with an ACK for a listener's SYN_RCVD", "[rst][table]") {
    check_cells(R"(
                                    SN   SN+7
    rfc793,rfc9293                  -!   -!
    linux-2.6.24,linux-3.0          -!   -
    bigip-fastl4,linux-3.10         -!   -
    linux-4.19,linux-6.1            -!   -
    linux-6.18                      -!   -!
    freebsd-7,freebsd-9,freebsd-10  -    -
    freebsd-14,teardown             -    -
    openbsd,netbsd-6                -!   -!
    solaris-11                      -!   RST
    gvisor,gvisor-2018              -!   -!
    lwip,smoltcp                    -!   -!)",
                [](const std::string& stack, const std::string& ack) {
                    return cell(Bench(stack).half_open(), "R.", RN, ack == "SN" ? SN : SN + 7);
                });
}

TEST_CASE("a RST in TIME_WAIT", "[rst][table]") {
    check_cells(reset_positions + R"(
    rfc793                          -    -    -    -!   -!   -!   -!   -    -
    rfc9293                         -    -    -    -!   ACK  ACK  ACK  -    -
    linux-2.6.24,linux-3.0          -    -    -    -!   -    -    -    -    -
    bigip-fastl4,linux-3.10         -    -    -    -!   -    -    -    -    -
    linux-4.19,linux-6.1,linux-6.18 -    -    -    -!   -    -    -    -    -
    freebsd-7,freebsd-9,freebsd-10  -    -    -    -    -    -    -    -    -
    freebsd-14,teardown             -    -    -    -    -    -    -    -    -
    openbsd                         -    -    -    -!   -!   -    -    -    -
    netbsd-6                        -    -    -    -!   ACK  ACK  ACK  ACK  -
    solaris-11                      -    -    -    -!   -!   -!   -!   -!   -
    gvisor,gvisor-2018,lwip         -    -    -    -    -    -    -    -    -
    smoltcp                         ACK  ACK  ACK  -!   -!   -!   -!   ACK  ACK)",
                resets_in(TcpState::TimeWait));
    for (const std::string stack : {"linux-2.6.24", "linux-3.10", "linux-6.1", "linux-6.18"}) {
        Policy careful = endpoint_policy(stack);
        careful.set("tcp_rfc1337", "true");
        CHECK(cell(Bench(careful).in(TcpState::TimeWait), "R", RN) == "-");
    }
}

TEST_CASE("a delayed ACK: a RST at RCV.NXT and one at the last ACK sent", "[rst][table]") {
    check_cells(R"(
                                    RN   RN-10
    rfc793,rfc9293                  -!   -
    linux-2.6.24,linux-3.0          -!   -!
    bigip-fastl4                    -!   -!
    linux-3.10,linux-4.19,linux-6.1 -!   ACK
    linux-6.18                      -!   ACK
    freebsd-7,freebsd-9,freebsd-10  -!   -!
    teardown                        -!   -!
    freebsd-14                      ACK  -!
    openbsd                         -!   -!
    netbsd-6                        ACK  -
    solaris-11,gvisor-2018          -!   -
    smoltcp                         -!   ACK
    gvisor,lwip                     -!   -)",
                [](const std::string& stack, const std::string& at) {
                    Bench bench(stack);
                    bench.tcb.last_ack_sent = {RN - 10, 0};
                    return cell(bench, "R", at == "RN" ? RN : RN - 10);
                });
}
