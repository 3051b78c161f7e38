#include "counterexamples/sequence_painter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "counterexamples/markup.hpp"
#include "counterexamples/wording.hpp"

namespace halfopen {

namespace {

/// The class that gives a packet its colour.
std::string_view class_of(const ConcreteSegment& segment) {
    switch (segment_class(segment.flags)) {
        case SegmentClass::Syn:
            return "syn";
        case SegmentClass::SynAck:
            return "synack";
        case SegmentClass::Rst:
            return "rst";
        case SegmentClass::Fin:
            return "data";
        case SegmentClass::Ack:
            return segment.length > 0 ? "data" : "ack";
        case SegmentClass::None:
            break;
    }
    return "ack";
}

struct Point {
    double x = 0, y = 0;
};

/// A cross where something ends.
std::string cross(Point at, std::string_view kind) {
    constexpr double r = 6;
    return fmt::format(
        "<path class=\"cross {}\" d=\"M{:.1f} {:.1f}L{:.1f} {:.1f}M{:.1f} {:.1f}L{:.1f} {:.1f}\"/>", kind,
        at.x - r, at.y - r, at.x + r, at.y + r, at.x - r, at.y + r, at.x + r, at.y - r);
}

class Painter {
   public:
    Painter(const Story& story, const SequenceLayout& layout)
        : story_(story), layout_(layout), flights_(flights(story)) {}

    std::string body() {
        loop();
        bands();
        lanes();
        notes();
        loop_arrow();
        for (const Flight& flight : flights_) packet(flight);
        for (const LayoutRow& row : layout_.rows) {
            if (row.step) actor(row, *row.step);
        }
        return std::move(out_);
    }

   private:
    double right() const { return layout_.width; }
    double lane(std::size_t node) const { return layout_.lanes[node]; }
    double bottom() const { return layout_.height; }

    void loop() {
        if (!layout_.loop_from) return;
        const double top = *layout_.loop_from, end = bottom() - 4;
        out_ += fmt::format(
            "<rect class=\"loop\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" rx=\"8\"/>",
            layout_.gutter - 58, top, right() - layout_.gutter + 54, end - top);
    }
    void loop_arrow() {
        if (!layout_.loop_from) return;
        const double top = *layout_.loop_from, end = bottom() - 4;
        // Back up to where it began.
        const double x = right() - 12;
        out_ += fmt::format(
            "<path class=\"loop-back\" d=\"M{0:.1f} {1:.1f}h8v{2:.1f}h-8\"/>"
            "<path class=\"loop-head\" d=\"M{3:.1f} {4:.1f}l7 -4v8z\"/>",
            x, end - 10, -(end - top - 24), x - 5, top + 14);
        out_ += fmt::format(
            "<text class=\"loop-word\" transform=\"translate({:.1f} {:.1f}) rotate(-90)\">for ever</text>",
            right() - 8, top + (end - top) / 2);
    }
    void bands() {
        for (const LayoutRow& row : layout_.rows) {
            if (!row.step) continue;
            out_ += fmt::format(
                "<rect class=\"row\" data-step=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" "
                "height=\"{:.1f}\" rx=\"6\"/>",
                *row.step, layout_.gutter - 58, row.y - row_height * 0.5, right() - layout_.gutter + 34,
                row_height);
        }
    }
    void notes() {
        for (const LayoutRow& row : layout_.rows) {
            if (!row.step)
                out_ += fmt::format(
                    "<g class=\"again\"><line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>"
                    "<text x=\"{:.1f}\" y=\"{:.1f}\">⟳ {}</text></g>",
                    layout_.gutter - 50, row.y, right() - 20, row.y, (layout_.gutter + right()) / 2 - 20,
                    row.y + 4, markup(row.note));
            else if (row.first_of_instant)
                out_ += fmt::format("<text class=\"time\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>",
                                    layout_.gutter - 8, row.y + 4, clock(row.at));
        }
    }
    /// A lane's line, broken where its node is down.
    void lanes() {
        for (std::size_t node = 0; node < story_.nodes.size(); ++node) {
            out_ += fmt::format("<line class=\"lane{}\" x1=\"{:.1f}\" y1=\"0\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>",
                                story_.nodes[node].kind == StoryNode::Kind::Nat ? " nat" : "", lane(node),
                                lane(node), bottom());
            if (story_.nodes[node].kind != StoryNode::Kind::Nat) continue;
            double since = -1;  // y; negative while it is up
            for (const LayoutRow& row : layout_.rows) {
                if (!row.step) continue;
                const bool down = story_.steps[*row.step].states.at(story_.nodes[node].name).at("down");
                if (down && since < 0) since = row.y;
                if (down || since < 0) continue;
                down_bar(node, since, row.y);
                since = -1;
            }
            if (since >= 0) down_bar(node, since, bottom());
        }
    }
    void down_bar(std::size_t node, double from, double to) {
        out_ += fmt::format(
            "<rect class=\"down\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"9\" height=\"{:.1f}\" rx=\"2\"/>",
            lane(node) - 4.5, from, to - from);
    }
    /// From where it is sent to where it ends.
    void packet(const Flight& flight) {
        const std::optional<double> sent = flight.sent_by < story_.steps.size()
                                               ? layout_.y_of_step[flight.sent_by]
                                               : std::optional<double>();
        std::optional<double> ended = flight.ended_by ? layout_.y_of_step[*flight.ended_by] : std::nullopt;
        if (!sent && !ended) return;
        const Point from{lane(flight.from), sent ? *sent : *ended - row_height * 0.8};
        const std::size_t target = flight.to ? *flight.to : lane_towards(story_, flight);
        Point to{lane(target), ended ? *ended : from.y + row_height * 0.9};
        // Folded away on its way, it would seem to take the time of all the rounds between.
        if (sent && flight.ended_by && !ended) to.y = from.y + row_height * 0.9;
        if (target == flight.from) to.x += layout_.lane_gap * 0.35;
        std::string_view fate;
        if (flight.fate == Flight::Fate::NoOwner) {
            // It goes on towards whom it is meant for, and is seen ending well after the sender.
            const double share = std::abs(to.x - from.x) > layout_.lane_gap * 1.5 ? 0.4 : 0.72;
            to = {from.x + (to.x - from.x) * share, from.y + row_height * 0.62};
            fate = " lost leaked";
        } else if (flight.fate == Flight::Fate::Lost) {
            to = {from.x + (to.x - from.x) * 0.6, from.y + (to.y - from.y) * 0.6};
            fate = " lost";
        } else if (flight.fate == Flight::Fate::StillThere) {
            to = {from.x + (to.x - from.x) * 0.6, from.y + (to.y - from.y) * 0.6};
            fate = " waiting";
        }
        const std::size_t step = sent ? flight.sent_by : *flight.ended_by;
        out_ +=
            fmt::format("<g class=\"packet {}{}\" data-step=\"{}\"", class_of(flight.segment), fate, step);
        if (flight.ended_by) out_ += fmt::format(" data-end=\"{}\"", *flight.ended_by);
        out_ += fmt::format("><title>{}</title>", markup(to_string(flight.segment)));
        const double dx = to.x - from.x, dy = to.y - from.y, length = std::hypot(dx, dy);
        const Point unit{dx / length, dy / length};
        const bool ends = flight.fate == Flight::Fate::NoOwner || flight.fate == Flight::Fate::Lost;
        const double inset = 5;
        const Point a{from.x + unit.x * inset, from.y + unit.y * inset};
        const Point b = ends ? to : Point{to.x - unit.x * (inset + 6), to.y - unit.y * (inset + 6)};
        out_ += fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>", a.x, a.y, b.x,
                            b.y);
        if (ends) {
            out_ += cross(to, "");
        } else {
            const Point tip{to.x - unit.x * inset, to.y - unit.y * inset};
            out_ +=
                fmt::format("<path class=\"head\" d=\"M{:.1f} {:.1f}L{:.1f} {:.1f}L{:.1f} {:.1f}z\"/>", tip.x,
                            tip.y, tip.x - unit.x * 9 - unit.y * 4, tip.y - unit.y * 9 + unit.x * 4,
                            tip.x - unit.x * 9 + unit.y * 4, tip.y - unit.y * 9 - unit.x * 4);
        }
        label(flight, from, to, ends);
        out_ += "</g>";
    }
    /// Along the arrow: what it is, and what it acknowledges or what becomes of it.
    void label(const Flight& flight, Point from, Point to, bool ends) {
        double angle = std::atan2(to.y - from.y, to.x - from.x) * 180 / std::numbers::pi;
        if (angle > 90) angle -= 180;
        if (angle < -90) angle += 180;
        angle = std::clamp(angle, -28.0, 28.0);
        const double share = ends ? 0.5 : 0.52;
        const std::string at =
            fmt::format("translate({:.1f} {:.1f}) rotate({:.1f})", from.x + (to.x - from.x) * share,
                        from.y + (to.y - from.y) * share, angle);
        const ConcreteSegment& segment = flight.segment;
        std::string first = fmt::format("{} {}", kind_of(segment), segment.seq.value);
        if (segment.length > 0) first += fmt::format(" +{}", segment.length);
        std::string second;
        if (segment.has(flag::ack)) second = fmt::format("ack {}", segment.ack.value);
        if (flight.fate == Flight::Fate::NoOwner) second = "leaks, lost";
        if (flight.fate == Flight::Fate::NoOwner && story_.nodes[flight.from].kind != StoryNode::Kind::Nat)
            second = "no way there";
        if (flight.fate == Flight::Fate::Lost) second = "lost on the way";
        // Above the line, both: below it the next arrow begins where a packet is answered.  One that ends on
        // the way is not.
        const bool stacked = !second.empty() && !ends;
        out_ += fmt::format("<g transform=\"{}\"><text class=\"label\" y=\"{}\">{}</text>", at,
                            stacked ? -17 : -5, first);
        if (!second.empty())
            out_ += fmt::format("<text class=\"label second\" y=\"{}\">{}</text>", stacked ? -5 : 13, second);
        out_ += "</g>";
    }
    /// The node of a column: "headnode/clientA" is headnode's.
    std::optional<std::size_t> node_of(const std::string& column) const {
        std::optional<std::size_t> best;
        for (std::size_t i = 0; i < story_.nodes.size(); ++i) {
            const std::string& name = story_.nodes[i].name;
            if (column != name && column.rfind(name + "/", 0) != 0) continue;
            if (!best || name.size() > story_.nodes[*best].name.size()) best = i;
        }
        return best;
    }
    /// What the step is at its actor: a dot, a cross where something ends there, and states that changed.
    void actor(const LayoutRow& row, std::size_t index) {
        const StoryStep& step = story_.steps[index];
        const std::size_t node = *step.actor;
        out_ += fmt::format("<g class=\"at\" data-step=\"{}\">", index);
        const bool dies = step.sent.empty() && !step.remarks.empty() && step.remarks.back().lost &&
                          step.kind == Step::Kind::Deliver;
        if (step.kind != Step::Kind::Lose && step.kind != Step::Kind::Duplicate)
            out_ += dies ? cross({lane(node), row.y}, "dies")
                         : fmt::format("<circle class=\"dot\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3.4\"/>",
                                       lane(node), row.y);
        const std::vector<std::string>& before = previous(index).shown;
        std::vector<unsigned> pills(story_.nodes.size(), 0);
        for (std::size_t c = 0; c < step.shown.size(); ++c) {
            if (step.shown[c] == before[c]) continue;
            const auto at = node_of(story_.columns[c]);
            // A NAT that goes down is down in each of its columns.
            const bool said = c > 0 && at == node_of(story_.columns[c - 1]) &&
                              step.shown[c] == step.shown[c - 1] && before[c - 1] != step.shown[c - 1];
            if (at && !said)
                pill(*at, row.y, step.shown[c] == "-" ? "none" : step.shown[c], pills[*at]++,
                     comes_from_left(step, *at), passes_on(step, *at));
        }
        if (!step.segment && step.kind != Step::Kind::Connect && step.kind != Step::Kind::Time &&
            step.sent.empty())
            event(node, row.y, step.text);
        out_ += "</g>";
    }
    const StoryStep& previous(std::size_t index) const {
        return index == 0 ? story_.initial : story_.steps[index - 1];
    }
    bool comes_from_left(const StoryStep& step, std::size_t node) const {
        if (step.segment && step.from && step.actor == node) return lane(*step.from) < lane(node);
        return node + 1 == story_.nodes.size() || (node > 0 && !step.segment);
    }
    /// A NAT that takes a segment from one side and sends it on to the other has an arrow's words on that
    /// other side.
    bool passes_on(const StoryStep& step, std::size_t node) const {
        return story_.nodes[node].kind == StoryNode::Kind::Nat && step.segment && step.from &&
               step.actor == node && !step.sent.empty();
    }
    /// A state that changed: on the side from which nothing came, or below the arrow that did come.
    void pill(std::size_t node, double y, const std::string& state, unsigned stacked, bool came_from_left,
              bool below) {
        const double width = 12 + 6.6 * static_cast<double>(state.size());
        const bool to_the_right = came_from_left != below;
        double x = to_the_right ? lane(node) + 7 : lane(node) - 7 - width;
        x = std::clamp(x, 2.0, right() - width - 2);
        const double top =
            below ? y + 4 + 17 * static_cast<double>(stacked) : y - 18 - 17 * static_cast<double>(stacked);
        out_ += fmt::format(
            "<g class=\"pill\"><rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"15\" rx=\"7.5\"/>"
            "<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text></g>",
            x, top, width, x + width / 2, top + 11, markup(state));
    }
    /// What happens to a node by itself, in a few words beside its lane.
    void event(std::size_t node, double y, const std::string& text) {
        const auto cut = text.find(';');
        const std::string words = text.substr(0, cut);
        const bool left = lane(node) > (layout_.gutter + right()) * 0.5 + 1;
        out_ += fmt::format("<text class=\"event{}\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>",
                            left ? " left" : "", lane(node) + (left ? -11 : 11), y + 15, markup(words));
    }
    const Story& story_;
    const SequenceLayout& layout_;
    std::vector<Flight> flights_;
    std::string out_;
};

}  // namespace

std::string paint(const Story& story, const SequenceLayout& layout) { return Painter(story, layout).body(); }

}  // namespace halfopen
