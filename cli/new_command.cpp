#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/output.hpp"
#include "cli/starting_scenario.hpp"

namespace halfopen::cli {

namespace {

namespace fs = std::filesystem;

struct NewOptions {
    std::string what;
    std::string name = "my-scenario";
};

int write_new(const NewOptions& options) {
    if (options.name == "-") {
        Output("-").write(starting_scenario("my-scenario"));
        return holds;
    }
    const std::string file = options.name.ends_with(".toml") ? options.name : options.name + ".toml";
    const std::string stem = fs::path(file).stem().string();
    if (stem.empty() || stem == ".toml" || options.name.ends_with('/'))
        throw InputError(fmt::format("{} names no file; write NAME or FILE.toml", in_quotes(options.name)));
    // Made here and now, so that nothing that exists is written over, whatever else runs at the same time.
    const int made = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (made < 0 && errno == EEXIST)
        throw InputError(Place{file, 0, 0}, "exists, and is not written over; give another name");
    if (made < 0)
        throw InputError(Place{file, 0, 0}, fmt::format("cannot be written: {}", std::strerror(errno)));
    ::close(made);
    try {
        Output(file).write(starting_scenario(stem));
    } catch (...) {
        unlink(file.c_str());
        throw;
    }
    fmt::print("{} is written; next: halfopen check {}\n", one_line(file), one_line(file));
    return holds;
}

}  // namespace

void add_new(CLI::App& app, Run& chosen) {
    auto options = std::make_shared<NewOptions>();
    CLI::App* command = app.add_subcommand("new", "write a commented scenario file to begin with");
    static constexpr std::array<std::string_view, 1> kinds{"scenario"};
    add_choice(*command, "what", options->what, kinds, "scenario")->required();
    command
        ->add_option(
            "name", options->name,
            "its name, or a file; - is standard output (default: my-scenario); nothing is written over")
        ->type_name(argument::file);
    command->footer(
        "Exit status: 0 written, 2 it exists already or cannot be written.\n"
        "Example: halfopen new scenario office; halfopen check office.toml");
    command->callback([options, &chosen] { chosen = [options] { return write_new(*options); }; });
}

}  // namespace halfopen::cli
