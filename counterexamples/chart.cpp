#include "counterexamples/chart.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "counterexamples/rounds.hpp"

namespace halfopen {

namespace {

class Writer {
   public:
    Writer(const ChartOptions& options, const Sheet& sheet) : options_(options) {
        for (const std::string& title : sheet.columns) state_widths_.push_back(title.size());
        for (const Block& block : sheet.blocks) {
            for (const Row& row : block.rows) {
                actor_width_ = std::max(actor_width_, row.actor.size());
                if (!row.packet.empty()) packet_width_ = std::max(packet_width_, row.packet.size() + 2);
                for (std::size_t c = 0; c < row.states.size(); ++c)
                    state_widths_[c] = std::max(state_widths_[c], row.states[c].size());
            }
        }
        packet_width_ = std::max<std::size_t>(packet_width_, 40);
    }

    void header(const Sheet& sheet) {
        line("time", "who", "packet", false, sheet.columns, "");
        line("", "", "", false, sheet.initial, "");
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

std::string write(const Sheet& sheet, const ChartOptions& options) {
    Writer writer(options, sheet);
    writer.header(sheet);
    for (const OutlineItem& item : outline(sheet, options.fold)) {
        if (item.remark.empty())
            writer.block(sheet.blocks[item.block]);
        else
            writer.remark(item.remark);
    }
    if (!sheet.ending.empty()) writer.remark(sheet.ending);
    for (const std::string& remark : sheet.remarks) writer.remark(remark);
    return writer.take();
}

}  // namespace

std::string chart(const Model& model, const Trace& trace, const ChartOptions& options) {
    return write(sheet_of(model, trace, options.brief), options);
}

std::string chart(const Story& story, const ChartOptions& options) { return write(sheet_of(story), options); }

}  // namespace halfopen
