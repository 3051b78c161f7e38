#include "counterexamples/svg_colors.hpp"

#include <fmt/format.h>

#include <array>

namespace halfopen {

namespace {

struct Color {
    std::string_view name, light, dark;
};
constexpr std::array<Color, 13> palette{{{"paper", "#fcfbf8", "#11141b"},
                                         {"card", "#ffffff", "#191d27"},
                                         {"ink", "#1b2130", "#e7eaf1"},
                                         {"muted", "#5b6475", "#9aa4b6"},
                                         {"line", "#d9d6cd", "#2c3342"},
                                         {"lane", "#a9a698", "#4b5467"},
                                         {"syn", "#1d5fc4", "#77aaff"},
                                         {"synack", "#0b7a6f", "#4fd0bf"},
                                         {"ack", "#4a5366", "#b4bdcd"},
                                         {"rst", "#b3261e", "#ff8a7d"},
                                         {"data", "#7a3fb0", "#c9a0f5"},
                                         {"mark", "#fff0c2", "#3a3214"},
                                         {"loop", "#efe9fb", "#221d33"}}};

}  // namespace

std::string color_of(std::string_view name, bool dark) {
    for (const Color& color : palette)
        if (color.name == name) return std::string(dark ? color.dark : color.light);
    return "inherit";
}

std::string color_variables(bool dark) {
    std::string text;
    for (const Color& color : palette)
        text += fmt::format("--{}:{};", color.name, dark ? color.dark : color.light);
    return text;
}

std::string svg_rules(const std::function<std::string(std::string_view)>& color) {
    std::string rules =
        R"(.seq text{font:11px ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace;fill:@ink}
.lane{stroke:@lane;stroke-width:1.4}.lane.nat{stroke-width:3.2}
.down{fill:@rst;opacity:.45}
.lane-head rect{fill:@card;stroke:@lane}
.seq .name{font:600 13px system-ui,"DejaVu Sans",sans-serif;text-anchor:middle}
.seq .policy{font-size:10px;fill:@muted;text-anchor:middle}
.row{fill:none}
.seq .time{fill:@muted;text-anchor:end;font-weight:600}
.packet line{stroke-width:1.7}.packet .cross,.dies{stroke-width:2.6;fill:none;stroke-linecap:round;stroke:@rst}
.lost line{stroke-dasharray:5 4}.leaked line{stroke-dasharray:2 4;stroke-linecap:round;stroke-width:2.2}
.waiting{opacity:.6}.waiting line{stroke-dasharray:1 5}
.seq .label{text-anchor:middle;paint-order:stroke;stroke:@paper;stroke-width:3.5px;stroke-linejoin:round}
.seq .second{font-size:10px}
.dot{fill:@ink;stroke:@paper;stroke-width:1.5}
.pill rect{fill:@card;stroke:@lane}.seq .pill text{font-size:10px;font-weight:600;text-anchor:middle}
.seq .event{font:italic 11px system-ui,"DejaVu Sans",sans-serif;fill:@ink;paint-order:stroke;stroke:@paper;stroke-width:4px}
.seq .left{text-anchor:end}
.again line{stroke:@line;stroke-dasharray:2 5}
.seq .again text{font:italic 12px system-ui,"DejaVu Sans",sans-serif;text-anchor:middle;fill:@muted;paint-order:stroke;stroke:@paper;stroke-width:10px}
.loop{fill:@loop}.loop-back{fill:none;stroke:@data;stroke-width:1.6}.loop-head{fill:@data}
.seq .loop-word{font:600 11px system-ui,"DejaVu Sans",sans-serif;fill:@data;text-anchor:middle;paint-order:stroke;stroke:@loop;stroke-width:6px}
)";
    for (const std::string_view kind : {"syn", "synack", "ack", "rst", "data"})
        rules += fmt::format(".{0} line{{stroke:@{0}}}.{0} .head{{fill:@{0}}}.seq .{0} .label{{fill:@{0}}}\n",
                             kind);
    return with_colors(rules, color);
}

std::string with_colors(std::string_view rules, const std::function<std::string(std::string_view)>& color) {
    std::string result;
    for (std::size_t i = 0; i < rules.size(); ++i) {
        if (rules[i] != '@') {
            result += rules[i];
            continue;
        }
        std::size_t end = i + 1;
        while (end < rules.size() && rules[end] >= 'a' && rules[end] <= 'z') ++end;
        result += color(rules.substr(i + 1, end - i - 1));
        i = end - 1;
    }
    return result;
}

}  // namespace halfopen
