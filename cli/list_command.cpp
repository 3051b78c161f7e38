#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "cli/arguments.hpp"
#include "cli/catalog.hpp"
#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/output.hpp"

namespace halfopen::cli {

namespace {

std::string as_text(const Entries& entries) {
    std::string text;
    std::string group;
    for (const Entry& entry : entries) {
        if (entry.group != group) {
            text += fmt::format("{}{}:\n", text.empty() ? "" : "\n", entry.group);
            group = entry.group;
        }
        std::string line = fmt::format("{}{:<34} {}", group.empty() ? "" : "  ", entry.name, entry.meaning);
        while (line.ends_with(' ')) line.pop_back();
        text += line + "\n";
    }
    return text;
}

std::string as_json(const Entries& entries) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const Entry& entry : entries) {
        nlohmann::ordered_json one{{"name", entry.name}, {"meaning", entry.meaning}};
        if (!entry.group.empty()) one["of"] = entry.group;
        list.push_back(std::move(one));
    }
    return list.dump(2) + "\n";
}

}  // namespace

void add_list(CLI::App& app, Run& chosen) {
    auto kind = std::make_shared<std::string>();
    auto options = std::make_shared<ReportTo>();
    CLI::App* command = app.add_subcommand("list", "list what there is");
    add_choice(*command, "kind", *kind, catalog_kinds, "of what")->required();
    add_report_options(*command, *options);
    command->footer(
        "Exit status: 0 listed, 2 wrong input.\n"
        "Example: halfopen list fixes");
    command->callback([kind, options, &chosen] {
        chosen = [kind, options] {
            const bool json = wants_json(*options);
            const Entries entries = entries_of(*kind);
            Output(options->output).write(json ? as_json(entries) : as_text(entries));
            return holds;
        };
    });
}

}  // namespace halfopen::cli
