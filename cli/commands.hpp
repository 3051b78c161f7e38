/// The subcommands.  Each adds itself to the application; its function runs after parsing and returns the
/// exit status.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

namespace halfopen::cli {

using Run = std::function<int()>;

/// Registers a subcommand; `chosen` becomes what it does where it is given.
void add_completion(CLI::App& app, Run& chosen);
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
void add_man(CLI::App& app, Run& chosen);
void add_new(CLI::App& app, Run& chosen);
void add_prove(CLI::App& app, Run& chosen);
void add_show(CLI::App& app, Run& chosen);
void add_verify(CLI::App& app, Run& chosen);

/// `halfopen complete -- WORD...`, which the shells' completion asks at each Tab: what can stand at the end.
int answer_completion(const CLI::App& app, std::vector<std::string> words);

/// What `halfopen` does without a subcommand: the founding story.
int tell_founding_story();

}  // namespace halfopen::cli
