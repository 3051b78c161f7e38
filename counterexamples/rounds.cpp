#include "counterexamples/rounds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "counterexamples/folding.hpp"
#include "counterexamples/narration.hpp"
#include "counterexamples/state_columns.hpp"
#include "counterexamples/stragglers.hpp"
#include "spec/world/recovery.hpp"

namespace halfopen {

namespace {

/// Rounds of two attempts are alike up to the client's ISS and the time stamps, so these are taken out of a
/// block's shape.
std::string without_fresh_numbers(std::string packet, const std::vector<std::uint32_t>& fresh) {
    for (const std::uint32_t iss : fresh) {
        for (const std::uint32_t number : {iss, iss + 1U}) {
            const std::string digits = fmt::format(" {}", number);
            const auto at = packet.find(digits);
            if (at != std::string::npos &&
                (at + digits.size() == packet.size() || packet[at + digits.size()] == ' '))
                packet.replace(at, digits.size(), " ISS");
        }
    }
    // Clocks run on from round to round.
    return packet.substr(0, packet.find(" [TS val "));
}

std::vector<std::uint32_t> fresh_numbers(const World& world) {
    std::vector<std::uint32_t> fresh;
    for (const ClientState& client : world.clients) {
        if (client.tcb.state == TcpState::SynSent) fresh.push_back(client.tcb.iss.value);
    }
    return fresh;
}

std::vector<std::uint32_t> fresh_numbers(const Story& story, const StoryStep& step) {
    std::vector<std::uint32_t> fresh;
    for (const StoryNode& node : story.nodes) {
        if (node.kind != StoryNode::Kind::Client) continue;
        const auto& tcb = step.states.at(node.name);
        if (tcb.at("state") == to_string(TcpState::SynSent)) fresh.push_back(tcb.at("iss"));
    }
    return fresh;
}

/// What of a trace is shown: everything, or only what concerns clients that stay behind.
class Selection {
   public:
    Selection(const Model& model, const Trace& trace, bool brief) : model_(model) {
        if (!brief) return;
        left_out_ = recovered_clients(model, trace);
        if (left_out_.size() == model.clients().size()) left_out_.clear();
    }
    const std::vector<RecoveredClient>& left_out() const { return left_out_; }
    bool shows(const Step& step, const World& before, const World& after) const {
        bool concerns_recovered = false;
        for (std::size_t client = 0; client < model_.clients().size(); ++client) {
            if (!concerns(model_, step, before, after, client)) continue;
            if (!is_left_out(client)) return true;
            concerns_recovered = true;
        }
        return !concerns_recovered;
    }
    /// Columns of clients that are left out, and of servers' connections that were theirs in the end.
    std::vector<StateColumn> without_left_out(const Trace& trace, std::vector<StateColumn> columns) const {
        const World& last = trace.steps.empty() ? trace.initial : trace.steps.back().after;
        std::erase_if(columns, [&](const StateColumn& column) {
            if (column.client != nobody) return is_left_out(column.client);
            return std::any_of(left_out_.begin(), left_out_.end(), [&](const RecoveredClient& recovered) {
                const auto outside = outside_address(model_, last, recovered.client);
                return outside && outside->port == column.outside_port;
            });
        });
        return columns;
    }

   private:
    bool is_left_out(std::size_t client) const {
        return std::any_of(left_out_.begin(), left_out_.end(),
                           [&](const RecoveredClient& recovered) { return recovered.client == client; });
    }

    const Model& model_;
    std::vector<RecoveredClient> left_out_;
};

/// Collects rows into blocks, and keeps of each row's states those that are new.
class Collector {
   public:
    Collector(Sheet& sheet, std::optional<std::size_t> loop)
        : sheet_(sheet), loop_(loop), shown_(sheet.initial) {}

    /// A step's rows; `now` has its states in every column.
    void step(std::size_t index, std::uint64_t at, std::vector<Row> rows, const std::vector<std::string>& now,
              const std::vector<std::uint32_t>& fresh) {
        if (rows.empty()) return;
        const bool loop_begins = loop_ && !in_loop_ && index >= *loop_;
        if (sheet_.blocks.empty() || sheet_.blocks.back().at != at || loop_begins)
            sheet_.blocks.push_back({at, {}, index, {}});
        if (loop_begins) {
            in_loop_ = true;
            sheet_.loop = sheet_.blocks.size() - 1;
        }
        Block& block = sheet_.blocks.back();
        for (Row& row : rows) row.states.resize(now.size());
        for (std::size_t c = 0; c < now.size(); ++c) {
            if (now[c] != shown_[c]) rows.back().states[c] = shown_[c] = now[c];
        }
        for (Row& row : rows) {
            block.shape += row.actor +
                           (row.packet.empty() ? row.text : without_fresh_numbers(row.packet, fresh)) +
                           (row.lost ? "x\n" : "\n");
            block.rows.push_back(std::move(row));
        }
    }
    /// `length` steps are all; `from` is when the endless part begins.
    void end(std::size_t length, std::uint64_t from) {
        if (!in_loop_) sheet_.loop = sheet_.blocks.size();
        if (!loop_) return;
        sheet_.ending = *loop_ == length ? std::string("and nothing ever happens again")
                                         : fmt::format("and so on for ever: from {:.0f} s on it goes round",
                                                       static_cast<double>(from) / 1000);
    }

   private:
    Sheet& sheet_;
    std::optional<std::size_t> loop_;
    bool in_loop_ = false;
    std::vector<std::string> shown_;
};

template <class Steps>
std::uint64_t loop_time(const Steps& steps, const std::optional<std::size_t>& loop) {
    return !loop || *loop == 0 ? 0 : steps[*loop - 1].at;
}

std::string times_of(std::span<const Block> blocks, std::size_t first, std::size_t length,
                     std::size_t repeats) {
    std::string times;
    constexpr std::size_t most = 6;
    for (std::size_t k = 1; k < repeats; ++k) {
        if (k > most) return times + fmt::format(", … ({} times)", repeats - 1);
        times += fmt::format("{}{:.0f}", times.empty() ? "" : ", ",
                             static_cast<double>(blocks[first + k * length].at) / 1000);
    }
    return times;
}

/// Blocks [first, last) of the sheet, folded.
void fold_into(std::vector<OutlineItem>& items, const Sheet& sheet, std::size_t first, std::size_t last) {
    std::vector<std::string> shapes;
    for (std::size_t i = first; i < last; ++i) shapes.push_back(sheet.blocks[i].shape);
    for (const Stretch& stretch : fold(shapes)) {
        // A stretch may itself repeat inside: fold it once more.
        const std::span<const std::string> inside(shapes.data() + stretch.first, stretch.length);
        for (const Stretch& inner : fold(inside)) {
            const std::size_t at = first + stretch.first + inner.first;
            for (std::size_t k = 0; k < inner.length; ++k) items.push_back({at + k, {}});
            if (inner.repeats > 1)
                items.push_back({at, fmt::format("the same again at {} s",
                                                 times_of(sheet.blocks, at, inner.length, inner.repeats))});
        }
        if (stretch.repeats > 1) {
            const std::string times =
                times_of(sheet.blocks, first + stretch.first, stretch.length, stretch.repeats);
            items.push_back({first + stretch.first,
                             stretch.length == 1
                                 ? fmt::format("the same again at {} s", times)
                                 : fmt::format("these {} rounds again from {} s on", stretch.length, times)});
        }
    }
}

}  // namespace

Sheet sheet_of(const Model& model, const Trace& trace, bool brief) {
    const Selection selection(model, trace, brief);
    const std::vector<StateColumn> columns = selection.without_left_out(trace, state_columns(model, trace));
    Sheet sheet;
    const auto shown = [&](const World& world) {
        std::vector<std::string> states;
        for (const StateColumn& column : columns) states.push_back(describe_state(model, world, column));
        return states;
    };
    for (const StateColumn& column : columns) sheet.columns.push_back(column.title);
    sheet.initial = shown(trace.initial);
    Collector collector(sheet, trace.loop);
    const World* before = &trace.initial;
    for (std::size_t i = 0; i < trace.steps.size(); ++i) {
        const TraceStep& step = trace.steps[i];
        std::vector<Row> rows;
        if (selection.shows(step.step, *before, step.after)) {
            for (Remark& remark : narrate(model, step.step, *before, step.after))
                rows.push_back({model.name(remark.actor),
                                std::move(remark.packet),
                                remark.lost,
                                std::move(remark.text),
                                remark.rule != nullptr ? remark.rule->id : std::string(),
                                {}});
        }
        collector.step(i, step.at, std::move(rows), shown(step.after), fresh_numbers(step.after));
        before = &step.after;
    }
    collector.end(trace.steps.size(), loop_time(trace.steps, trace.loop));
    for (const RecoveredClient& recovered : selection.left_out())
        sheet.remarks.push_back(fmt::format(
            "{} has its connection back at {:.0f} s; its packets are not shown here",
            model.clients()[recovered.client].spec.name, static_cast<double>(recovered.at) / 1000));
    return sheet;
}

Sheet sheet_of(const Story& story) {
    Sheet sheet;
    sheet.columns = story.columns;
    sheet.initial = story.initial.shown;
    Collector collector(sheet, story.loop);
    for (std::size_t i = 0; i < story.steps.size(); ++i) {
        const StoryStep& step = story.steps[i];
        std::vector<Row> rows;
        for (const StoryRemark& remark : step.remarks)
            rows.push_back(
                {story.nodes[*step.actor].name, remark.packet, remark.lost, remark.text, remark.rule, {}});
        collector.step(i, step.at, std::move(rows), step.shown, fresh_numbers(story, step));
    }
    collector.end(story.steps.size(), loop_time(story.steps, story.loop));
    return sheet;
}

std::vector<OutlineItem> outline(const Sheet& sheet, bool folded, bool loop_apart) {
    std::vector<OutlineItem> items;
    if (!folded) {
        for (std::size_t i = 0; i < sheet.blocks.size(); ++i) items.push_back({i, {}});
        return items;
    }
    const std::size_t all = sheet.blocks.size();
    const std::size_t apart = loop_apart ? sheet.loop : all;
    fold_into(items, sheet, 0, apart);
    fold_into(items, sheet, apart, all);
    return items;
}

}  // namespace halfopen
