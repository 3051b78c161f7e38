/// How --help looks.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace halfopen::cli {

/// CLI11's own, but no wider than a page, and without "..." where an option is repeated rather than given
/// more.
class HelpFormat : public CLI::Formatter {
   public:
    std::string make_option(const CLI::Option* option, bool is_positional) const override;
    std::string make_option_opts(const CLI::Option* option) const override;
    std::string make_footer(const CLI::App* app) const override;
};

/// The text with line breaks between words, so that no line is longer than `width` where words allow it.
std::string wrapped(const std::string& text, std::size_t width);

}  // namespace halfopen::cli
