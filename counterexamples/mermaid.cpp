#include "counterexamples/mermaid.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "counterexamples/rounds.hpp"
#include "counterexamples/wording.hpp"

namespace halfopen {

namespace {

/// Texts that Mermaid takes as they are: its own marks are written as entity codes ("#59;"), control
/// characters as blanks. https://mermaid.js.org/syntax/sequenceDiagram.html#entity-codes-to-escape-characters
std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
            result += ' ';
        else if (std::string_view("#;<>&\"%{}").find(c) != std::string_view::npos)
            result += fmt::format("#{};", static_cast<int>(c));
        else
            result += c;
    }
    return result;
}

class Diagram {
   public:
    explicit Diagram(const Story& story)
        : story_(story), sheet_(sheet_of(story)), flights_(flights(story)), sent_by_(story.steps.size() + 1) {
        for (std::size_t k = 0; k < flights_.size(); ++k) sent_by_[flights_[k].sent_by].push_back(k);
    }

    std::string write() {
        text_ = "sequenceDiagram\n";
        // Names may hold what Mermaid's grammar has a meaning for ("end"), so participants are numbered.
        for (std::size_t i = 0; i < story_.nodes.size(); ++i) {
            const StoryNode& node = story_.nodes[i];
            line(fmt::format("participant n{} as {}<br/>{}", i, escaped(node.name), escaped(node.policy)));
        }
        bool in_loop = false;
        for (const OutlineItem& item : outline(sheet_, true, true)) {
            if (!item.remark.empty()) {
                over_all(item.remark);
                continue;
            }
            if (item.block >= sheet_.loop && !in_loop) {
                line("loop for ever");
                in_loop = true;
            }
            block(item.block);
        }
        if (in_loop)
            line("end");
        else if (!sheet_.ending.empty())
            over_all(sheet_.ending);
        return std::move(text_);
    }

   private:
    void line(const std::string& text) { text_ += "    " + text + "\n"; }
    void over_all(const std::string& text) {
        const std::size_t last = story_.nodes.size() - 1;
        line(last == 0 ? fmt::format("Note over n0: {}", escaped(text))
                       : fmt::format("Note over n0,n{}: {}", last, escaped(text)));
    }
    void block(std::size_t index) {
        const std::size_t first = sheet_.blocks[index].first_step;
        const std::size_t last =
            index + 1 < sheet_.blocks.size() ? sheet_.blocks[index + 1].first_step : story_.steps.size();
        over_all(clock(sheet_.blocks[index].at));
        for (std::size_t i = first; i < last; ++i) step(i);
    }
    void step(std::size_t i) {
        const StoryStep& step = story_.steps[i];
        if (!step.actor) return;
        if (!step.text.empty()) line(fmt::format("Note over n{}: {}", *step.actor, escaped(step.text)));
        for (const std::size_t k : sent_by_[i]) {
            const Flight& flight = flights_[k];
            const std::size_t to = flight.to ? *flight.to : lane_towards(story_, flight);
            const bool ends = flight.fate == Flight::Fate::Lost || flight.fate == Flight::Fate::NoOwner;
            std::string arrow = ends ? "--x" : "->>";
            std::string label = short_form(flight.segment);
            if (flight.fate == Flight::Fate::Lost) label += ", lost on the way";
            if (flight.fate == Flight::Fate::NoOwner)
                label += step.outcome == NatOutcome::Leaked ? ", leaks untranslated" : ", finds no way";
            line(fmt::format("n{}{}n{}: {}", flight.from, arrow, to, escaped(label)));
        }
    }

    const Story& story_;
    Sheet sheet_;
    std::vector<Flight> flights_;
    std::vector<std::vector<std::size_t>> sent_by_;  ///< flights, by step
    std::string text_;
};

}  // namespace

std::string mermaid(const Story& story) { return Diagram(story).write(); }

}  // namespace halfopen
