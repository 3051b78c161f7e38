/// The whole command line: what parsing, help, completion and the manual page are all made from.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.hpp"

namespace halfopen::cli {

/// `chosen` becomes what the subcommand that is given does.  Both have to outlive what is chosen.
std::unique_ptr<CLI::App> application(Run& chosen);

/// The subcommands that a user is told of, in their order.
std::vector<const CLI::App*> commands_of(const CLI::App& app);
/// An application's options, or a subcommand's, in their order; without the positionals.
std::vector<const CLI::Option*> options_of(const CLI::App& app);
std::vector<const CLI::Option*> positionals_of(const CLI::App& app);
bool takes_value(const CLI::Option& option);
bool takes_many(const CLI::Option& option);

}  // namespace halfopen::cli
