#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "cli/arguments.hpp"
#include "cli/certified_question.hpp"
#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "counterexamples/narration.hpp"
#include "verifier/verifier.hpp"

namespace halfopen::cli {

namespace {

using verifier::Certificate;
using verifier::Claim;
using verifier::Verdict;
using verifier::Verification;

struct VerifyOptions : ReportTo {
    std::string file;
    std::string scenario;
};

/// "founding --variant one-client", as it would be asked again.
std::string in_words(const verifier::Question& question) {
    std::string text = question.scenario;
    if (!question.variant.empty()) text += " --variant " + question.variant;
    for (const std::string& fix : question.fixes) text += " --fix " + fix;
    for (const std::string& setting : question.settings) text += " --set " + setting;
    if (question.complete_isn) text += " --isn complete";
    return text;
}

std::string times_in_words(const Claim& claim) {
    std::string text;
    if (claim.best_ms) text += fmt::format(", best {}", describe_duration(*claim.best_ms));
    if (claim.worst_ms) text += fmt::format(", worst {}", describe_duration(*claim.worst_ms));
    return text;
}

std::string as_text(const Claim& claim, const Verification& result) {
    const std::string subject =
        fmt::format("{}: {}{}", in_words(claim.question), to_string(claim.verdict), times_in_words(claim));
    if (result.interrupted)
        return fmt::format("inconclusive  {}\n  interrupted after {} states\n", subject, result.states);
    if (result.lie) return fmt::format("false  {}\n  {}\n{}", subject, result.lie->what, result.lie->state);
    return fmt::format("verified  {}\n  {} {} and {} transitions computed again, none left out\n", subject,
                       result.states, claim.verdict == Verdict::Permanent ? "states of a trap" : "states",
                       result.transitions);
}

std::string as_json(const Claim& claim, const Verification& result) {
    const auto number = [](const std::optional<std::uint64_t>& ms) {
        return ms ? nlohmann::ordered_json(*ms) : nlohmann::ordered_json(nullptr);
    };
    nlohmann::ordered_json lie = nullptr;
    if (result.lie) lie = {{"what", result.lie->what}, {"state", result.lie->state}};
    const nlohmann::ordered_json json{
        {"question", in_words(claim.question)},
        {"verdict", to_string(claim.verdict)},
        {"recovery_ms", {{"best", number(claim.best_ms)}, {"worst", number(claim.worst_ms)}}},
        {"result", result.interrupted ? "inconclusive"
                   : result.lie       ? "false"
                                      : "verified"},
        {"lie", lie},
        {"states", result.states},
        {"transitions", result.transitions}};
    return json.dump(2) + "\n";
}

int verify_certificate(const VerifyOptions& options) {
    const bool json = wants_json(options);
    const verifier::MappedFile file(options.file);
    const Certificate certificate(file.bytes(), options.file);
    const Scenario scenario = certified_scenario(certificate.claim(), options.scenario, options.file);
    const Model model(scenario, policy_library());
    Output output(options.output);
    const Verification result = verifier::verify(certificate, model, interrupt_token());
    output.write(json ? as_json(certificate.claim(), result) : as_text(certificate.claim(), result));
    if (result.interrupted) return inconclusive;
    return result.lie ? violated : holds;
}

}  // namespace

void add_verify(CLI::App& app, Run& chosen) {
    auto options = std::make_shared<VerifyOptions>();
    CLI::App* command = app.add_subcommand("verify", "check a certificate of a verdict, without searching");
    command->add_option("certificate", options->file, "a file that `check --certificate` wrote")
        ->type_name(argument::file)
        ->required();
    command
        ->add_option("--scenario", options->scenario,
                     "where the scenario's file lies now, if not where it was")
        ->type_name(argument::file);
    add_report_options(*command, *options);
    command->footer(
        "Exit status: 0 the verdict is proved, 1 the certificate says something false, 2 it is damaged or of "
        "other files, 3 interrupted.\n"
        "Example: halfopen check founding --certificate f.cert; halfopen verify f.cert");
    command->callback([options, &chosen] { chosen = [options] { return verify_certificate(*options); }; });
}

}  // namespace halfopen::cli
