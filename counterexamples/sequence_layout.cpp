#include "counterexamples/sequence_layout.hpp"

#include <algorithm>

#include "counterexamples/rounds.hpp"

namespace halfopen {

namespace {

constexpr double compressed_gap = 16;
/// A scaled chart spends this much height on all the time that passes, a readable gap at least on each.
constexpr double scaled_height = 3600;
constexpr double scaled_gap_min = 20;

double lane_gap_for(std::size_t lanes) { return lanes <= 3 ? 156 : 150; }

bool shows_something(const StoryStep& step) {
    return step.kind != Step::Kind::Time && step.actor && (!step.remarks.empty() || !step.sent.empty());
}

class Layouter {
   public:
    Layouter(const Story& story, TimeAxis axis) : story_(story), axis_(axis), sheet_(sheet_of(story)) {
        layout_.y_of_step.resize(story.steps.size());
        layout_.gutter = 64;
        layout_.lane_gap = lane_gap_for(story.nodes.size());
        for (std::size_t i = 0; i < story.nodes.size(); ++i)
            layout_.lanes.push_back(layout_.gutter + layout_.lane_gap * (static_cast<double>(i) + 0.42));
        // The longest state of a server stands beside its lane.
        layout_.width = layout_.lanes.back() + std::max(layout_.lane_gap * 0.42, 82.0);
    }

    SequenceLayout run() {
        y_ = row_height * 0.75;
        for (const OutlineItem& item : outline(sheet_, axis_ == TimeAxis::Compressed, true)) {
            if (item.remark.empty())
                block(item.block);
            else
                note(item.remark);
        }
        layout_.ending = sheet_.ending;
        layout_.height = y_ + 6;
        return std::move(layout_);
    }

   private:
    void note(const std::string& text) {
        layout_.rows.push_back({y_, std::nullopt, text, false, 0, 0});
        y_ += row_height * 0.9;
    }
    double gap_before(std::uint64_t at) const {
        if (layout_.rows.empty() || at <= last_) return 0;
        if (axis_ == TimeAxis::Compressed) return compressed_gap;
        const auto total = static_cast<double>(std::max<std::uint64_t>(story_.steps.back().at, 1));
        return std::max(scaled_gap_min, static_cast<double>(at - last_) / total * scaled_height);
    }
    void block(std::size_t index) {
        const Block& block = sheet_.blocks[index];
        const std::size_t end =
            index + 1 < sheet_.blocks.size() ? sheet_.blocks[index + 1].first_step : story_.steps.size();
        const double gap = gap_before(block.at);
        y_ += gap;
        if (index == sheet_.loop) layout_.loop_from = y_ - row_height * 0.62;
        bool first = true;
        for (std::size_t i = block.first_step; i < end; ++i) {
            const StoryStep& step = story_.steps[i];
            if (!shows_something(step)) continue;
            layout_.rows.push_back({y_, i, {}, first, step.at, first ? gap : 0});
            layout_.y_of_step[i] = y_;
            first = false;
            y_ += row_height;
            // A packet that nobody takes needs room of its own to be seen ending.
            if (std::any_of(step.sent.begin(), step.sent.end(), [](const StoryEmission& e) { return !e.to; }))
                y_ += row_height * 0.5;
        }
        last_ = block.at;
    }

    const Story& story_;
    TimeAxis axis_;
    Sheet sheet_;
    SequenceLayout layout_;
    double y_ = 0;
    std::uint64_t last_ = 0;
};

}  // namespace

SequenceLayout lay_out(const Story& story, TimeAxis axis) { return Layouter(story, axis).run(); }

}  // namespace halfopen
