#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/output.hpp"
#include "cli/policy_name.hpp"
#include "policy_report/exposure_report.hpp"
#include "policy_report/policy_table.hpp"
#include "policy_report/question.hpp"

namespace halfopen::cli {

namespace {

using Json = nlohmann::ordered_json;

Json fix_json(const Fix& fix) {
    Json set = Json::object();
    for (const auto& [key, value] : fix.set) set[key] = value;
    return {{"name", fix.name},
            {"kind", "fix"},
            {"party", fix.party},
            {"title", fix.title},
            {"description", fix.description},
            {"source", fix.source},
            {"set", std::move(set)}};
}

std::string shown_fix(const Fix& fix) {
    std::string text = fmt::format("{} ({}): {}\n", fix.name, fix.party, fix.title);
    if (!fix.description.empty()) text += fix.description + "\n";
    text += fmt::format("from {}\n", fix.source);
    for (const auto& [key, value] : fix.set) text += fmt::format("  {} = {}\n", key, value);
    return text;
}

/// Everything of that name, as text and as JSON.
struct Shown {
    std::string text;
    Json json = Json::array();

    void add(const Policy& policy) {
        text += (text.empty() ? "" : "\n") + policy_table_text(policy);
        json.push_back(policy_table_json(policy));
        if (policy.kind != PolicyKind::Endpoint) return;
        const BlindResetExposure exposure = blind_reset_exposure(Endpoint(policy));
        text += "\n" + exposure_text(exposure);
        json.back()["blind_reset"] = exposure_json(exposure);
    }
    void add(const Fix& fix) {
        text += (text.empty() ? "" : "\n") + shown_fix(fix);
        json.push_back(fix_json(fix));
    }
};

Shown shown(const std::string& what) {
    const PolicyLibrary library = policy_library();
    const FixLibrary fixes = fix_library();
    const auto slash = what.find('/');
    const std::string folder = what.substr(0, slash == std::string::npos ? 0 : slash);
    const std::string name = slash == std::string::npos ? what : what.substr(slash + 1);
    Shown found;
    if (what.ends_with(".toml")) {
        found.add(policy_named(what));
        return found;
    }
    if (folder == "endpoints") found.add(library.load(PolicyKind::Endpoint, name));
    if (folder == "nats") found.add(library.load(PolicyKind::Nat, name));
    if (folder == "fixes") found.add(fixes.load(name));
    if (!found.text.empty()) return found;
    const auto endpoints = library.names(PolicyKind::Endpoint);
    const auto nats = library.names(PolicyKind::Nat);
    if (contains(endpoints, what)) found.add(library.load(PolicyKind::Endpoint, what));
    if (contains(nats, what)) found.add(library.load(PolicyKind::Nat, what));
    if (contains(fixes.names(), what)) found.add(fixes.load(what));
    if (!found.text.empty()) return found;
    std::vector<std::string> all = endpoints;
    all.insert(all.end(), nats.begin(), nats.end());
    for (const std::string& fix : fixes.names()) all.push_back(fix);
    throw unknown_policy("policy or fix", what, std::move(all));
}

struct ShowOptions : ReportTo {
    std::string name;
    std::vector<std::string> set;
    Question question;

    bool asks() const {
        return !question.state.empty() || !question.segment.empty() || !question.with.empty() ||
               !question.direction.empty();
    }
};

/// What happens if this segment meets that connection.
int answer(const ShowOptions& options, bool json) {
    if (options.question.state.empty() || options.question.segment.empty())
        throw InputError(fmt::format("{} is missing; a question needs both --state and --segment",
                                     options.question.state.empty() ? "--state" : "--segment"));
    Policy policy = policy_named(options.name);
    if (policy.kind == PolicyKind::Endpoint && is_about_timestamps(options.question))
        policy.set("timestamps", "true");
    for (const std::string& setting : options.set) set_parameter_of(policy, setting);
    const PolicyWitness witness = read_question(policy, options.question);
    Output(options.output)
        .write(json ? answer_json(policy, witness).dump(2) + "\n" : answer_text(policy, witness));
    return holds;
}

int run(const ShowOptions& options) {
    const bool json = wants_json(options);
    if (options.asks()) return answer(options, json);
    if (!options.set.empty())
        throw InputError(Place{"--set", 0, 0}, "is for questions; give --state and --segment as well");
    const Shown found = shown(options.name);
    Output(options.output).write(json ? found.json.dump(2) + "\n" : found.text);
    return holds;
}

}  // namespace

void add_show(CLI::App& app, Run& chosen) {
    auto options = std::make_shared<ShowOptions>();
    CLI::App* command = app.add_subcommand(
        "show", "show a policy's table or a fix, with sources; or what a policy does with one segment");
    command
        ->add_option("name", options->name,
                     "a policy or fix; endpoints/NAME, nats/NAME or fixes/NAME where a name is in two; or a "
                     "policy's .toml file")
        ->type_name("POLICY|FIX")
        ->required();
    command->add_option("--state", options->question.state, "what happens in this state ...")
        ->type_name("STATE");
    command
        ->add_option("--segment", options->question.segment,
                     "... with this segment: 'SYN seq=1000', 'RST seq=5', or as tcpdump has it: 'S 1000', "
                     "'. 1:101 ack 5 win 100', 'S 1000 [TS val 5 ecr 0]'; a timestamp turns the policy's "
                     "`timestamps` on")
        ->type_name("SEGMENT");
    command
        ->add_option("--with", options->question.with,
                     "members of the TCB or entry that are not as usual: rcv_nxt=5,orphan=true")
        ->type_name("MEMBER=VALUE,...");
    command
        ->add_option("--direction", options->question.direction,
                     "of the segment at a NAT: original (default) or reply")
        ->type_name("original|reply");
    repeatable(command->add_option("--set", options->set, "a parameter of the policy (repeatable)"))
        ->type_name(argument::parameter);
    add_report_options(*command, *options);
    command->footer(
        "Exit status: 0 shown, 2 wrong input.\n"
        "Example: halfopen show endpoints/freebsd-7\n"
        "Example: halfopen show freebsd-7 --state ESTABLISHED --segment 'S 1000' --with rcv_nxt=2000\n"
        "Example: halfopen show openbsd --state ESTABLISHED --segment 'S 1000 [TS val 5 ecr 0]' --with "
        "ts_recent=9");
    command->callback([options, &chosen] { chosen = [options] { return run(*options); }; });
}

}  // namespace halfopen::cli
