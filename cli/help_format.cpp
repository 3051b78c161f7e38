#include "cli/help_format.hpp"

#include <sstream>

#include "cli/application.hpp"

namespace halfopen::cli {

namespace {
constexpr std::size_t page_width = 100;
}  // namespace

std::string wrapped(const std::string& text, std::size_t width) {
    std::string result;
    std::size_t column = 0;
    std::istringstream words(text);
    for (std::string word; words >> word;) {
        if (column > 0 && column + 1 + word.size() > width) {
            result += '\n';
            column = 0;
        } else if (column > 0) {
            result += ' ';
            ++column;
        }
        result += word;
        column += word.size();
    }
    return result;
}

std::string HelpFormat::make_option(const CLI::Option* option, bool is_positional) const {
    std::stringstream out;
    CLI::detail::format_help(out, make_option_name(option, is_positional) + make_option_opts(option),
                             wrapped(make_option_desc(option), page_width - column_width_), column_width_);
    return out.str();
}

std::string HelpFormat::make_option_opts(const CLI::Option* option) const {
    if (!takes_value(*option)) return {};
    std::string text = " " + option->get_type_name();
    if (!option->get_default_str().empty()) text += "=" + option->get_default_str();
    if (option->get_positional() && takes_many(*option)) text += " ...";
    if (option->get_required()) text += " REQUIRED";
    return text;
}

/// Examples are left whole, to be copied.
std::string HelpFormat::make_footer(const CLI::App* app) const {
    std::string text;
    std::istringstream lines(app->get_footer());
    for (std::string line; std::getline(lines, line);)
        text += (line.rfind("Example: ", 0) == 0 ? line : wrapped(line, page_width)) + "\n";
    return text;
}

}  // namespace halfopen::cli
