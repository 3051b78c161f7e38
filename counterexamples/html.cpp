#include "counterexamples/html.hpp"

#include <fmt/format.h>

#include "counterexamples/markup.hpp"
#include "counterexamples/page/page_parts.hpp"
#include "counterexamples/svg.hpp"
#include "counterexamples/svg_colors.hpp"

namespace halfopen {

namespace {

using Json = nlohmann::ordered_json;

Json rule_json(const std::optional<StoryRule>& rule) {
    if (!rule) return nullptr;
    return {{"id", rule->id}, {"source", rule->source}, {"file", rule->file}, {"line", rule->line}};
}

Json links_json(const Json& in_flight) {
    Json list = Json::array();
    for (const Json& packet : in_flight) {
        list.push_back({{"from", packet.at("from")},
                        {"to", packet.at("to")},
                        {"delay_ms", packet.at("delay_ms")},
                        {"text", packet.at("segment").at("text")}});
    }
    return list;
}

/// Of each node only where it has changed.
Json changed_states(const Json& now, const Json& before) {
    Json changed = Json::object();
    for (const auto& [name, state] : now.items()) {
        if (!before.contains(name) || before.at(name) != state) changed[name] = state;
    }
    return changed;
}

Json page_story(const Story& story) {
    constexpr std::array<std::string_view, 3> kinds{"client", "nat", "server"};
    Json nodes = Json::array();
    for (const StoryNode& node : story.nodes)
        nodes.push_back({{"kind", kinds[static_cast<std::size_t>(node.kind)]},
                         {"name", node.name},
                         {"address", ip_to_string(node.ip)},
                         {"policy", node.policy}});
    Json steps = Json::array();
    const Json* before = &story.initial.states;
    for (const StoryStep& step : story.steps) {
        Json sent = Json::array();
        for (const StoryEmission& emission : step.sent)
            sent.push_back({{"text", to_string(emission.segment)}, {"lost", !emission.to}});
        Json draws = Json::array();
        for (const StoryDraw& draw : step.draws)
            draws.push_back(
                {{"kind", draw_kind_names[static_cast<std::size_t>(draw.kind)]}, {"value", draw.value}});
        steps.push_back(
            {{"time_ms", step.at},
             {"kind", step_kind_names[static_cast<std::size_t>(step.kind)]},
             {"actor", step.actor ? Json(story.nodes[*step.actor].name) : Json(nullptr)},
             {"segment", step.segment ? Json(to_string(*step.segment)) : Json(nullptr)},
             {"outcome",
              step.outcome ? Json(outcome_names[static_cast<std::size_t>(*step.outcome)]) : Json(nullptr)},
             {"sent", std::move(sent)},
             {"rule", rule_json(step.rule)},
             {"host_rule", rule_json(step.host_rule)},
             {"event", step.event},
             {"draws", std::move(draws)},
             {"properties", step.properties},
             {"text", step.text},
             {"in_flight", links_json(step.in_flight)},
             {"states", changed_states(step.states, *before)}});
        before = &step.states;
    }
    return {
        {"nodes", std::move(nodes)},
        {"initial", {{"states", story.initial.states}, {"in_flight", links_json(story.initial.in_flight)}}},
        {"loop", story.loop && *story.loop < story.steps.size() ? Json(*story.loop) : Json(nullptr)},
        {"steps", std::move(steps)}};
}

/// JSON in a script element: nothing in it may look like markup.
std::string script_json(const Json& json) {
    std::string text;
    for (const char c : json.dump(-1, ' ', true)) {
        if (c == '<' || c == '>' || c == '&')
            text += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        else
            text += c;
    }
    return text;
}

std::string drawing(const Story& story, TimeAxis axis, bool hidden) {
    const SequenceLayout layout = lay_out(story, axis);
    return fmt::format(
        "<div class=\"drawing\"{} style=\"--least:{:.0f}px\">{}{}<p class=\"ending\">{}</p></div>\n",
        hidden ? " hidden" : "", layout.width * 0.72, svg_heads(story, layout), svg_body(story, layout),
        markup(layout.ending));
}

}  // namespace

std::string html(const Story& story) {
    const std::string dark = color_variables(true);
    std::string page =
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        "style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n"
        "<link rel=\"icon\" href=\"data:,\">\n";
    page += fmt::format(
        "<title>{}: {}</title>\n<style>\n:root{{{}}}\n@media (prefers-color-scheme:dark){{:root{{{}}}}}\n"
        ":root[data-theme=dark]{{{}color-scheme:dark}}\n:root[data-theme=light]{{{}color-scheme:light}}\n",
        markup(story.scenario), markup(story.title), color_variables(false), dark, dark,
        color_variables(false));
    page += page_css;
    page += svg_rules([](std::string_view name) { return fmt::format("var(--{})", name); });
    page += "</style>\n</head>\n<body>\n";
    page += fmt::format("<header><h1>{}</h1><span class=\"verdict {}\">{}</span><p>{}</p></header>\n",
                        markup(story.scenario), markup(story.verdict), markup(story.verdict),
                        markup(story.title));
    page += R"(<div class="bar script" hidden role="toolbar" aria-label="Steps">
<button id="first" aria-label="to the beginning" title="Home">⇤</button>
<button id="back" aria-label="one step back" title="←">←<span class="wide"> back</span></button>
<button id="on" class="primary" aria-label="one step on" title="→"><span class="wide">step </span>→</button>
<button id="loop" aria-label="to where the loop begins" title="l">⟳ loop</button>
<span class="where" id="where"></span><span class="spacer"></span>
<button id="scale" aria-pressed="false" title="t">to scale</button>
<button id="theme" aria-label="light or dark" title="d">◐</button>
</div>
<main>
<div class="chart" id="chart" tabindex="0" role="region" aria-label="sequence chart">
)";
    page += drawing(story, TimeAxis::Compressed, false);
    page += drawing(story, TimeAxis::Scaled, true);
    page += R"(</div>
<aside class="side script" hidden>
<div class="now" id="now" aria-live="polite"></div>
<h2>Endpoints and NAT tables</h2><div id="states"></div>
<h2>On the links</h2><div id="links"></div>
</aside>
</main>
<footer class="script" hidden><kbd>→</kbd> <kbd>←</kbd> step · <kbd>Home</kbd> <kbd>End</kbd> first, last · <kbd>l</kbd> loop ·
<kbd>t</kbd> time to scale, every round · <kbd>d</kbd> light or dark. Changes against the step before are marked.</footer>
)";
    page += "<script type=\"application/json\" id=\"story\">" + script_json(page_story(story)) +
            "</script>\n<script>\n";
    page += page_js;
    page += "</script>\n</body>\n</html>\n";
    return page;
}

}  // namespace halfopen
