/// What the value of an option or a positional is.  Help, shell completion and the manual page all read it
/// from the option's type name: one of these, or some words with '|' between them.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace halfopen::cli {

namespace argument {
inline constexpr const char *file = "FILE", *folder = "FOLDER", *scenario = "SCENARIO", *variant = "VARIANT",
                            *fix = "FIX", *policy = "POLICY", *endpoint = "ENDPOINT", *nat = "NAT",
                            *property = "PROPERTY", *setting = "GROUP.KEY=VALUE",
                            *parameter = "PARAMETER=VALUE", *duration = "DURATION", *amount = "AMOUNT",
                            *number = "N";
}  // namespace argument

/// More threads than any machine has cores help nobody.
inline constexpr std::uint64_t most_jobs = 1024;

/// An option whose value is one of `words`; any other is an error that names the nearest.
CLI::Option* add_choice(CLI::App& app, const std::string& name, std::string& value,
                        std::span<const std::string_view> words, const std::string& description);
/// The same, repeatable, for WORD or WORD=FILE.
CLI::Option* add_choices_with_file(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                                   std::span<const std::string_view> words, const std::string& description);

/// An option that takes a whole number of this range.
template <class Number>
CLI::Option* add_count(CLI::App& app, const std::string& name, Number& value, std::uint64_t lowest,
                       std::uint64_t highest, const std::string& description);

/// What an option takes, one by one: kinds of argument in capitals, words otherwise.
std::vector<std::string> values_of(const CLI::Option& option);

/// An option that may be given more than once, each time with one value.
CLI::Option* repeatable(CLI::Option* option);

/// Says what is wrong with a whole number; empty where nothing is.
std::string wrong_count(const std::string& text, std::uint64_t lowest, std::uint64_t highest);

template <class Number>
CLI::Option* add_count(CLI::App& app, const std::string& name, Number& value, std::uint64_t lowest,
                       std::uint64_t highest, const std::string& description) {
    return app.add_option(name, value, description)
        ->type_name(argument::number)
        ->check(CLI::Validator(
            [lowest, highest](std::string& text) { return wrong_count(text, lowest, highest); }, ""));
}

}  // namespace halfopen::cli
