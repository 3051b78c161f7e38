/// Tables of reference/endpoints.md as tests: a line for each stack, or for stacks that do alike, and a cell
/// for each column.  A cell names the answer and, behind it, what has become of the connection:
///
///   -     nothing is sent
///   ACK   <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>; ACK* where the text or FIN has been taken before
///   SA    <SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK>; NEW where it is that of another connection
///   SYN   the SYN again
///   RST   RFC 793's reset for a segment of no connection: <SEQ=SEG.ACK><CTL=RST>, or without ACK
///         <SEQ=0><ACK=SEG.END><CTL=RST,ACK>
///   RAA   <SEQ=SEG.ACK><ACK=SEG.END><CTL=RST,ACK>
///   RA    <SEQ=SND.NXT><ACK=RCV.NXT><CTL=RST,ACK>
///   RAS   <SEQ=SND.NXT><ACK=SEG.END><CTL=RST,ACK>
///   odd   <SEQ=SEG.ACK-1><ACK=0><CTL=ACK>
///
/// then ! where the connection is gone, >CW and so on where it has another state, and nothing where it stays.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "tests/spec/policy_rows.hpp"
#include "tests/spec/tcp/endpoint_bench.hpp"

namespace halfopen {

inline std::string short_name(TcpState state) {
    static constexpr std::array<const char*, tcp_state_count> names{"CD", "LI", "SS", "SR", "ES", "F1",
                                                                    "F2", "CW", "CL", "LA", "TW"};
    return names[static_cast<std::size_t>(state)];
}

/// What one segment of an answer is called in a cell.
inline std::string cell_word(const Bench& bench, const ConcreteSegment& got, const ConcreteSegment& sent) {
    const ConcreteTcb& was = bench.before;
    const std::uint32_t end = got.seq.value + got.span();
    const std::uint32_t got_ack = got.has(flag::ack) ? got.ack.value : 0;
    const bool acks = sent.has(flag::ack);
    const auto is = [&](std::uint8_t flags, std::uint32_t seq, std::uint32_t ack) {
        return sent.flags == flags && sent.seq.value == seq && (!acks || sent.ack.value == ack);
    };
    constexpr std::uint8_t rst_ack = flag::rst | flag::ack, syn_ack = flag::syn | flag::ack;
    if (got.has(flag::ack) ? is(flag::rst, got_ack, 0) : is(rst_ack, 0, end)) return "RST";
    if (is(rst_ack, was.snd_nxt.value, was.rcv_nxt.value)) return "RA";
    if (is(rst_ack, got_ack, end)) return "RAA";
    if (is(rst_ack, was.snd_nxt.value, end)) return "RAS";
    if (is(flag::ack, was.snd_nxt.value, was.rcv_nxt.value)) return "ACK";
    if (is(flag::ack, was.snd_nxt.value, bench.tcb.rcv_nxt.value)) return "ACK*";
    if (is(flag::ack, got_ack - 1, 0)) return "odd";
    if (is(syn_ack, was.iss.value, bench.tcb.rcv_nxt.value)) return "SA";
    if (is(syn_ack, bench.tcb.iss.value, bench.tcb.rcv_nxt.value)) return "NEW";
    if (is(flag::syn, was.iss.value, 0)) return "SYN";
    return "<" + to_string(sent) + ">";
}

/// Sends the segment and says what came of it as a cell does.
inline std::string cell(Bench& bench, std::string_view flags, std::uint32_t seq, std::uint32_t ack = 0,
                        std::uint32_t length = 0) {
    bench.gets(flags, seq, ack, length);
    std::string text;
    for (const ConcreteSegment& sent : bench.sent)
        text += (text.empty() ? "" : "+") + cell_word(bench, bench.got, sent);
    if (text.empty()) text = "-";
    if (bench.tcb.state == bench.before.state) return text;
    return text + (bench.tcb.state == TcpState::Closed ? "!" : ">" + short_name(bench.tcb.state));
}
inline std::string cell(Bench&& bench, std::string_view flags, std::uint32_t seq, std::uint32_t ack = 0,
                        std::uint32_t length = 0) {
    return cell(bench, flags, seq, ack, length);
}

/// Where a segment stands to RCV.NXT: "left", "RN-1", "RN", "RN+1", "last" (of the window), "edge", "right".
inline std::uint32_t position(const std::string& name) {
    static const std::map<std::string, std::uint32_t> positions{
        {"left", RN - 5'000'000}, {"RN-2", RN - 2},       {"RN-1", RN - 1},         {"RN", RN},
        {"RN+1", RN + 1},         {"RN+2", RN + 2},       {"in", RN + 1000},        {"last", RN + W - 1},
        {"edge", RN + W},         {"beyond", RN + W + 1}, {"right", RN + 5'000'000}};
    return positions.at(name);
}

/// A table as check_policy_rows() has it, of stacks.  run(stack, column) gives the cell.  All stacks that are
/// shipped have to be there.
template <class Run>
void check_cells(const std::string& table, Run&& run) {
    std::vector<std::string> missing =
        PolicyLibrary(HALFOPEN_SOURCE_DIR "/spec/policies").names(PolicyKind::Endpoint);
    const auto meet = [&](const std::string& stack) {
        const auto found = std::find(missing.begin(), missing.end(), stack);
        REQUIRE(found != missing.end());
        missing.erase(found);
    };
    check_policy_rows(table, meet, run);
    CHECK(missing == std::vector<std::string>{});
}

}  // namespace halfopen
