#include "cli/usage_error.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/application.hpp"
#include "spec/policy/input_error.hpp"

namespace halfopen::cli {

namespace {

/// The subcommand that was reached, or the application.
const CLI::App& reached(const CLI::App& app) {
    const auto parsed = app.get_subcommands();
    return parsed.empty() ? app : *parsed.front();
}

std::string full_name(const CLI::App& app) {
    return app.get_parent() == nullptr ? app.get_name() : "halfopen " + app.get_name();
}

std::string see_help(const CLI::App& app) { return fmt::format("; see {} --help", full_name(app)); }

std::string shown_name(const CLI::Option& option) {
    return option.get_positional() ? option.get_name(true, false) : "--" + option.get_lnames().front();
}

std::string unknown_command(const CLI::App& app, const std::string& word) {
    std::vector<std::string> names;
    for (const CLI::App* command : commands_of(app)) names.push_back(command->get_name());
    const std::vector<std::string_view> known(names.begin(), names.end());
    return unknown_name("command", word, known);
}

std::string unknown_option(const CLI::App& app, std::string word) {
    word.resize(std::min(word.size(), word.find('=')));
    std::vector<std::string> names;
    for (const CLI::Option* option : options_of(app)) names.push_back("--" + option->get_lnames().front());
    const std::vector<std::string_view> known(names.begin(), names.end());
    return unknown_name(fmt::format("option of {}:", full_name(app)), word, known, 0) + see_help(app);
}

std::string one_too_many(const CLI::App& app, const std::string& word) {
    std::string takes;
    for (const CLI::Option* option : positionals_of(app)) takes += " " + option->get_name(true, false);
    return fmt::format("{} is one too many: it is {}{}, with options before or after{}", in_quotes(word),
                       full_name(app), takes, see_help(app));
}

std::string unexpected(const CLI::App& app, const std::vector<std::string>& words) {
    const CLI::App& command = reached(app);
    const auto is_option = [](const std::string& word) { return word.size() > 1 && word.front() == '-'; };
    if (&command == &app) {
        const auto word = std::find_if_not(words.begin(), words.end(), is_option);
        if (!words.empty() && is_option(words.front())) return unknown_option(app, words.front());
        return unknown_command(app, word == words.end() ? "" : *word);
    }
    const std::vector<std::string> rest = app.remaining(true);
    const auto option = std::find_if(rest.begin(), rest.end(), is_option);
    if (option != rest.end()) return unknown_option(command, *option);
    return one_too_many(command, rest.empty() ? words.back() : rest.front());
}

std::string missing(const CLI::App& command, const std::string& what) {
    std::vector<const CLI::Option*> all = positionals_of(command);
    for (const CLI::Option* option : options_of(command)) all.push_back(option);
    for (const CLI::Option* option : all)
        if (option->get_required() && option->count() == 0)
            return fmt::format("{} is missing: {} ({}){}", shown_name(*option), option->get_type_name(),
                               option->get_description(), see_help(command));
    return what + see_help(command);
}

/// CLI11 has only the option's name, before a ':'.
std::string wrong_number(const CLI::App& command, const std::string& what) {
    const std::string name = what.substr(0, what.find(':'));
    for (const CLI::Option* option : options_of(command)) {
        if (!option->check_name(name)) continue;
        if (what.find("At Most") != std::string::npos)
            return name + ": is given more than once; leave one away";
        return fmt::format("{}: its value is missing: {} ({})", name, option->get_type_name(),
                           option->get_description());
    }
    return what + see_help(command);
}

}  // namespace

std::string explain(const CLI::App& app, const CLI::ParseError& error,
                    const std::vector<std::string>& words) {
    const CLI::App& command = reached(app);
    if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) return unexpected(app, words);
    if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) return missing(command, error.what());
    if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr)
        return wrong_number(command, error.what());
    if (dynamic_cast<const CLI::ValidationError*>(&error) != nullptr) return error.what();
    return error.what() + see_help(command);
}

void refuse_empty_values(CLI::App& app) {
    for (CLI::App* command : app.get_subcommands({})) {
        for (CLI::Option* option : command->get_options()) {
            if (!takes_value(*option)) continue;
            const std::string wanted = option->get_type_name();
            option->check(CLI::Validator(
                [wanted](std::string& value) {
                    return value.empty() ? fmt::format("its value is empty; {} is wanted", wanted)
                                         : std::string();
                },
                ""));
        }
    }
}

}  // namespace halfopen::cli
