#include "cli/arguments.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "spec/policy/input_error.hpp"

namespace halfopen::cli {

namespace {

constexpr std::string_view or_file = "[=FILE]";

/// CLI11 puts the option's name before what a validator says.
CLI::Validator one_of(std::span<const std::string_view> words, bool with_file) {
    const std::vector<std::string_view> known(words.begin(), words.end());
    return CLI::Validator(
        [known, with_file](std::string& text) {
            const std::string word = with_file ? text.substr(0, text.find('=')) : text;
            if (std::find(known.begin(), known.end(), word) != known.end()) return std::string();
            return unknown_name("value", word, known, known.size());
        },
        "");
}

}  // namespace

CLI::Option* add_choice(CLI::App& app, const std::string& name, std::string& value,
                        std::span<const std::string_view> words, const std::string& description) {
    return app.add_option(name, value, description)
        ->type_name(fmt::format("{}", fmt::join(words, "|")))
        ->check(one_of(words, false));
}

CLI::Option* add_choices_with_file(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                                   std::span<const std::string_view> words, const std::string& description) {
    return repeatable(app.add_option(name, values, description))
        ->type_name(fmt::format("{}{}", fmt::join(words, "|"), or_file))
        ->check(one_of(words, true));
}

std::vector<std::string> values_of(const CLI::Option& option) {
    std::string all = option.get_type_name();
    if (all.ends_with(or_file)) all.resize(all.size() - or_file.size());
    return CLI::detail::split(all, '|');
}

CLI::Option* repeatable(CLI::Option* option) { return option->allow_extra_args(false); }

}  // namespace halfopen::cli
