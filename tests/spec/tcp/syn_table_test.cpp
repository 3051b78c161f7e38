/// endpoints.md, tables A and B: a SYN in every state, stack by stack.  What the cells mean: cell_table.hpp.
#include "tests/spec/tcp/cell_table.hpp"

using namespace halfopen;

namespace {

const std::string syn_positions = R"(
                                    left   RN-1   RN     RN+1   last   edge   right)";

/// Those to whom all synchronized states but TIME_WAIT are one.
const std::string syns_the_same_in_all_states = R"(
    rfc793                          ACK    ACK    RST!   RST!   RST!   ACK    ACK
    rfc9293                         ACK    ACK    ACK    ACK    ACK    ACK    ACK
    freebsd-7,freebsd-10            ACK    ACK    RA!    RA!    RA!    RA!    ACK
    freebsd-9                       RA!    RA!    RA!    RA!    RA!    RA!    ACK
    freebsd-14,openbsd              ACK    ACK    ACK    ACK    ACK    ACK    ACK
    netbsd-6                        ACK    ACK    odd    ACK    ACK    ACK    ACK
    solaris-11                      ACK    ACK    RAS!   RAS!   RAS!   RAS!   ACK
    gvisor,lwip                     ACK    ACK    ACK    ACK    ACK    ACK    ACK
    gvisor-2018,smoltcp             -      -      -      -      -      -      -
    teardown                        NEW>SR NEW>SR NEW>SR NEW>SR NEW>SR NEW>SR NEW>SR)";

const std::string linux_since_3_8 = R"(
    linux-3.10                      -      -      -      -      -      -      -
    linux-4.19,linux-6.1,linux-6.18 ACK    ACK    ACK    ACK    ACK    ACK    ACK)";

}  // namespace

TEST_CASE("a SYN for a connection in ESTABLISHED", "[syn][table]") {
    check_cells(syn_positions + syns_the_same_in_all_states + linux_since_3_8 + R"(
    linux-2.6.24,linux-3.0          ACK    ACK    RST!   RST!   RST!   RST!   ACK
    bigip-fastl4                    ACK    ACK    RST!   RST!   RST!   RST!   ACK)",
                [](const std::string& stack, const std::string& at) {
                    return cell(Bench(stack), "S", position(at));
                });
}

// 2.6.24 and 3.0 take a SYN at RN-1 for old text.  In ESTABLISHED old text is answered, in the other states a
// segment without ACK is thrown away before (tcp_rcv_state_process(), step 5).
TEST_CASE("a SYN after a FIN has been sent or received", "[syn][table]") {
    for (const TcpState state : {TcpState::FinWait1, TcpState::FinWait2, TcpState::CloseWait,
                                 TcpState::Closing, TcpState::LastAck}) {
        INFO(to_string(state));
        check_cells(syn_positions + syns_the_same_in_all_states + linux_since_3_8 + R"(
    linux-2.6.24,linux-3.0          ACK    -      RST!   RST!   RST!   RST!   ACK
    bigip-fastl4                    ACK    -      RST!   RST!   RST!   RST!   ACK)",
                    [&](const std::string& stack, const std::string& at) {
                        return cell(Bench(stack).in(state), "S", position(at));
                    });
    }
}

TEST_CASE("a SYN for an orphan in FIN_WAIT_2, which Linux keeps as a mini-socket", "[syn][table]") {
    check_cells(syn_positions + syns_the_same_in_all_states + R"(
    linux-2.6.24,linux-3.0          ACK    ACK    RST!   RST!   RST!   ACK    ACK
    bigip-fastl4,linux-3.10         ACK    ACK    RST!   RST!   RST!   ACK    ACK
    linux-4.19,linux-6.1,linux-6.18 ACK    ACK    RST!   RST!   RST!   ACK    ACK)",
                [](const std::string& stack, const std::string& at) {
                    Bench bench(stack);
                    bench.tcb.orphan = true;
                    return cell(bench.in(TcpState::FinWait2), "S", position(at));
                });
}

// The SYN at RN-1 is the one that made the embryo.
TEST_CASE("a SYN for a listener's SYN_RCVD", "[syn][table]") {
    check_cells(syn_positions + R"(
    rfc793                          ACK    ACK    RST!   RST!   RST!   ACK    ACK
    rfc9293                         ACK    ACK    -!     -!     -!     ACK    ACK
    linux-2.6.24,linux-3.0          ACK    SA     RST!   RST!   RST!   ACK    ACK
    bigip-fastl4,linux-3.10         ACK    SA     RST!   RST!   RST!   ACK    ACK
    linux-4.19,linux-6.1,linux-6.18 ACK    SA     RST!   RST!   RST!   ACK    ACK
    freebsd-7,freebsd-9,freebsd-10  SA     SA     SA     SA     SA     SA     SA
    freebsd-14,openbsd,netbsd-6     SA     SA     SA     SA     SA     SA     SA
    solaris-11                      ACK    ACK    RAS!   RAS!   RAS!   RAS!   ACK
    gvisor                          ACK    ACK    RST!   RST!   RST!   ACK    ACK
    gvisor-2018                     RST!   -      RST!   RST!   RST!   RST!   RST!
    lwip                            -      SA     -      -      -      -      -
    smoltcp                         -      -      -      -      -      -      -
    teardown                        NEW    SA     NEW    NEW    NEW    NEW    NEW)",
                [](const std::string& stack, const std::string& at) {
                    Bench bench(stack);
                    bench.half_open().next_isn = 77'000'000;
                    return cell(bench, "S", position(at));
                });
}

TEST_CASE("a SYN in TIME_WAIT, without timestamps", "[syn][table]") {
    check_cells(syn_positions + R"(
    rfc793                          ACK    ACK    RST!   RST!   RST!   ACK    ACK
    rfc9293                         ACK    ACK    ACK    ACK    ACK    ACK    ACK
    linux-2.6.24,linux-3.0          ACK    ACK    ACK    NEW>SR NEW>SR NEW>SR NEW>SR
    bigip-fastl4,linux-3.10         ACK    ACK    ACK    NEW>SR NEW>SR NEW>SR NEW>SR
    linux-4.19,linux-6.1,linux-6.18 ACK    ACK    ACK    NEW>SR NEW>SR NEW>SR NEW>SR
    freebsd-7,freebsd-9,freebsd-10  -      -      -      NEW>SR NEW>SR NEW>SR NEW>SR
    freebsd-14,gvisor,gvisor-2018   -      -      -      NEW>SR NEW>SR NEW>SR NEW>SR
    openbsd                         ACK    ACK    ACK    NEW>SR NEW>SR NEW>SR NEW>SR
    netbsd-6                        ACK    ACK    odd    ACK    ACK    ACK    NEW>SR
    solaris-11                      ACK    ACK    RST    RST    RST    RST    NEW>SR
    lwip                            ACK    ACK    RST    RST    RST    RST    ACK
    smoltcp                         -      -      -      -      -      -      -
    teardown                        NEW>SR NEW>SR NEW>SR NEW>SR NEW>SR NEW>SR NEW>SR)",
                [](const std::string& stack, const std::string& at) {
                    return cell(Bench(stack).in(TcpState::TimeWait), "S", position(at));
                });
}

TEST_CASE("Linux reopens TIME_WAIT with SND.NXT + 65537, the others with a fresh ISN", "[syn]") {
    for (const std::string stack : {"linux-2.6.24", "linux-3.0", "linux-3.10", "linux-4.19", "linux-6.1",
                                    "linux-6.18", "freebsd-7", "freebsd-9", "freebsd-10", "freebsd-14",
                                    "openbsd", "netbsd-6", "solaris-11", "gvisor", "gvisor-2018"}) {
        INFO(stack);
        Bench server(stack);
        CHECK(cell(server.in(TcpState::TimeWait), "S", position("right")) == "NEW>SR");
        CHECK(server.tcb.iss.value == (stack.starts_with("linux") ? SN + 65'537 : server.next_isn));
    }
}

TEST_CASE("a segment for nobody, and for a listener", "[syn][table]") {
    const auto answers = [](TcpState state) {
        return [state](const std::string& stack, const std::string& flags) {
            return cell(Bench(stack).in(state), flags, RN, flags.ends_with('.') ? SN : 0);
        };
    };
    check_cells(R"(
                                    S      S.     F.     .      R      R.     F
    rfc793,rfc9293,solaris-11       RST    RST    RST    RST    -      -      RST
    linux-2.6.24,linux-3.0          RST    RST    RST    RST    -      -      RST
    bigip-fastl4,linux-3.10         RST    RST    RST    RST    -      -      RST
    linux-4.19,linux-6.1,linux-6.18 RST    RST    RST    RST    -      -      RST
    freebsd-7,freebsd-9,freebsd-10  RST    RST    RST    RST    -      -      RST
    freebsd-14,openbsd,netbsd-6     RST    RST    RST    RST    -      -      RST
    gvisor,gvisor-2018,smoltcp      RST    RST    RST    RST    -      -      RST
    teardown                        RST    RST    RST    RST    -      -      RST
    lwip                            RST    RAA    RAA    RAA    -      -      RST)",
                answers(TcpState::Closed));
    // The listener of NetBSD and OpenBSD resets what has neither SYN, ACK nor RST.
    check_cells(R"(
                                    S      S.     F.     .      R      R.     F
    rfc793,rfc9293,solaris-11       NEW>SR RST    RST    RST    -      -      -
    linux-2.6.24,linux-3.0          NEW>SR RST    RST    RST    -      -      -
    bigip-fastl4,linux-3.10         NEW>SR RST    RST    RST    -      -      -
    linux-4.19,linux-6.1,linux-6.18 NEW>SR RST    RST    RST    -      -      -
    freebsd-7,freebsd-9,freebsd-10  NEW>SR RST    RST    RST    -      -      -
    freebsd-14                      NEW>SR RST    RST    RST    -      -      -
    openbsd,netbsd-6                NEW>SR RST    RST    RST    -      -      RST
    gvisor,smoltcp                  NEW>SR RST    RST    RST    -      -      -
    gvisor-2018                     NEW>SR -      -      -      -      -      -
    teardown                        NEW>SR RST    RST    RST    -      -      -
    lwip                            NEW>SR RAA    RAA    RAA    -      -      -)",
                answers(TcpState::Listen));
}
