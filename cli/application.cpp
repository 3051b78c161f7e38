#include "cli/application.hpp"

#include "cli/help_format.hpp"
#include "cli/usage_error.hpp"

namespace halfopen::cli {

std::unique_ptr<CLI::App> application(Run& chosen) {
    auto app = std::make_unique<CLI::App>(
        "Halfopen: a model checker for TCP connections that meet a NAT.  Without a subcommand: the founding "
        "story.",
        "halfopen");
    app->formatter(std::make_shared<HelpFormat>());
    app->set_version_flag("--version", "halfopen " HALFOPEN_VERSION);
    app->require_subcommand(0, 1);
    app->footer(
        "Exit status: 0 holds or as expected, 1 violated or not as expected, 2 usage or input error, 3 "
        "inconclusive.\n"
        "Example: halfopen check founding");
    add_check(*app, chosen);
    add_export(*app, chosen);
    add_explain(*app, chosen);
    add_fixes(*app, chosen);
    add_variants(*app, chosen);
    add_verify(*app, chosen);
    add_prove(*app, chosen);
    add_conform(*app, chosen);
    add_list(*app, chosen);
    add_show(*app, chosen);
    add_lint(*app, chosen);
    add_diff(*app, chosen);
    add_gate(*app, chosen);
    add_new(*app, chosen);
    add_completion(*app, chosen);
    add_man(*app, chosen);
    refuse_empty_values(*app);
    return app;
}

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
    return app.get_subcommands([](const CLI::App* command) {
        return !command->get_group().empty() && !command->get_name().empty();
    });
}

std::vector<const CLI::Option*> options_of(const CLI::App& app) {
    return app.get_options([](const CLI::Option* option) { return option->nonpositional(); });
}

std::vector<const CLI::Option*> positionals_of(const CLI::App& app) {
    return app.get_options([](const CLI::Option* option) { return option->get_positional(); });
}

bool takes_value(const CLI::Option& option) { return option.get_expected_max() > 0; }

bool takes_many(const CLI::Option& option) {
    return option.get_expected_max() >= CLI::detail::expected_max_vector_size;
}

}  // namespace halfopen::cli
