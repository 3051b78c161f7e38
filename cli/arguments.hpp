/// What the value of an option or a positional is.  Help, shell completion and the manual page all read it
/// from the option's type name: one of these, or some words with '|' between them.
#pragma once

#include <CLI/CLI.hpp>
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

/// An option whose value is one of `words`; any other is an error that names the nearest.
CLI::Option* add_choice(CLI::App& app, const std::string& name, std::string& value,
                        std::span<const std::string_view> words, const std::string& description);
/// The same, repeatable, for WORD or WORD=FILE.
CLI::Option* add_choices_with_file(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                                   std::span<const std::string_view> words, const std::string& description);

/// What an option takes, one by one: kinds of argument in capitals, words otherwise.
std::vector<std::string> values_of(const CLI::Option& option);

/// An option that may be given more than once, each time with one value.
CLI::Option* repeatable(CLI::Option* option);

}  // namespace halfopen::cli
