#include "policy_report/witness_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>

#include "spec/nat/usual_entry.hpp"
#include "spec/tcp/usual_tcb.hpp"

namespace halfopen {
namespace {

class ToMembers {
   public:
    template <class T>
    void operator()(const char* name, const T& value) {
        if constexpr (std::is_same_v<T, bool>)
            all.emplace_back(name, value ? "true" : "false");
        else if constexpr (std::is_same_v<T, Number>)
            all.emplace_back(name, fmt::format("{}", value.value));
        else if constexpr (std::is_same_v<T, Address>)
            all.emplace_back(name, to_string(value));
        else if constexpr (std::is_same_v<T, TcpState> || std::is_same_v<T, TrackState>)
            all.emplace_back(name, to_string(value));
        else if constexpr (std::is_same_v<T, SegmentClass>)
            all.emplace_back(name, segment_class_names[static_cast<std::size_t>(value)]);
        else if constexpr (std::is_same_v<T, SideState>)
            all.emplace_back(name, side_names[static_cast<std::size_t>(value)]);
        else if constexpr (std::is_integral_v<T>)
            all.emplace_back(name, fmt::format("{}", static_cast<std::uint32_t>(value)));
        else if constexpr (requires { value.wl1; }) {
            all.emplace_back("snd_wnd", value.kept ? fmt::format("{}", value.wnd) : "none");
            if (value.kept) all.emplace_back("snd_wl1", fmt::format("{}", value.wl1.value));
        } else if constexpr (requires { value.stretches; })
            all.emplace_back("kept_text", kept_text(value.stretches));
        else if constexpr (requires { value.recent; }) {
            all.emplace_back("ts_recent", value.known ? fmt::format("{}", value.recent.value) : "none");
            // In SYN_SENT all there is to compare a segment's timestamp with.
            if (value.on && !value.known) all.emplace_back("ts_clock", fmt::format("{}", value.clock.value));
        } else if constexpr (requires { value.newest; }) {
            if (!value.kept) return;
            all.emplace_back("ts_first_syn", fmt::format("{}", value.first.value));
            all.emplace_back("ts_newest_syn", fmt::format("{}", value.newest.value));
        } else
            for (std::size_t i = 0; i < value.size(); ++i)
                all.emplace_back(fmt::format("{} timer", to_string(static_cast<TcpTimer>(i))),
                                 value[i] == timer_off ? "off" : fmt::format("{} ms", value[i]));
    }
    Members all;

   private:
    /// "100:200 + 300:401 FIN"
    template <class Stretches>
    static std::string kept_text(const Stretches& stretches) {
        std::string text;
        for (const auto& one : stretches)
            text += fmt::format("{}{}:{}{}", text.empty() ? "" : " + ", one.begin.value, one.end.value,
                                one.fin ? " FIN" : "");
        return text.empty() ? "none" : text;
    }
};

template <class Actor>
Members listed(const Actor& actor) {
    ToMembers members;
    fields(members, actor);
    return members.all;
}

bool one_of(const std::string& name, std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// Its value; "none" where it is not listed, as members are not that a connection does without.
std::string value_in(const Members& members, const std::string& name) {
    const auto at =
        std::find_if(members.begin(), members.end(), [&](const auto& m) { return m.first == name; });
    return at == members.end() ? "none" : at->second;
}

/// "name=value" for each member that is not as usual.
std::string unusual(const Members& is, const Members& usual) {
    std::string text;
    for (const auto& [name, value] : is) {
        if (value == value_in(usual, name) || name.ends_with(" timer") ||
            one_of(name, {"local", "remote", "inside", "outside", "destination", "state", "timeout"}))
            continue;
        text += fmt::format("{}{}={}", text.empty() ? "" : ",", name, value);
    }
    return text;
}

std::vector<std::string> changes(const Members& before, const Members& after) {
    std::vector<std::string> lines;
    for (const auto& [name, value] : before)
        if (const std::string now = value_in(after, name); value != now && name != "state")
            lines.push_back(fmt::format("{} {} -> {}", name, value, now));
    return lines;
}

std::string state_line(std::string_view before, std::string_view after) {
    return before == after ? fmt::format("stays in {}", before) : fmt::format("{} -> {}", before, after);
}

std::string_view verdict_text(const PolicyCase& at, TrackVerdict verdict) {
    const bool out = at.direction != direction_reply;
    switch (verdict) {
        case TrackVerdict::Accept:
            return "accepted: forwarded, translated";
        case TrackVerdict::Ignore:
            return "ignored: forwarded and translated, but not tracked";
        case TrackVerdict::Invalid:
            return out ? "INVALID: leaves untranslated unless a rule drops it"
                       : "INVALID: reaches the NAT host's own TCP unless a rule drops it";
        case TrackVerdict::Drop:
            return "dropped";
        case TrackVerdict::Repeat:
            return "the entry is deleted and the segment looked up again";
    }
    return {};
}

}  // namespace

Members members_of(const ConcreteTcb& tcb) { return listed(tcb); }
Members members_of(const ConntrackEntry<ConcreteReading>& entry) { return listed(entry); }

std::string state_text(const PolicyKind kind, const PolicyCase& at) {
    const Vocabulary& words = vocabulary(kind);
    std::string text(words.states[at.state]);
    if (words.rules_have_direction) text += fmt::format(", {} direction", direction_name(at.direction));
    return text;
}

std::string with_text(const Policy& policy, const PolicyWitness& witness) {
    if (witness.tcb) {
        const ConcreteTcb& tcb = *witness.tcb;
        const bool fresh = tcb.state == TcpState::Closed || tcb.state == TcpState::Listen;
        const ConcreteTcb usual =
            fresh ? usual_tcb(tcb.state) : usual_tcb(tcb.state, tcb.rcv_nxt.value, tcb.snd_nxt.value);
        Members base = listed(usual);
        // Where the two bases are not the usual ones they have to be said, too.
        const Members plain = listed(usual_tcb(tcb.state));
        for (std::size_t i = 0; i < base.size(); ++i)
            if (one_of(base[i].first, {"rcv_nxt", "snd_nxt"})) base[i] = plain[i];
        return unusual(listed(tcb), base);
    }
    const Nat nat(policy);
    return unusual(listed(*witness.entry), listed(usual_entry(nat.settings(), witness.entry->state)));
}

ReportJson witness_json(const PolicyWitness& witness) {
    ReportJson context = ReportJson::object();
    for (const auto& [name, value] : witness.tcb ? listed(*witness.tcb) : listed(*witness.entry))
        context[name] = value;
    ReportJson json{{"packet", to_string(witness.segment)}, {"flags", flags_to_string(witness.segment.flags)},
                    {"seq", witness.segment.seq.value},     {"ack", witness.segment.ack.value},
                    {"window", witness.segment.window},     {"length", witness.segment.length}};
    if (const auto& stamp = witness.segment.timestamps; stamp.present)
        json["timestamp"] = {{"value", stamp.value.value}, {"echo", stamp.echo.value}};
    json[witness.tcb ? "tcb" : "entry"] = std::move(context);
    return json;
}

std::vector<std::string> outcome_lines(const PolicyWitness& witness, const PolicyOutcome& outcome) {
    std::vector<std::string> lines;
    if (outcome.tcb) {
        for (const ConcreteSegment& sent : outcome.step.sent) lines.push_back("sends " + to_string(sent));
        if (outcome.step.sent.empty()) lines.emplace_back("sends nothing");
        const bool gone = outcome.tcb->state == TcpState::Closed && witness.tcb->state != TcpState::Closed;
        lines.push_back(gone ? fmt::format("{} -> the connection is gone", to_string(witness.tcb->state))
                             : state_line(to_string(witness.tcb->state), to_string(outcome.tcb->state)));
        if (outcome.step.event != ConnectionEvent::None)
            lines.push_back(fmt::format("the application is told: {}", to_string(outcome.step.event)));
        if (!gone)
            for (std::string& line : changes(listed(*witness.tcb), listed(*outcome.tcb)))
                lines.push_back(std::move(line));
        return lines;
    }
    lines.emplace_back(verdict_text(witness.at, outcome.tracked.verdict));
    for (const ConcreteSegment& sent : outcome.answers)
        lines.push_back("the NAT itself sends " + to_string(sent));
    if (outcome.tracked.delete_entry) {
        if (outcome.tracked.verdict != TrackVerdict::Repeat) lines.emplace_back("the entry is deleted");
        return lines;
    }
    // A segment that is INVALID without an entry makes none.
    if (witness.entry->state == TrackState::None && outcome.tracked.verdict != TrackVerdict::Accept)
        return lines;
    lines.push_back(state_line(to_string(witness.entry->state), to_string(outcome.entry->state)));
    for (std::string& line : changes(listed(*witness.entry), listed(*outcome.entry)))
        lines.push_back(std::move(line));
    return lines;
}

ReportJson outcome_json(const PolicyWitness& witness, const PolicyOutcome& outcome) {
    ReportJson json{{"rule", outcome.rule != nullptr ? ReportJson(outcome.rule->id) : ReportJson()},
                    {"outcome", outcome_lines(witness, outcome)}};
    return json;
}

}  // namespace halfopen
