/// The subcommands.  Each adds itself to the application; its function runs after parsing and returns the
/// exit status.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace halfopen::cli {

using Run = std::function<int()>;

/// Registers a subcommand; `chosen` becomes what it does where it is given.
void add_check(CLI::App& app, Run& chosen);
void add_conform(CLI::App& app, Run& chosen);
void add_export(CLI::App& app, Run& chosen);
void add_explain(CLI::App& app, Run& chosen);
void add_fixes(CLI::App& app, Run& chosen);
void add_diff(CLI::App& app, Run& chosen);
void add_gate(CLI::App& app, Run& chosen);
void add_lint(CLI::App& app, Run& chosen);
void add_variants(CLI::App& app, Run& chosen);
void add_list(CLI::App& app, Run& chosen);
void add_prove(CLI::App& app, Run& chosen);
void add_show(CLI::App& app, Run& chosen);
void add_verify(CLI::App& app, Run& chosen);

/// What `halfopen` does without a subcommand: the founding story.
int tell_founding_story();

}  // namespace halfopen::cli
