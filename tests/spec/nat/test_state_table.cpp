// nf_conntrack's state table, cell by cell: tcp_conntracks[][][] of nf_conntrack_proto_tcp.c as
// reference/nats.md sections 1.2 and 1.3 have it, put to each era's policy through outbound() and inbound().
//
// Every segment is within the window, so that only the table decides.  A cell says what becomes of the entry:
//   a state     forwarded and translated, and the entry is in it
//   IGN         forwarded and translated; neither the state nor the timer changes
//   INV         not translated: it leaks outbound and reaches the NAT host inbound
//   NEW         the entry is deleted and the segment looked up again (NF_REPEAT): a new one in SYN_SENT
//   HOST        the same for a segment of the server: it belongs to nobody then
#include <algorithm>
#include <array>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tests/spec/nat/tracked_pair.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

struct Row {
    const char* name;
    std::uint8_t flags;
};
constexpr std::array rows{Row{"SYN", S}, Row{"SYNACK", SA}, Row{"FIN", FA},
                          Row{"ACK", A}, Row{"RST", R},     Row{"none", 0}};

Step send(Network& network, std::uint8_t direction, std::uint8_t flags) {
    // A SYN is the one sent before; what else there is comes next.
    const std::uint32_t back = (flags & flag::syn) != 0 ? 1 : 0;
    const bool acks = (flags & flag::ack) != 0;
    if (direction == original) return network.out(flags, own - back, acks ? peer : 0);
    return network.in(flags, peer - back, acks ? own : 0);
}

std::string outcome(Network& network, const Step& step, std::uint32_t timer_before) {
    const auto* left = find_original(network.table, client, server);
    if (step.outcome == NatOutcome::Leaked) return "INV";
    if (step.outcome == NatOutcome::ToHost) return timer_before == 0 || left != nullptr ? "INV" : "HOST";
    if (step.outcome != NatOutcome::Forwarded) return "dropped";
    if (left == nullptr) return "CL";  // delete unanswered
    if (step.ignored) return left->timeout == timer_before ? "IGN" : "IGN, timer changed";
    if (!step.reason.empty()) return "NEW";
    return short_name(left->state);
}

/// A segment's row of ten cells, by its name.
using Table = std::map<std::string, std::string>;

Table with(Table table, const Table& changes) {
    for (const auto& [row, cells] : changes) table[row] = cells;
    return table;
}

void check_table(const std::string& era, std::uint8_t direction, const Table& table) {
    for (const auto& row : rows) {
        std::istringstream cells(table.at(row.name));
        for (const auto state : columns) {
            std::string cell;
            REQUIRE(cells >> cell);
            Network network = in_state(era, state);
            const std::uint32_t timer = state == TrackState::None ? 0 : network.entry().timeout;
            const Step step = send(network, direction, row.flags);
            INFO(era << (direction == original ? " original " : " reply ") << row.name << " in "
                     << short_name(state));
            CHECK(outcome(network, step, timer) == cell);
        }
    }
}

// clang-format off
/// Linux 3.13 and later.
const Table sent_by_client{
    //          NO  SS  SR  ES  FW  CW  LA  TW  CL  S2
    {"SYN",    "SS  SS  IGN IGN IGN IGN IGN IGN IGN S2"},
    {"SYNACK", "INV INV SR  INV INV INV INV INV INV SR"},
    {"FIN",    "INV INV FW  FW  LA  LA  LA  TW  CL  INV"},
    {"ACK",    "ES  INV ES  ES  CW  CW  TW  TW  CL  INV"},
    {"RST",    "INV CL  CL  CL  CL  CL  CL  CL  CL  CL"},
    {"none",   "INV INV INV INV INV INV INV INV INV INV"}};
const Table sent_by_server{
    {"SYN",    "INV S2  INV INV INV INV INV IGN INV S2"},
    {"SYNACK", "INV SR  IGN IGN IGN IGN IGN IGN IGN SR"},
    {"FIN",    "INV INV FW  FW  LA  LA  LA  TW  CL  INV"},
    {"ACK",    "INV IGN SR  ES  CW  CW  TW  TW  CL  IGN"},
    {"RST",    "INV CL  CL  CL  CL  CL  CL  CL  CL  CL"},
    {"none",   "INV INV INV INV INV INV INV INV INV INV"}};
// clang-format on

}  // namespace

TEST_CASE("conntrack's state table, and what its eras have otherwise", "[table]") {
    for (const std::string era : {"linux-5.10", "linux-5.18", "openwrt", "linux-6.18"}) {
        check_table(era, original, sent_by_client);
        check_table(era, reply, sent_by_server);
    }
    // A server's SYN in TIME_WAIT counts since 3.13.
    check_table("linux-3.6", original, sent_by_client);
    check_table("linux-3.6", reply,
                with(sent_by_server, {{"SYN", "INV S2  INV INV INV INV INV INV INV S2"}}));
    // 2.6.31 ignores a client's SYN-ACK; a server's SYN-ACK in SYN_RECV is accepted.
    check_table("linux-2.6.31", original,
                with(sent_by_client, {{"SYNACK", "INV INV IGN IGN IGN IGN IGN IGN IGN SR"}}));
    check_table("linux-2.6.31", reply,
                with(sent_by_server, {{"SYN", "INV S2  INV INV INV INV INV INV INV S2"},
                                      {"SYNACK", "INV SR  SR  IGN IGN IGN IGN IGN IGN SR"}}));
    // 2.6.18 knows no simultaneous open: the tenth column is LISTEN, and nothing leads there.
    const std::string reset = "INV CL  CL  CL  CL  CL  CL  CL  CL  INV";
    check_table("linux-2.6.18", original,
                with(sent_by_client, {{"SYN", "SS  SS  IGN IGN IGN IGN IGN INV INV INV"},
                                      {"SYNACK", "INV INV INV INV INV INV INV INV INV INV"},
                                      {"RST", reset}}));
    check_table("linux-2.6.18", reply,
                with(sent_by_server, {{"SYN", "INV INV INV INV INV INV INV INV INV INV"},
                                      {"SYNACK", "INV SR  SR  IGN IGN IGN IGN IGN IGN INV"},
                                      {"ACK", "INV IGN SR  ES  CW  CW  TW  TW  CL  INV"},
                                      {"RST", reset}}));
}

// reference/nats.md 1.2, note 1.
TEST_CASE("who may open a closing entry anew, by era") {
    struct Case {
        const char* what;
        bool client_closed, server_closed;
        SegmentClass last;
        std::uint8_t last_direction;
        std::uint32_t seq;
        const char *in_2_6_18, *in_2_6_31, *reply_in_5_10;
    };
    constexpr auto ack = SegmentClass::Ack, rst = SegmentClass::Rst;
    for (const auto& c : {
             Case{"nobody closed it", false, false, ack, original, own - 1, "INV", "IGN", "IGN"},
             Case{"nobody closed it, the SYN is newer", false, false, ack, original, own + 1, "NEW", "IGN",
                  "IGN"},
             Case{"the client closed it", true, false, ack, original, own - 1, "NEW", "NEW", "HOST"},
             Case{"the server closed it", false, true, ack, original, own - 1, "INV", "NEW", "HOST"},
             Case{"the client reset it", false, false, rst, original, own - 1, "INV", "NEW", "IGN"},
             Case{"the server reset it", false, false, rst, reply, own - 1, "INV", "IGN", "HOST"},
         }) {
        for (const auto* era : eras) {
            const std::string name = era;
            INFO(era << ": " << c.what);
            const auto network_in = [&](TrackState state) {
                Network network = in_state(era, state);
                auto& e = network.table.entries.front();
                e.peers[original].close_init = c.client_closed;
                e.peers[reply].close_init = c.server_closed;
                e.last_class = c.last;
                e.last_direction = c.last_direction;
                return network;
            };
            for (const auto state : {TrackState::TimeWait, TrackState::Close}) {
                Network network = network_in(state);
                const Step step = network.out(S, c.seq);
                CHECK(outcome(network, step, 5000) == (name == "linux-2.6.18" ? c.in_2_6_18 : c.in_2_6_31));
            }
            Network network = network_in(TrackState::TimeWait);
            const Step step = network.in(S, peer - 1);
            const bool since_3_13 = !name.starts_with("linux-2.6") && name != "linux-3.6";
            CHECK(outcome(network, step, 5000) == (since_3_13 ? c.reply_in_5_10 : "INV"));
        }
    }
}

// reference/nats.md 1.6, steps a to f.  Each line: the step, the entry's state, ASSURED or not, td_maxack of
// the server or none, the last packet and its last_end, the reset's SEQ and, where it has one, ACK; then the
// verdicts by era.  "far" is far beyond the window; "max" is 1000 left of what the client sends next.
TEST_CASE("resets, step by step and era by era", "[table]") {
    constexpr std::uint32_t far = own + 0x0800'0000, max = own - 1000;
    const std::map<std::string, std::uint32_t> numbers{{"-", 0},       {"far", far},       {"max-1", max - 1},
                                                       {"max", max},   {"max+1", max + 1}, {"own", own},
                                                       {"peer", peer}, {"77", 77}};
    std::istringstream lines(R"(
        a FW assured   -   ACK-own  own   far   -    INV INV INV INV CL  CL
        a LA assured   max ACK-own  own   max-1 -    CL  INV INV INV CL  CL
        b ES assured   max ACK-own  own   max-1 -    CL  INV INV INV INV INV
        b ES assured   max SYN-own  far   max-1 -    CL  INV INV INV CL  CL
        c ES assured   max ACK-peer peer  max   -    CL  CL  CL  CL  CL  CL
        c ES assured   max ACK-peer peer  max+1 -    CL  CL  CL  ES  ES  ES
        c ES unassured max ACK-peer peer  max+1 -    CL  CL  CL  CL  CL  CL
        c ES assured   max ACK-own  max+1 max+1 -    CL  CL  CL  CL  CL  CL
        c ES assured   max ACK-peer peer  far   -    INV INV INV INV INV INV
        d ES assured   -   SYN-peer 77    far   77   CL  CL  CL  CL  CL  CL
        d ES assured   -   SYN-own  77    far   77   CL  CL  CL  CL  CL  INV
        d ES unassured -   ACK-peer 77    far   77   CL  CL  CL  CL  CL  CL
        d ES assured   -   ACK-peer 77    far   77   INV INV INV INV INV INV
        f ES assured   -   none-own -     far   -    INV INV INV INV INV INV)");
    const std::map<std::string, SegmentClass> classes{
        {"SYN", SegmentClass::Syn}, {"ACK", SegmentClass::Ack}, {"none", SegmentClass::None}};
    std::string step_name, state, assured, maxack, last, last_end, seq, ack;
    while (lines >> step_name >> state >> assured >> maxack >> last >> last_end >> seq >> ack)
        for (const auto* era : eras) {
            std::string expected;
            REQUIRE(lines >> expected);
            INFO(era << ", step " << step_name << ": " << state << " " << assured << " " << last << " SEQ "
                     << seq);
            const auto column = std::find(short_names.begin(), short_names.end(), state);
            Network network = in_state(era, columns[static_cast<std::size_t>(column - short_names.begin())]);
            auto& e = network.table.entries.front();
            e.assured = assured == "assured";
            if (maxack != "-" && std::string(era) != "linux-2.6.18") {
                e.peers[reply].maxack_set = true;
                e.peers[reply].td_maxack = network.reading.literal(numbers.at(maxack));
            }
            const std::size_t dash = last.find('-');
            e.last_class = classes.at(last.substr(0, dash));
            e.last_direction = last.substr(dash + 1) == "own" ? original : reply;
            e.last_end = network.reading.literal(numbers.at(last_end));
            const Step step = network.out(ack == "-" ? R : RA, numbers.at(seq), numbers.at(ack));
            CHECK(outcome(network, step, 5000) == expected);
            // Any accepted reset leaves 10 s, in CLOSE or (since 5.2) in ESTABLISHED.
            if (translated(step)) CHECK(network.entry().timeout == 10'000);
        }
}
