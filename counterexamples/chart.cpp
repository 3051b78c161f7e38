#include "counterexamples/chart.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "counterexamples/folding.hpp"
#include "counterexamples/narration.hpp"
#include "counterexamples/stragglers.hpp"
#include "spec/world/recovery.hpp"

namespace halfopen {

namespace {

struct Row {
    std::string actor;
    std::string packet;
    bool lost = false;
    std::string text;
    std::string rule;
    std::vector<std::string> states;  ///< empty where unchanged
};

/// Everything that happens at one instant.
struct Block {
    std::uint64_t at = 0;
    std::vector<Row> rows;
    std::size_t first_step = 0;
    std::string shape;  ///< who sends which packets, whatever the numbers of a fresh attempt
};

/// Rounds of two attempts are alike up to the client's ISS and the time stamps, so these are taken out of a
/// block's shape.
std::string without_fresh_numbers(std::string packet, const World& world) {
    for (const ClientState& client : world.clients) {
        if (client.tcb.state != TcpState::SynSent) continue;
        for (const std::uint32_t number : {client.tcb.iss.value, client.tcb.iss.value + 1U}) {
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

std::vector<Block> blocks_of(const Model& model, const Trace& trace, const std::vector<StateColumn>& columns,
                             const Selection& selection) {
    std::vector<Block> blocks;
    std::vector<std::string> shown(columns.size());
    for (std::size_t c = 0; c < columns.size(); ++c)
        shown[c] = describe_state(model, trace.initial, columns[c]);
    const World* before = &trace.initial;
    for (std::size_t i = 0; i < trace.steps.size(); ++i) {
        const TraceStep& step = trace.steps[i];
        std::vector<Remark> remarks;
        if (selection.shows(step.step, *before, step.after))
            remarks = narrate(model, step.step, *before, step.after);
        if (!remarks.empty() &&
            (blocks.empty() || blocks.back().at != step.at || (trace.loop && *trace.loop == i)))
            blocks.push_back({step.at, {}, i, {}});
        for (std::size_t k = 0; k < remarks.size(); ++k) {
            Row row{model.name(remarks[k].actor),
                    remarks[k].packet,
                    remarks[k].lost,
                    remarks[k].text,
                    remarks[k].rule != nullptr ? remarks[k].rule->id : std::string(),
                    std::vector<std::string>(columns.size())};
            if (k + 1 == remarks.size()) {
                for (std::size_t c = 0; c < columns.size(); ++c) {
                    const std::string now = describe_state(model, step.after, columns[c]);
                    if (now != shown[c]) row.states[c] = shown[c] = now;
                }
            }
            blocks.back().shape +=
                row.actor + (row.packet.empty() ? row.text : without_fresh_numbers(row.packet, step.after)) +
                (row.lost ? "x\n" : "\n");
            blocks.back().rows.push_back(std::move(row));
        }
        before = &step.after;
    }
    return blocks;
}

class Writer {
   public:
    Writer(const ChartOptions& options, const std::vector<StateColumn>& columns,
           const std::vector<Block>& blocks)
        : options_(options) {
        for (const StateColumn& column : columns) state_widths_.push_back(column.title.size());
        for (const Block& block : blocks) {
            for (const Row& row : block.rows) {
                actor_width_ = std::max(actor_width_, row.actor.size());
                if (!row.packet.empty()) packet_width_ = std::max(packet_width_, row.packet.size() + 2);
                for (std::size_t c = 0; c < row.states.size(); ++c)
                    state_widths_[c] = std::max(state_widths_[c], row.states[c].size());
            }
        }
        packet_width_ = std::max<std::size_t>(packet_width_, 40);
    }

    void header(const std::vector<StateColumn>& columns, const std::vector<std::string>& states) {
        line("time", "who", "packet", false, titles(columns), "");
        line("", "", "", false, states, "");
    }
    void block(const Block& block) {
        bool first = true;
        for (const Row& row : block.rows) {
            const std::string time = first ? fmt::format("{:.3f}", static_cast<double>(block.at) / 1000) : "";
            first = false;
            const bool only_text = row.packet.empty();
            const bool changes = std::any_of(row.states.begin(), row.states.end(),
                                             [](const std::string& state) { return !state.empty(); });
            std::string remark = only_text || (options_.brief && changes) ? "" : row.text;
            if (!row.rule.empty() && !options_.brief)
                remark += (remark.empty() ? "" : "  ") + fmt::format("[{}]", row.rule);
            line(time, row.actor, only_text ? row.text : row.packet, row.lost, row.states, remark);
        }
    }
    void remark(const std::string& text) { text_ += fmt::format("{:>9}  {}\n", "", bold(text)); }
    std::string take() { return std::move(text_); }

   private:
    static std::vector<std::string> titles(const std::vector<StateColumn>& columns) {
        std::vector<std::string> names;
        for (const StateColumn& column : columns) names.push_back(column.title);
        return names;
    }
    void line(const std::string& time, const std::string& actor, const std::string& packet, bool lost,
              const std::vector<std::string>& states, const std::string& remark) {
        std::string out = fmt::format("{:>9}  {:<{}}  ", time, actor, actor_width_);
        const std::string shown = lost ? packet + " X" : packet;
        const std::size_t packet_at = out.size();
        out += fmt::format("{:<{}}", shown, packet_width_);
        // A short chart has a remark only where no state changes: it takes the place of the states.
        if (!options_.brief || remark.empty()) {
            for (std::size_t c = 0; c < states.size(); ++c)
                out += fmt::format("  {:<{}}", states[c], state_widths_[c]);
        }
        const std::size_t remark_at = out.size();
        if (!remark.empty()) out += (options_.brief ? "  # " : "  ") + remark;
        while (!out.empty() && out.back() == ' ') out.pop_back();
        if (options_.width > 0 && out.size() > options_.width) out.resize(options_.width);
        // Colour comes last: it takes no width.
        if (out.size() > remark_at) out = out.substr(0, remark_at) + dim(out.substr(remark_at));
        if (lost && out.size() >= packet_at + shown.size())
            out = out.substr(0, packet_at) + red(shown) + out.substr(packet_at + shown.size());
        text_ += out + "\n";
    }
    std::string paint(std::string_view code, const std::string& text) const {
        return options_.color ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
    }
    std::string dim(const std::string& text) const { return paint("2", text); }
    std::string bold(const std::string& text) const { return paint("1", text); }
    std::string red(const std::string& text) const { return paint("31", text); }

    ChartOptions options_;
    std::size_t actor_width_ = 3;
    std::size_t packet_width_ = 0;
    std::vector<std::size_t> state_widths_;
    std::string text_;
};

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

}  // namespace

std::string chart(const Model& model, const Trace& trace, const ChartOptions& options) {
    const Selection selection(model, trace, options.brief);
    const std::vector<StateColumn> columns = selection.without_left_out(trace, state_columns(model, trace));
    const std::vector<Block> blocks = blocks_of(model, trace, columns, selection);
    Writer writer(options, columns, blocks);
    std::vector<std::string> initial;
    for (const StateColumn& column : columns) initial.push_back(describe_state(model, trace.initial, column));
    writer.header(columns, initial);

    std::vector<std::string> shapes;
    for (const Block& block : blocks) shapes.push_back(block.shape);
    std::vector<Stretch> stretches;
    if (options.fold)
        stretches = fold(shapes);
    else
        for (std::size_t i = 0; i < shapes.size(); ++i) stretches.push_back({i, 1, 1});
    for (const Stretch& stretch : stretches) {
        // A stretch may itself repeat inside: fold it once more.
        const std::span<const std::string> inside(shapes.data() + stretch.first, stretch.length);
        for (const Stretch& inner : fold(inside)) {
            for (std::size_t k = 0; k < inner.length; ++k)
                writer.block(blocks[stretch.first + inner.first + k]);
            if (inner.repeats > 1)
                writer.remark(
                    fmt::format("the same again at {} s",
                                times_of(blocks, stretch.first + inner.first, inner.length, inner.repeats)));
        }
        if (stretch.repeats > 1) {
            const std::string times = times_of(blocks, stretch.first, stretch.length, stretch.repeats);
            writer.remark(stretch.length == 1
                              ? fmt::format("the same again at {} s", times)
                              : fmt::format("these {} rounds again from {} s on", stretch.length, times));
        }
    }
    if (trace.loop) {
        const std::uint64_t from = *trace.loop == 0 ? 0 : trace.steps[*trace.loop - 1].at;
        writer.remark(*trace.loop == trace.steps.size()
                          ? std::string("and nothing ever happens again")
                          : fmt::format("and so on for ever: from {:.0f} s on it goes round",
                                        static_cast<double>(from) / 1000));
    }
    for (const RecoveredClient& recovered : selection.left_out())
        writer.remark(fmt::format("{} has its connection back at {:.0f} s; its packets are not shown here",
                                  model.clients()[recovered.client].spec.name,
                                  static_cast<double>(recovered.at) / 1000));
    return writer.take();
}

}  // namespace halfopen
