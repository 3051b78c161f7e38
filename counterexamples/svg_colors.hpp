/// The colours of a sequence chart, light and dark, and the style rules that use them.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace halfopen {

/// What CSS takes for a colour's name ("ink", "syn", …).
std::string color_of(std::string_view name, bool dark);

/// Style rules of heads and chart.  color: from a name ("ink", "syn", …) to what CSS takes.
std::string svg_rules(const std::function<std::string(std::string_view)>& color);
/// "--ink:#1c2230;…", the colours by the names that svg_rules() asks for.
std::string color_variables(bool dark);
/// The rules with each "@name" replaced by color(name).
std::string with_colors(std::string_view rules, const std::function<std::string(std::string_view)>& color);

}  // namespace halfopen
