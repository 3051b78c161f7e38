#include "tests/conformance/endpoint_replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "spec/policy/input_error.hpp"

namespace halfopen::conformance {

namespace {

using nlohmann::json;

constexpr Address server{0xC0000202, 2049};
constexpr Address peer{0x0A000001, 903};

/// Any: the kernel's own clock is not looked at.
constexpr Number kernel_clock{1, 0};

/// RFC names and those of ss(8); a listener's port has no socket for the tuple.
const std::map<std::string, TcpState, std::less<>> states{
    {"LISTEN", TcpState::Listen},           {"SYN_RCVD", TcpState::SynReceived},
    {"ESTABLISHED", TcpState::Established}, {"FIN_WAIT_1", TcpState::FinWait1},
    {"FIN_WAIT_2", TcpState::FinWait2},     {"CLOSE_WAIT", TcpState::CloseWait},
    {"CLOSING", TcpState::Closing},         {"LAST_ACK", TcpState::LastAck},
    {"TIME_WAIT", TcpState::TimeWait}};

std::string kernel_name(TcpState state) {
    switch (state) {
        case TcpState::Closed:
        case TcpState::Listen:
            return "NONE";
        case TcpState::SynReceived:
            return "SYN_RECV";
        case TcpState::FinWait1:
            return "FIN_WAIT1";
        case TcpState::FinWait2:
            return "FIN_WAIT2";
        default:
            return std::string(to_string(state));
    }
}

std::uint8_t read_flags(const std::string& letters) {
    std::uint8_t flags = 0;
    for (const char letter : letters) {
        switch (letter) {
            case 'F':
                flags |= flag::fin;
                break;
            case 'S':
                flags |= flag::syn;
                break;
            case 'R':
                flags |= flag::rst;
                break;
            case 'P':
                flags |= flag::psh;
                break;
            case 'A':
                flags |= flag::ack;
                break;
            default:
                throw InputError("unknown flag in \"" + letters + "\"; allowed: F, S, R, P, A");
        }
    }
    return flags;
}

std::optional<std::uint32_t> optional_number(const json& object, const char* key) {
    if (!object.contains(key) || object[key].is_null()) return std::nullopt;
    return object[key].get<std::uint32_t>();
}

EndpointProbe read_probe(const json& object) {
    EndpointProbe p;
    p.state = object.at("state").get<std::string>();
    if (!states.contains(p.state)) throw InputError("unknown state \"" + p.state + "\"");
    p.seq_class = object.at("seq_class").get<std::string>();
    p.ack_class = object.at("ack_class").get<std::string>();
    p.rcv_nxt = optional_number(object, "rcv_nxt");
    p.snd_nxt = optional_number(object, "snd_nxt");
    p.snd_una = optional_number(object, "snd_una");
    p.rcv_wnd = object.at("rcv_wnd").get<std::uint32_t>();
    p.flags = read_flags(object.at("flags").get<std::string>());
    p.seq = object.at("seq").get<std::uint32_t>();
    p.ack = object.at("ack").get<std::uint32_t>();
    p.length = object.at("len").get<std::uint32_t>();
    p.ts_recent = optional_number(object, "ts_recent");
    p.tsval = optional_number(object, "tsval");
    p.tsecr = optional_number(object, "tsecr");
    p.ts_class = object.value("ts_class", "");
    for (const json& reply : object.at("replies"))
        p.replies.push_back({read_flags(reply.at("flags").get<std::string>()),
                             reply.at("seq").get<std::uint32_t>(), reply.at("ack").get<std::uint32_t>(),
                             reply.at("len").get<std::uint32_t>(), optional_number(reply, "tsecr")});
    p.kernel_state_after = object.at("kernel_state_after").get<std::string>();
    return p;
}

/// The endpoint as the set-up left it.  What cannot be seen from outside is as a handshake by hand makes it:
/// nothing sent or received but SYN and FIN, the application's end still open for reading.
ConcreteTcb set_up(ConcreteReading& r, const Endpoint& endpoint, const EndpointProbe& probe) {
    const TcpState state = states.find(probe.state)->second;
    if (state == TcpState::Listen) return listening(r, endpoint, server);
    const Number rcv_nxt{probe.rcv_nxt.value_or(0), 0};
    const Number snd_nxt{probe.snd_nxt.value_or(0), 0};
    const auto word = [](const std::optional<std::uint32_t>& value) {
        return value ? std::optional(Number{*value, 0}) : std::nullopt;
    };
    ConcreteTcb tcb =
        established(r, endpoint, server, peer, snd_nxt, rcv_nxt, false,
                    probe.ts_recent ? std::optional(kernel_clock) : std::nullopt, word(probe.ts_recent));
    tcb.state = state;
    tcb.rcv_wnd = probe.rcv_wnd;
    tcb.max_snd_wnd = probe.rcv_wnd;
    tcb.irs = {rcv_nxt.value - 1, 0};
    const bool fin_sent =
        state != TcpState::SynReceived && state != TcpState::Established && state != TcpState::CloseWait;
    if (state == TcpState::CloseWait || state == TcpState::Closing || state == TcpState::LastAck ||
        state == TcpState::TimeWait)
        tcb.irs.value -= 1;
    tcb.iss = {snd_nxt.value - (fin_sent ? 2 : 1), 0};
    // The recording's snd_una stands before our FIN also where the peer has acknowledged it.
    if (tcb.fin_outstanding() || state == TcpState::SynReceived) tcb.snd_una = {snd_nxt.value - 1, 0};
    return tcb;
}

ConcreteSegment probe_segment(const EndpointProbe& probe) {
    const bool acks = (probe.flags & flag::ack) != 0;
    ConcreteSegment segment{
        peer, server, probe.flags, {probe.seq, 0}, {acks ? probe.ack : 0, 0}, probe.rcv_wnd, probe.length};
    if (probe.tsval) segment.timestamps = {true, Number{*probe.tsval, 0}, Number{probe.tsecr.value_or(0), 0}};
    return segment;
}

/// Our own SYN-ACK or FIN sent again because its timer happened to fire.
bool retransmission(const EndpointProbe& probe, const EndpointReply& reply) {
    const bool own = (reply.flags & (flag::syn | flag::fin)) != 0;
    return own && probe.snd_nxt && reply.seq == *probe.snd_nxt - 1 && probe.state != "LISTEN";
}

std::string show(const EndpointReply& reply, const EndpointProbe& probe) {
    const auto relative = [](std::uint32_t value, const std::optional<std::uint32_t>& base,
                             const char* name) {
        return base ? fmt::format("{}{:+}", name, static_cast<std::int32_t>(value - *base))
                    : fmt::format("{}", value);
    };
    std::string text = flags_to_string(reply.flags) + " " + relative(reply.seq, probe.snd_nxt, "SN");
    if ((reply.flags & flag::ack) != 0) text += " ack " + relative(reply.ack, probe.rcv_nxt, "RN");
    if (reply.tsecr) text += " ecr " + relative(*reply.tsecr, probe.ts_recent, "TS.Recent");
    return text;
}

std::string show(const std::vector<EndpointReply>& replies, const EndpointProbe& probe) {
    std::string text;
    for (const EndpointReply& reply : replies) text += (text.empty() ? "" : ", ") + show(reply, probe);
    return text.empty() ? "nothing" : text;
}

}  // namespace

std::vector<EndpointProbe> read_probes(const std::filesystem::path& file) {
    std::ifstream in(file);
    if (!in) throw InputError({file.string(), 0, 0}, "cannot be read");
    std::vector<EndpointProbe> probes;
    std::string line;
    for (std::uint32_t number = 1; std::getline(in, line); ++number) {
        if (line.empty()) continue;
        try {
            probes.push_back(read_probe(json::parse(line)));
        } catch (const json::exception& error) {
            throw InputError({file.string(), number, 0}, error.what());
        } catch (const InputError& error) {
            throw InputError({file.string(), number, 0}, error.what());
        }
        probes.back().line = number;
    }
    return probes;
}

EndpointPrediction predict(const Endpoint& endpoint, const EndpointProbe& probe) {
    ConcreteReading r;
    ConcreteTcb tcb = set_up(r, endpoint, probe);
    const auto step = receive<ConcreteReading>(r, endpoint, tcb, probe_segment(probe), Number{0, 0});
    EndpointPrediction prediction;
    for (const ConcreteSegment& s : step.sent) {
        const auto echo = s.timestamps.present ? std::optional(s.timestamps.echo.value) : std::nullopt;
        prediction.replies.push_back({s.flags, s.seq.value, s.ack.value, s.length, echo});
    }
    prediction.kernel_state_after = kernel_name(tcb.state);
    prediction.rule = step.rule != nullptr ? step.rule->id : std::string(step.reason);
    return prediction;
}

bool agrees(const EndpointProbe& probe, const EndpointPrediction& prediction) {
    if (probe.kernel_state_after != prediction.kernel_state_after) return false;
    std::vector<EndpointReply> seen;
    for (EndpointReply reply : probe.replies) {
        const bool expected = std::find(prediction.replies.begin(), prediction.replies.end(), reply) !=
                              prediction.replies.end();
        if (!expected && retransmission(probe, reply)) continue;
        // The ISN of a new connection is drawn: predict() draws 0.
        if (probe.state == "LISTEN" && (reply.flags & flag::syn) != 0) reply.seq = 0;
        // The acknowledgement field of a segment without ACK means nothing.
        if ((reply.flags & flag::ack) == 0) reply.ack = 0;
        seen.push_back(reply);
    }
    return seen == prediction.replies;
}

std::string describe(const EndpointProbe& probe, const EndpointPrediction& prediction) {
    const std::string timestamp = probe.ts_class.empty() ? "" : " ts " + probe.ts_class;
    return fmt::format("line {}: {} {} seq {} ack {} len {}{}: kernel {} -> {}; policy {} -> {} (rule {})",
                       probe.line, probe.state, flags_to_string(probe.flags), probe.seq_class,
                       probe.ack_class, probe.length, timestamp, show(probe.replies, probe),
                       probe.kernel_state_after, show(prediction.replies, probe),
                       prediction.kernel_state_after, prediction.rule);
}

}  // namespace halfopen::conformance
