#include "cli/arguments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

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

std::string wrong_count(const std::string& text, std::uint64_t lowest, std::uint64_t highest) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_number = error == std::errc{} && end == text.data() + text.size();
    if (is_number && value >= lowest && value <= highest) return {};
    return fmt::format("{} is not a whole number from {} to {}", in_quotes(text), lowest, highest);
}

CLI::Option* repeatable(CLI::Option* option) { return option->allow_extra_args(false); }

}  // namespace halfopen::cli
