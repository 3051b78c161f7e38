// nf_conntrack's state table, cell by cell: tcp_conntracks[][][] of nf_conntrack_proto_tcp.c as
// reference/nats.md sections 1.2 and 1.3 have it, put to each era's policy through outbound() and inbound().
//
// Every segment is within the window, so that only the table decides.  A cell says what becomes of the entry:
//   a state     forwarded and translated, and the entry is in it
//   IGN         forwarded and translated; neither the state nor the timer changes
//   INV         not translated: it leaks outbound and reaches the NAT host inbound
//   NEW         the entry is deleted and the segment looked up again (NF_REPEAT): a new one in SYN_SENT
//   HOST        the same for a segment of the server: it belongs to nobody then
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

/// Each line: a row's name and its ten cells.
void check_table(const std::string& era, std::uint8_t direction, const std::string& table) {
    std::istringstream lines(table);
    for (const auto& row : rows) {
        std::string name;
        REQUIRE(lines >> name);
        REQUIRE(name == row.name);
        for (const auto state : columns) {
            std::string cell;
            REQUIRE(lines >> cell);
            Network network = in_state(era, state);
            const std::uint32_t timer = state == TrackState::None ? 0 : network.entry().timeout;
            const Step step = send(network, direction, row.flags);
            INFO(era << (direction == original ? " original " : " reply ") << row.name << " in "
                     << short_name(state));
            CHECK(outcome(network, step, timer) == cell);
        }
    }
}

//                        NO  SS  SR  ES  FW  CW  LA  TW  CL  S2
const std::string fin_original = R"(
                  FIN     INV INV FW  FW  LA  LA  LA  TW  CL  INV)";
const std::string fin_reply = fin_original;
const std::string ack_original = R"(
                  ACK     ES  INV ES  ES  CW  CW  TW  TW  CL  INV)";
const std::string rst_original = R"(
                  RST     INV CL  CL  CL  CL  CL  CL  CL  CL  CL)";
const std::string none = R"(
                  none    INV INV INV INV INV INV INV INV INV INV)";

}  // namespace

//                        NO  SS  SR  ES  FW  CW  LA  TW  CL  S2
TEST_CASE("2.6.18's state table: the tenth column is LISTEN, and there is no simultaneous open") {
    const std::string rst = R"(
                  RST     INV CL  CL  CL  CL  CL  CL  CL  CL  INV)";
    check_table("linux-2.6.18", original,
                R"(
                  SYN     SS  SS  IGN IGN IGN IGN IGN INV INV INV
                  SYNACK  INV INV INV INV INV INV INV INV INV INV)" +
                    fin_original + ack_original + rst + none);
    check_table("linux-2.6.18", reply,
                R"(
                  SYN     INV INV INV INV INV INV INV INV INV INV
                  SYNACK  INV SR  SR  IGN IGN IGN IGN IGN IGN INV)" +
                    fin_reply + R"(
                  ACK     INV IGN SR  ES  CW  CW  TW  TW  CL  INV)" +
                    rst + none);
}

TEST_CASE("2.6.31's state table: simultaneous open, and a client's SYN-ACK is ignored") {
    check_table("linux-2.6.31", original,
                R"(
                  SYN     SS  SS  IGN IGN IGN IGN IGN IGN IGN S2
                  SYNACK  INV INV IGN IGN IGN IGN IGN IGN IGN SR)" +
                    fin_original + ack_original + rst_original + none);
    check_table("linux-2.6.31", reply,
                R"(
                  SYN     INV S2  INV INV INV INV INV INV INV S2
                  SYNACK  INV SR  SR  IGN IGN IGN IGN IGN IGN SR)" +
                    fin_reply + R"(
                  ACK     INV IGN SR  ES  CW  CW  TW  TW  CL  IGN)" +
                    rst_original + none);
}

TEST_CASE("the state table of 3.6 and later; a server's SYN in TIME_WAIT counts since 3.13") {
    for (const std::string era : {"linux-3.6", "linux-5.10", "linux-5.18", "openwrt", "linux-6.18"}) {
        check_table(era, original,
                    R"(
                  SYN     SS  SS  IGN IGN IGN IGN IGN IGN IGN S2
                  SYNACK  INV INV SR  INV INV INV INV INV INV SR)" +
                        fin_original + ack_original + rst_original + none);
        check_table(era, reply,
                    std::string(R"(
                  SYN     INV S2  INV INV INV INV INV )") +
                        (era == "linux-3.6" ? "INV" : "IGN") + R"( INV S2
                  SYNACK  INV SR  IGN IGN IGN IGN IGN IGN IGN SR)" +
                        fin_reply + R"(
                  ACK     INV IGN SR  ES  CW  CW  TW  TW  CL  IGN)" +
                        rst_original + none);
    }
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

// reference/nats.md 1.6, steps a to f.
TEST_CASE("resets, step by step and era by era") {
    struct Case {
        const char* step;
        const char* what;
        TrackState state;
        bool assured, maxack;  // maxack: the server has acknowledged up to own - 1000
        SegmentClass last;
        std::uint8_t last_direction;
        std::uint32_t last_end, seq, ack;
        std::array<const char*, 6> expected;  // by eras
    };
    constexpr auto es = TrackState::Established;
    constexpr auto syn = SegmentClass::Syn, ack = SegmentClass::Ack, none_yet = SegmentClass::None;
    constexpr std::uint32_t far = own + 0x0800'0000, max = own - 1000;
    for (const auto& c : {
             Case{"a",
                  "closing, far beyond the window",
                  TrackState::FinWait,
                  true,
                  false,
                  ack,
                  original,
                  own,
                  far,
                  0,
                  {"INV", "INV", "INV", "INV", "CL", "CL"}},
             Case{"a",
                  "closing, before td_maxack",
                  TrackState::LastAck,
                  true,
                  true,
                  ack,
                  original,
                  own,
                  max - 1,
                  0,
                  {"CL", "INV", "INV", "INV", "CL", "CL"}},
             Case{"b",
                  "before td_maxack",
                  es,
                  true,
                  true,
                  ack,
                  original,
                  own,
                  max - 1,
                  0,
                  {"CL", "INV", "INV", "INV", "INV", "INV"}},
             Case{"b",
                  "before td_maxack, after a SYN",
                  es,
                  true,
                  true,
                  syn,
                  original,
                  far,
                  max - 1,
                  0,
                  {"CL", "INV", "INV", "INV", "CL", "CL"}},
             Case{"c",
                  "at td_maxack",
                  es,
                  true,
                  true,
                  ack,
                  reply,
                  peer,
                  max,
                  0,
                  {"CL", "CL", "CL", "CL", "CL", "CL"}},
             Case{"c",
                  "in window but not at td_maxack",
                  es,
                  true,
                  true,
                  ack,
                  reply,
                  peer,
                  max + 1,
                  0,
                  {"CL", "CL", "CL", "ES", "ES", "ES"}},
             Case{"c",
                  "the same, not ASSURED",
                  es,
                  false,
                  true,
                  ack,
                  reply,
                  peer,
                  max + 1,
                  0,
                  {"CL", "CL", "CL", "CL", "CL", "CL"}},
             Case{"c",
                  "in train with the own last ACK",
                  es,
                  true,
                  true,
                  ack,
                  original,
                  max + 1,
                  max + 1,
                  0,
                  {"CL", "CL", "CL", "CL", "CL", "CL"}},
             Case{"c",
                  "not at td_maxack, beyond the window",
                  es,
                  true,
                  true,
                  ack,
                  reply,
                  peer,
                  far,
                  0,
                  {"INV", "INV", "INV", "INV", "INV", "INV"}},
             Case{"d",
                  "answers an ignored SYN of the server",
                  es,
                  true,
                  false,
                  syn,
                  reply,
                  77,
                  far,
                  77,
                  {"CL", "CL", "CL", "CL", "CL", "CL"}},
             Case{"d",
                  "acknowledges the own ignored SYN",
                  es,
                  true,
                  false,
                  syn,
                  original,
                  77,
                  far,
                  77,
                  {"CL", "CL", "CL", "CL", "CL", "INV"}},
             Case{"d",
                  "answers an ACK, not ASSURED",
                  es,
                  false,
                  false,
                  ack,
                  reply,
                  77,
                  far,
                  77,
                  {"CL", "CL", "CL", "CL", "CL", "CL"}},
             Case{"d",
                  "answers an ACK, ASSURED",
                  es,
                  true,
                  false,
                  ack,
                  reply,
                  77,
                  far,
                  77,
                  {"INV", "INV", "INV", "INV", "INV", "INV"}},
             Case{"f",
                  "beyond the window, nothing before it",
                  es,
                  true,
                  false,
                  none_yet,
                  original,
                  0,
                  far,
                  0,
                  {"INV", "INV", "INV", "INV", "INV", "INV"}},
         }) {
        std::size_t i = 0;
        for (const auto* era : eras) {
            INFO(era << ", step " << c.step << ": " << c.what);
            Network network = in_state(era, c.state);
            auto& e = network.table.entries.front();
            e.assured = c.assured;
            if (c.maxack && std::string(era) != "linux-2.6.18") {
                e.peers[reply].maxack_set = true;
                e.peers[reply].td_maxack = network.reading.literal(max);
            }
            e.last_class = c.last;
            e.last_direction = c.last_direction;
            e.last_end = network.reading.literal(c.last_end);
            const Step step = network.out(c.ack != 0 ? RA : R, c.seq, c.ack);
            CHECK(outcome(network, step, 5000) == c.expected[i++]);
            // Any accepted reset leaves 10 s, in CLOSE or (since 5.2) in ESTABLISHED.
            if (translated(step)) CHECK(network.entry().timeout == 10'000);
        }
    }
}
