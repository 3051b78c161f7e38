/// Reads results of `check` back.  Every value is looked at before anything relies on it.
#include <fmt/format.h>

#include <algorithm>

#include "counterexamples/placed_json.hpp"
#include "counterexamples/story.hpp"
#include "spec/policy/input_error.hpp"
#include "spec/policy/utf8.hpp"

namespace halfopen {

namespace {

using Json = nlohmann::ordered_json;
using Value = PlacedJson;

/// Two hundred years: what no sum of a trace's times exceeds, and what no writer's arithmetic overflows at.
constexpr std::uint64_t time_max = 200ULL * 366 * 86'400'000;
constexpr std::size_t most_steps = 1'000'000;

ConcreteSegment read_segment(const Value& value) {
    ConcreteSegment segment;
    segment.source = value.at("source").address();
    segment.destination = value.at("destination").address();
    const Value flags = value.at("flags");
    for (const char letter : flags.text() == "none" ? std::string() : flags.text()) {
        constexpr std::string_view letters = "FSRP.";
        const auto bit = letters.find(letter);
        if (bit == std::string_view::npos) flags.fail("must be letters of \"SFRP.\", as tcpdump writes them");
        segment.flags = static_cast<std::uint8_t>(segment.flags | (1U << bit));
    }
    segment.seq = {value.at("seq").word(), 0};
    segment.ack = {value.at("ack").word(), 0};
    segment.window = value.at("window").word();
    // What an IPv4 packet holds beside two headers of 60 bytes.
    segment.length = static_cast<std::uint32_t>(value.at("length").number(65'535 - 120));
    if (value.has("tsval")) {
        segment.timestamps.present = true;
        segment.timestamps.value = {value.at("tsval").word(), 0};
        segment.timestamps.echo = {value.at("tsecr").word(), 0};
    }
    return segment;
}

void check_connection(const Value& value) {
    value.at("local").address();
    value.at("remote").address();
    value.at("state").choice("state", tcp_state_names);
    for (const char* key : {"iss", "snd_una", "snd_nxt", "rcv_nxt", "rcv_wnd", "unacked_data", "retransmits"})
        value.at(key).word();
    value.at("timers_ms").members([](const std::string&, const Value& left) { left.word(); });
}

void check_entry(const Value& value) {
    for (const char* key : {"inside", "outside", "destination"}) value.at(key).address();
    value.at("state").choice("state", track_state_names);
    value.at("timeout_ms").word();
    for (const char* key : {"seen_reply", "assured"}) value.at(key).boolean();
    for (const char* side : {"original", "reply"}) {
        for (const char* key : {"td_end", "td_maxend", "td_maxwin"}) value.at(side).at(key).word();
    }
}

class Reader {
   public:
    explicit Reader(Story& story) : story_(story) {}

    void read(const Value& root) {
        story_.scenario = root.at("scenario").text();
        story_.title = root.at("title").text();
        story_.verdict = root.at("verdict").text();
        root.at("nodes").each([&](const Value& node) { story_.nodes.push_back(read_node(node)); });
        if (story_.nodes.empty()) root.at("nodes").fail("must have a node");
        if (story_.nodes.size() > 64) root.at("nodes").fail("must have 64 nodes at most");
        const Value fault = root.at("fault");
        story_.fault.nat = fault.at("nat").text();
        story_.fault.table = fault.at("table").text();
        story_.fault.down_ms = fault.at("down_ms").number(time_max);
        story_.fault.idle_ms = fault.at("idle_ms").number(time_max);
        root.at("columns").each([&](const Value& title) { story_.columns.push_back(title.text()); });
        const Value trace = root.at("trace");
        if (!trace.json().empty() || !root.at("initial").is_null())
            read_after(root.at("initial"), story_.initial);
        if (trace.json().size() > most_steps)
            trace.fail(fmt::format("must have {} steps at most", most_steps));
        trace.each([&](const Value& step) { read_step(step); });
        const Value loop = root.at("loop_start");
        if (!loop.is_null()) story_.loop = loop.number(story_.steps.size());
    }

   private:
    StoryNode read_node(const Value& value) const {
        constexpr std::array<std::string_view, 3> kinds{"client", "nat", "server"};
        StoryNode node;
        node.kind = static_cast<StoryNode::Kind>(value.at("kind").choice("kind of node", kinds));
        node.name = value.at("name").text();
        if (node.name.empty()) value.at("name").fail("must not be empty");
        for (const StoryNode& other : story_.nodes) {
            if (other.name == node.name) value.at("name").fail("must be of one node only");
        }
        node.ip = value.at("address").ip();
        node.policy = value.at("policy").text();
        if (node.kind != StoryNode::Kind::Server) node.behind = value.at("behind").text();
        if (node.kind == StoryNode::Kind::Client) node.server = value.at("server").text();
        if (node.kind != StoryNode::Kind::Nat)
            node.port = static_cast<std::uint16_t>(value.at("port").number(UINT16_MAX));
        else {
            node.inside = value.at("inside").text();
            const auto slash = node.inside.find('/');
            const std::string bits = slash == std::string::npos ? "" : node.inside.substr(slash + 1);
            if (!parse_ip(node.inside.substr(0, slash)) || bits.empty() || bits.size() > 2 ||
                !std::all_of(bits.begin(), bits.end(), [](char c) { return c >= '0' && c <= '9'; }) ||
                std::stoi(bits) > 32)
                value.at("inside").fail("must be a network such as \"10.1.0.0/16\"");
            node.host_policy = value.at("host_policy").text();
        }
        node.parameters = Json::object();
        value.at("parameters").members([&](const std::string& key, const Value& text) {
            node.parameters[key] = text.text();
        });
        return node;
    }
    std::size_t node(const Value& value) const {
        for (std::size_t i = 0; i < story_.nodes.size(); ++i) {
            if (story_.nodes[i].name == value.text()) return i;
        }
        std::vector<std::string_view> known;
        for (const StoryNode& node : story_.nodes) known.push_back(node.name);
        value.fail(unknown_name("node", value.text(), known));
    }
    std::optional<std::size_t> node_or_null(const Value& value) const {
        return value.is_null() ? std::nullopt : std::optional(node(value));
    }
    static std::optional<StoryRule> read_rule(const Value& value) {
        if (value.is_null()) return std::nullopt;
        return StoryRule{value.at("id").text(), value.at("source").text(), value.at("file").text(),
                         value.at("line").number(UINT32_MAX)};
    }
    void read_after(const Value& value, StoryStep& step) const {
        const Value shown = value.at("shown");
        shown.each([&](const Value& text) { step.shown.push_back(text.text()); });
        if (step.shown.size() != story_.columns.size()) shown.fail("must have one text for each of /columns");
        const Value in_flight = value.at("in_flight");
        in_flight.each([&](const Value& packet) {
            node(packet.at("from"));
            node(packet.at("to"));
            packet.at("delay_ms").word();
            read_segment(packet.at("segment"));
            packet.at("segment").at("text").text();
        });
        step.in_flight = in_flight.json();
        const Value states = value.at("states");
        for (const StoryNode& at : story_.nodes) {
            const Value state = states.at(at.name);
            switch (at.kind) {
                case StoryNode::Kind::Client:
                    check_connection(state);
                    break;
                case StoryNode::Kind::Nat:
                    state.at("down").boolean();
                    state.at("entries").each(check_entry);
                    break;
                case StoryNode::Kind::Server:
                    state.each(check_connection);
                    break;
            }
        }
        step.states = states.json();
    }
    void read_step(const Value& value) {
        StoryStep step;
        step.at = value.at("time_ms").number(time_max);
        if (!story_.steps.empty() && step.at < story_.steps.back().at)
            value.at("time_ms").fail("must not be before the step before it");
        step.kind = static_cast<Step::Kind>(value.at("kind").choice("kind of step", step_kind_names));
        step.actor = node_or_null(value.at("actor"));
        if (!step.actor && step.kind != Step::Kind::Time) value.at("actor").fail("must be a node's name");
        step.from = node_or_null(value.at("from"));
        if (!value.at("segment").is_null()) step.segment = read_segment(value.at("segment"));
        const bool needs_segment = step.kind == Step::Kind::Deliver || step.kind == Step::Kind::Lose ||
                                   step.kind == Step::Kind::Duplicate;
        if (needs_segment && (!step.segment || !step.from))
            value.fail(fmt::format("a step of kind \"{}\" must have a segment and where it comes from",
                                   step_kind_names[static_cast<std::size_t>(step.kind)]));
        if (!value.at("outcome").is_null())
            step.outcome = static_cast<NatOutcome>(value.at("outcome").choice("outcome", outcome_names));
        value.at("sent").each([&](const Value& sent) {
            step.sent.push_back({read_segment(sent), node_or_null(sent.at("to"))});
        });
        step.rule = read_rule(value.at("rule"));
        step.host_rule = read_rule(value.at("host_rule"));
        step.event = value.at("event").text();
        value.at("draws").each([&](const Value& draw) {
            step.draws.push_back(
                {static_cast<Draw::Kind>(draw.at("kind").choice("kind of draw", draw_kind_names)),
                 draw.at("value").word()});
        });
        value.at("properties").each([&](const Value& name) { step.properties.push_back(name.text()); });
        step.text = value.at("text").text();
        value.at("remarks").each([&](const Value& remark) {
            step.remarks.push_back({remark.at("packet").text(), remark.at("lost").boolean(),
                                    remark.at("text").text(), remark.at("rule").text()});
        });
        if (!step.remarks.empty() && !step.actor) value.at("remarks").fail("must be empty without an actor");
        read_after(value, step);
        story_.steps.push_back(std::move(step));
    }

    Story& story_;
};

}  // namespace

Story read_story(const Json& result, const std::string& name) {
    Story story;
    Reader(story).read(Value(result, name, ""));
    return story;
}

Json parse_result(std::string_view text, const std::string& name) {
    refuse_what_is_not_text(text, name);
    try {
        return Json::parse(text);
    } catch (const Json::parse_error& error) {
        // "[json.exception.parse_error.101] parse error at line 1, column 1: syntax error while …"
        const std::string_view before = text.substr(0, error.byte > 0 ? error.byte - 1 : 0);
        const auto line = 1 + std::count(before.begin(), before.end(), '\n');
        const auto column = before.size() - (before.rfind('\n') + 1) + 1;  // npos + 1 is 0
        std::string_view what = error.what();
        what.remove_prefix(std::min(what.size(), what.find(": ") + 2));
        throw InputError(Place{name, static_cast<std::uint32_t>(line), static_cast<std::uint32_t>(column)},
                         fmt::format("is not JSON: {}", one_line(what)));
    } catch (const Json::exception& error) {
        std::string_view what = error.what();
        what.remove_prefix(std::min(what.size(), what.find("] ") + 2));
        throw InputError(fmt::format("{}: is not JSON: {}", one_line(name), one_line(what)));
    }
}

Story parse_story(std::string_view text, const std::string& name) {
    return read_story(parse_result(text, name), name);
}

}  // namespace halfopen
