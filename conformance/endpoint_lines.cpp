#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "conformance/kernel_states.hpp"
#include "conformance/line_readers.hpp"
#include "conformance/segment_fields.hpp"

namespace halfopen::conformance {

namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 6> event_names{"segment",  "connect", "write",
                                                      "shutdown", "close",   "wait"};
constexpr std::array<std::string_view, 5> timer_kinds{"none", "on", "keepalive", "timewait", "persist"};

std::string state_of(const JsonObject& o, const char* key) {
    std::string state = o.text(key);
    if (std::find(kernel_state_names.begin(), kernel_state_names.end(), state) == kernel_state_names.end())
        throw InputError(o.place(), o.path(key) + ": " + unknown_name("state", state, kernel_state_names));
    return state;
}

template <std::size_t n>
std::size_t index_of(const JsonObject& o, const char* key, const std::array<std::string_view, n>& names) {
    const std::string name = o.text(key);
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
        throw InputError(o.place(), o.path(key) + ": " + unknown_name("value", name, names));
    return static_cast<std::size_t>(found - names.begin());
}

EndpointObservation step_from(const json& value, const Place& place, const std::string& path) {
    const JsonObject o(value, place, path,
                       {"do", "at", "until", "flags", "seq", "ack", "win", "len", "tsval", "tsecr", "options",
                        "replies", "kernel_state_after", "timer"});
    EndpointObservation s;
    s.event = static_cast<EndpointEvent>(index_of(o, "do", event_names));
    s.at = o.number("at");
    s.until = o.number("until");
    if (s.until < s.at) o.refuse("until", "a time not before that of \"at\"");
    if (s.event == EndpointEvent::Segment) s.segment = segment_from(o);
    if (s.event == EndpointEvent::Write) s.length = o.number("len", 65495);
    s.replies = replies_from(o, "replies");
    s.state_after = state_of(o, "kernel_state_after");
    s.timer_recorded = o.has("timer");
    if (!o.is_null("timer")) {
        const JsonObject t(o.object("timer"), place, o.path("timer"), {"kind", "ms"});
        const std::size_t kind = index_of(t, "kind", timer_kinds);
        if (kind != 0) s.timer = ObservedTimer{std::string(timer_kinds[kind]), t.number("ms")};
    }
    return s;
}

}  // namespace

EndpointProbe read_probe(const json& value, const Place& place) {
    const JsonObject o(value, place, "", {"id",        "seed",         "kernel",
                                          "state",     "kernel_state", "flags",
                                          "seq_class", "ack_class",    "rcv_nxt",
                                          "snd_nxt",   "snd_una",      "rcv_wnd",
                                          "ts_recent", "ts_clock",     "ts_first",
                                          "ts_newest", "seq",          "ack",
                                          "len",       "win",          "tsval",
                                          "tsecr",     "ts_class",     "tsecr_class",
                                          "options",   "replies",      "kernel_state_after"});
    EndpointProbe p;
    p.line = place.line;
    p.state = o.text("state");
    if (!state_named(p.state))
        throw InputError(place, "state: " + unknown_name("state", p.state, tcp_state_names));
    p.seq_class = o.has("seq_class") ? o.text("seq_class") : "";
    p.ack_class = o.has("ack_class") ? o.text("ack_class") : "";
    const auto number = [&](const char* key) { return o.optional(key, [&] { return o.number(key); }); };
    p.rcv_nxt = number("rcv_nxt");
    p.snd_nxt = number("snd_nxt");
    p.snd_una = number("snd_una");
    p.ts_recent = number("ts_recent");
    p.ts_class = o.has("ts_class") ? o.text("ts_class") : "";
    p.tsecr_class = o.has("tsecr_class") ? o.text("tsecr_class") : "";
    p.ts_clock = number("ts_clock");
    p.ts_first = number("ts_first");
    p.ts_newest = number("ts_newest");
    if (p.ts_first.has_value() != p.ts_newest.has_value())
        throw InputError(place, "\"ts_first\" and \"ts_newest\" stand together or not at all");
    if (p.state != "LISTEN" && p.state != "CLOSED") {
        if (!p.rcv_nxt) o.refuse("rcv_nxt", "a whole number");
        if (!p.snd_nxt) o.refuse("snd_nxt", "a whole number");
    }
    p.rcv_wnd = o.number("rcv_wnd", 1U << 30U);
    p.segment = segment_from(o);
    p.segment.window = o.has("win") ? p.segment.window : p.rcv_wnd;
    p.replies = replies_from(o, "replies");
    p.state_after = state_of(o, "kernel_state_after");
    return p;
}

EndpointSequence read_endpoint_sequence(const json& value, const Place& place) {
    const JsonObject o(value, place, "", {"id", "seed", "kernel", "script", "config", "end", "steps"});
    EndpointSequence q;
    q.line = place.line;
    q.name = fmt::format("{} {}, seed {}", one_line(o.text("script")), o.number("id"), o.number("seed"));
    q.kernel = o.has("kernel") ? o.text("kernel") : "";
    q.config = values_from(o, "config");
    const std::string end = o.text("end");
    if (end != "passive" && end != "active") o.refuse("end", "\"passive\" or \"active\"");
    q.passive = end == "passive";
    for (const json& step : o.list("steps"))
        q.steps.push_back(step_from(step, place, fmt::format("steps[{}]", q.steps.size())));
    for (std::size_t i = 1; i < q.steps.size(); ++i) {
        if (q.steps[i].at < q.steps[i - 1].until)
            throw InputError(place, fmt::format("steps[{}].at is before the step in front of it ended; times "
                                                "that do not go back are wanted",
                                                i));
    }
    return q;
}

}  // namespace halfopen::conformance
