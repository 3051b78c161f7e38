/// endpoints.md, table C: what a connect() makes of its answers, stack by stack.  What the cells mean:
/// cell_table.hpp.
#include "tests/spec/tcp/cell_table.hpp"

using namespace halfopen;

namespace {

/// Where an acknowledgement stands to that of our SYN, which is SN.
std::uint32_t acknowledgment(const std::string& name) {
    if (name == "ISS") return SN - 1;
    if (name == "older") return SN - 5'000;
    if (name == "SN") return SN;
    return SN + 5'000;
}

auto answers(std::string_view flags) {
    return [flags](const std::string& stack, const std::string& ack) {
        return cell(Bench(stack).connecting(), flags, RN - 1, acknowledgment(ack));
    };
}

/// Those that tell what acknowledges the SYN from what does not, as RFC 9293 §3.10.7.3 has it.
const std::string most = R"(
    rfc793,rfc9293                  {0}
    linux-2.6.24,linux-3.0          {0}
    linux-3.10,linux-4.19           {0}
    linux-6.1,linux-6.18            {0}
    freebsd-7,freebsd-9,freebsd-10  {0}
    freebsd-14,openbsd,netbsd-6     {0}
    solaris-11,gvisor,teardown      {0})";

std::string all_alike(const std::string& cells) {
    std::string text = most;
    for (std::size_t at = text.find("{0}"); at != std::string::npos; at = text.find("{0}"))
        text.replace(at, 3, cells);
    return text;
}

const std::string columns = R"(
                                    older   ISS     SN      newer)";

}  // namespace

TEST_CASE("a SYN-ACK for a connect()", "[connect][table]") {
    check_cells(columns + all_alike("RST     RST     ACK*>ES RST") + R"(
    smoltcp                         RST     RST     ACK*>ES RST
    gvisor-2018                     RAA     RAA     ACK*>ES RAA
    lwip                            RAA+SYN RAA+SYN ACK*>ES RAA+SYN
    bigip-fastl4                    -       -       ACK*>ES -)",
                answers("S."));
}

// The column SN is RFC 5961's hole: a challenge ACK that stands there draws no reset.
TEST_CASE("an ACK without a SYN for a connect()", "[connect][table]") {
    check_cells(columns + all_alike("RST     RST     -       RST") + R"(
    smoltcp                         RST     RST     -       RST
    gvisor-2018                     RAA     RAA     -       RAA
    lwip                            RAA+SYN RAA+SYN RAA+SYN RAA+SYN
    bigip-fastl4                    -       -       -       -)",
                answers("."));
}

TEST_CASE("a FIN for a connect()", "[connect][table]") {
    check_cells(columns + all_alike("RST     RST     -       RST") + R"(
    smoltcp                         -       -       -       -
    gvisor-2018                     RAA     RAA     -       RAA
    lwip                            RAA+SYN RAA+SYN RAA+SYN RAA+SYN
    bigip-fastl4                    -       -       -       -)",
                answers("F."));
}

TEST_CASE("a RST for a connect() counts if it acknowledges the SYN, and only then", "[connect][table]") {
    const std::string others = R"(
    smoltcp,gvisor-2018,lwip        {0}
    bigip-fastl4                    {0})";
    const auto table = [&](const std::string& cells) {
        std::string text = all_alike(cells) + others;
        for (std::size_t at = text.find("{0}"); at != std::string::npos; at = text.find("{0}"))
            text.replace(at, 3, cells);
        return columns + text;
    };
    check_cells(table("-       -       -!      -"), answers("R."));
    check_cells(table("-       -       -       -"), answers("R"));
}

TEST_CASE("SYNs that cross", "[connect][table]") {
    check_cells("S" + all_alike("SA>SR") + R"(
    smoltcp,gvisor-2018             SA>SR
    bigip-fastl4                    SA>SR
    lwip                            -)",
                [](const std::string& stack, const std::string&) {
                    return cell(Bench(stack).connecting(), "S", RN - 1);
                });
}

TEST_CASE("when the SYN goes out again after a reset has been sent, in ms", "[connect][table]") {
    check_cells(R"(
                                    first  second  refused-RST
    rfc793                          3000   6000    3000
    rfc9293                         1000   2000    1000
    linux-2.6.24,linux-3.0          3000   6000    3000
    bigip-fastl4                    3000   6000    3000
    linux-3.10,linux-4.19           1000   2000    1000
    linux-6.1                       8      2000    8
    linux-6.18                      8      1000    8
    freebsd-7,freebsd-9,freebsd-10  3000   3000    3000
    teardown                        3000   3000    3000
    freebsd-14                      1000   2000    1000
    openbsd,netbsd-6                3000   6000    3000
    solaris-11,gvisor-2018,smoltcp  1000   2000    1000
    gvisor                          1      1       1000
    lwip                            now    now     3000)",
                [](const std::string& stack, const std::string& when) -> std::string {
                    Bench client(stack);
                    client.connecting();
                    if (when == "refused-RST") client.gets("R.", RN, SN + 5'000);
                    if (when == "second") client.expires(TcpTimer::Retransmit);
                    if (when != "refused-RST") {
                        client.gets(".", RN, SN + 5'000);
                        if (!client.sent.empty() && client.sent.back().flags == flag::syn) return "now";
                    }
                    return std::to_string(client.tcb.timer(TcpTimer::Retransmit));
                });
}

TEST_CASE("when the SYNs of a connect() go out, and when it gives up, in seconds", "[connect][table]") {
    const std::map<std::string, std::string> schedules{{"rfc793", "0 3 9 21 45 93 189"},
                                                       {"rfc9293", "0 1 3 7 15 31 63 127 187"},
                                                       {"linux-2.6.24", "0 3 9 21 45 93 189"},
                                                       {"linux-3.0", "0 3 9 21 45 93 189"},
                                                       {"bigip-fastl4", "0 3 9 21 45 93 189"},
                                                       {"linux-3.10", "0 1 3 7 15 31 63 127"},
                                                       {"linux-4.19", "0 1 3 7 15 31 63 127"},
                                                       {"linux-6.1", "0 1 3 7 15 31 63 127"},
                                                       {"linux-6.18", "0 1 2 3 4 5 7 11 19 35 67 131"},
                                                       {"freebsd-7", "0 3 6 9 12 15 21 33 57 75"},
                                                       {"freebsd-9", "0 3 6 9 12 15 21 33 57 75"},
                                                       {"freebsd-10", "0 3 6 9 12 15 21 33 57 75"},
                                                       {"teardown", "0 3 6 9 12 15 21 33 57 75"},
                                                       {"freebsd-14", "0 1 3 7 15 31 63 75"},
                                                       {"openbsd", "0 3 9 21 45 75"},
                                                       {"netbsd-6", "0 3 9 21 45 75"},
                                                       {"solaris-11", "0 1 3 7 15 31 63 123 180"},
                                                       {"gvisor", "0 1 3 7 15 31 63 127"},
                                                       {"gvisor-2018", "0 1 3 7 15 31 63"},
                                                       {"lwip", "0 3 6 9 12 15 18 18.5"},
                                                       {"smoltcp", "0 1 3 7 15 31 63 123 183 ..."}};
    for (const auto& stack :
         PolicyLibrary(HALFOPEN_SOURCE_DIR "/spec/policies").names(PolicyKind::Endpoint)) {
        INFO(stack);
        Bench client(stack);
        client.connecting();
        std::uint32_t clock = 0;
        std::string text = "0";
        for (int i = 0; client.tcb.state == TcpState::SynSent; ++i) {
            if (stack == "smoltcp" && i == 8) {
                text += " ...";
                break;
            }
            client.waits(clock);
            text += fmt::format(" {}", clock / 1000.0);
        }
        CHECK(text == schedules.at(stack));
    }
}
