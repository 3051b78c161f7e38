/// endpoints.md, table H: segments whose timestamp is old or missing, and TIME_WAIT, stack by stack.  RFC
/// 793, gVisor, lwIP and smoltcp have no PAWS.  What the cells mean: cell_table.hpp.
#include "tests/spec/tcp/cell_table.hpp"
#include "tests/spec/tcp/timestamp_bench.hpp"

using namespace halfopen;

namespace {

const std::string timestamp_columns = R"(
                                    SYN-older SYN-none ACK-older text-older text-none RST-older)";

const std::string time_wait_columns = R"(
                                    old-newer old-same old-older old-none new-newer new-same new-older new-none)";

/// "old": left of RCV.NXT, "new": right of it, and of the window; then TSval.
std::string time_wait_cell(const std::string& stack, const std::string& column) {
    TimestampBench bench(stack);
    bench.waiting();
    const std::string tsval = column.substr(4);
    if (tsval == "newer") bench.stamped(newer);
    if (tsval == "same") bench.stamped(recent);
    if (tsval == "older") bench.stamped(older);
    return cell(bench, "S", position(column.starts_with("old") ? "left" : "right"));
}

}  // namespace

TEST_CASE("old and missing timestamps in ESTABLISHED", "[timestamps][table]") {
    check_cells(timestamp_columns + R"(
    rfc793                          RST!      RST!     -         ACK*       ACK*      -!
    rfc9293                         ACK       -        ACK       ACK        -         -!
    linux-2.6.24,linux-3.0          ACK       RST!     ACK       ACK        ACK*      -!
    bigip-fastl4                    ACK       RST!     ACK       ACK        ACK*      -!
    linux-3.10                      -         -        ACK       ACK        ACK*      -!
    linux-4.19,linux-6.1,linux-6.18 ACK       ACK      ACK       ACK        ACK*      -!
    freebsd-7,freebsd-9,freebsd-10  -         RA!      -         ACK        ACK*      -!
    freebsd-14                      ACK       ACK      -         ACK        ACK*      -!
    teardown                        NEW>SR    NEW>SR   -         ACK        ACK*      -!
    openbsd                         -         ACK      -         ACK        ACK*      -!
    netbsd-6                        ACK       ACK      ACK       ACK        ACK*      -!
    solaris-11                      ACK       RAS!     ACK       ACK        ACK*      -!
    gvisor                          ACK       ACK      -         ACK*       -         -!
    gvisor-2018                     -         -        -         ACK*       ACK*      -!
    lwip                            ACK       ACK      -         ACK*       ACK*      -!
    smoltcp                         -         -        -         ACK*       ACK*      -!)",
                [](const std::string& stack, const std::string& column) {
                    TimestampBench bench(stack);
                    if (column.ends_with("older")) bench.stamped(older);
                    if (column.starts_with("SYN")) return cell(bench, "S", RN + 7);
                    if (column.starts_with("RST")) return cell(bench, "R", RN);
                    return cell(bench, ".", RN, SN, column.starts_with("text") ? 10 : 0);
                });
}

TEST_CASE("a SYN in TIME_WAIT, with timestamps", "[timestamps][table]") {
    check_cells(time_wait_columns + R"(
    rfc793                          ACK       ACK      ACK       ACK      ACK       ACK      ACK       ACK
    rfc9293                         NEW>SR    -        -         -        NEW>SR    NEW>SR   -         NEW>SR
    linux-2.6.24,linux-3.0          NEW>SR    ACK      ACK       ACK      NEW>SR    NEW>SR   ACK       NEW>SR
    bigip-fastl4,linux-3.10         NEW>SR    ACK      ACK       ACK      NEW>SR    NEW>SR   ACK       NEW>SR
    linux-4.19,linux-6.1,linux-6.18 NEW>SR    ACK      ACK       ACK      NEW>SR    NEW>SR   ACK       NEW>SR
    freebsd-7,freebsd-9,freebsd-10  -         -        -         -        NEW>SR    NEW>SR   NEW>SR    NEW>SR
    freebsd-14                      -         -        -         -        NEW>SR    NEW>SR   NEW>SR    NEW>SR
    teardown                        NEW>SR    NEW>SR   NEW>SR    NEW>SR   NEW>SR    NEW>SR   NEW>SR    NEW>SR
    openbsd                         NEW>SR    ACK      -         ACK      NEW>SR    NEW>SR   NEW>SR    NEW>SR
    netbsd-6                        ACK       ACK      ACK       ACK      NEW>SR    NEW>SR   ACK       NEW>SR
    solaris-11                      ACK       ACK      ACK       ACK      NEW>SR    NEW>SR   ACK       NEW>SR
    gvisor,gvisor-2018              -         -        -         -        NEW>SR    NEW>SR   NEW>SR    NEW>SR
    lwip                            ACK       ACK      ACK       ACK      ACK       ACK      ACK       ACK
    smoltcp                         -         -        -         -        -         -        -         -)",
                time_wait_cell);
}
