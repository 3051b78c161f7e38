#include <memory>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/manual_page.hpp"
#include "cli/output.hpp"

namespace halfopen::cli {

void add_man(CLI::App& app, Run& chosen) {
    auto output = std::make_shared<std::string>("-");
    CLI::App* command = app.add_subcommand("man", "write the manual page, for man -l or to be installed");
    command->add_option("-o,--output", *output, "a file, written only when all is done; - is standard output")
        ->type_name(argument::file);
    command->footer(
        "Exit status: 0 written, 2 wrong input.\n"
        "Example: halfopen man -o halfopen.1");
    command->callback([output, &app, &chosen] {
        chosen = [output, &app] {
            Output(*output).write(manual_page(app));
            return holds;
        };
    });
}

}  // namespace halfopen::cli
