#include "counterexamples/svg.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "counterexamples/markup.hpp"
#include "counterexamples/sequence_painter.hpp"
#include "counterexamples/svg_colors.hpp"

namespace halfopen {

namespace {

constexpr double head_height = 50;

std::string heads(const Story& story, const SequenceLayout& layout) {
    std::string out;
    for (std::size_t i = 0; i < story.nodes.size(); ++i) {
        const StoryNode& node = story.nodes[i];
        const double width = std::min(layout.lane_gap * 0.8, 136.0);
        out += fmt::format(
            "<g class=\"lane-head\"><title>{0}: {1}, {2}</title><rect x=\"{3:.1f}\" y=\"5\" "
            "width=\"{4:.1f}\" height=\"40\" rx=\"8\"/><text class=\"name\" x=\"{5:.1f}\" "
            "y=\"22\">{0}</text><text class=\"policy\" x=\"{5:.1f}\" y=\"37\">{2}</text></g>",
            markup(node.name), ip_to_string(node.ip), markup(node.policy), layout.lanes[i] - width / 2, width,
            layout.lanes[i]);
    }
    return out;
}

std::string svg_tag(double width, double height, std::string_view more) {
    return fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {:.0f} {:.0f}\" {}>", width,
                       height, more);
}

}  // namespace

std::string svg_heads(const Story& story, const SequenceLayout& layout) {
    return svg_tag(layout.width, head_height, "class=\"seq heads\" role=\"presentation\"") +
           heads(story, layout) + "</svg>";
}

std::string svg_body(const Story& story, const SequenceLayout& layout) {
    return svg_tag(layout.width, layout.height,
                   "class=\"seq body\" role=\"img\" aria-label=\"sequence chart\"") +
           paint(story, layout) + "</svg>";
}

std::string svg(const Story& story) {
    const SequenceLayout layout = lay_out(story, TimeAxis::Compressed);
    constexpr double title_height = 34;
    // Remarks stand beside their rows, in a column as wide as the longest of them.
    std::string remarks;
    std::size_t longest = 0;
    for (const LayoutRow& row : layout.rows) {
        if (!row.step) continue;
        const StoryStep& step = story.steps[*row.step];
        std::string text = step.text;
        const StoryRule* rule = step.host_rule ? &*step.host_rule : step.rule ? &*step.rule : nullptr;
        longest = std::max({longest, text.size(), rule != nullptr ? rule->id.size() + 2 : 0});
        remarks += fmt::format("<text class=\"remark\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>",
                               layout.width + 10, row.y + (rule != nullptr ? -1 : 4), markup(text));
        if (rule != nullptr)
            remarks += fmt::format("<text class=\"rule\" x=\"{:.1f}\" y=\"{:.1f}\">[{}]</text>",
                                   layout.width + 10, row.y + (text.empty() ? 4 : 13), markup(rule->id));
    }
    const std::string title = fmt::format("{}: {}", story.scenario, story.title);
    const double width = std::max(layout.width + 24 + 6.3 * static_cast<double>(longest),
                                  20 + 8.6 * static_cast<double>(title.size()));
    const double below = layout.ending.empty() ? 10 : 30;
    const double height = title_height + head_height + layout.height + below;
    std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    text += fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"seq\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
        "viewBox=\"0 0 {0:.0f} {1:.0f}\" role=\"img\"><title>{2}</title>\n",
        width, height, markup(title));
    constexpr std::string_view more =
        ".paper{fill:@paper}.seq .title{font:600 15px system-ui,\"DejaVu Sans\",sans-serif}"
        ".seq .remark{font:11.5px system-ui,\"DejaVu Sans\",sans-serif}.seq .rule{font-size:10px;fill:@muted}"
        ".seq .ending{font:italic 13px system-ui,\"DejaVu Sans\",sans-serif;fill:@data}\n";
    const auto rules = [&](bool dark) {
        const auto color = [dark](std::string_view name) { return color_of(name, dark); };
        return svg_rules(color) + with_colors(more, color);
    };
    text +=
        "<style>\n" + rules(false) + "@media (prefers-color-scheme:dark){\n" + rules(true) + "}\n</style>\n";
    text += "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>";
    text += fmt::format("<text class=\"title\" x=\"12\" y=\"24\">{}</text>", markup(title));
    text += fmt::format("<g transform=\"translate(0 {:.0f})\">{}</g>\n", title_height, heads(story, layout));
    text += fmt::format("<g transform=\"translate(0 {:.0f})\">{}{}</g>\n", title_height + head_height,
                        paint(story, layout), remarks);
    if (!layout.ending.empty())
        text += fmt::format("<text class=\"ending\" x=\"12\" y=\"{:.0f}\">{}</text>\n", height - 12,
                            markup(layout.ending));
    return text + "</svg>\n";
}

}  // namespace halfopen
