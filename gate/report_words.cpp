#include <fmt/format.h>

#include <algorithm>

#include "gate/reports.hpp"

namespace halfopen::gate {

std::string render(std::string_view format, const GateReport& report, const ReportContext& context) {
    if (format == "json") return json_report(report, context).dump(2) + "\n";
    if (format == "markdown") return markdown_report(report, context);
    if (format == "github") return github_report(report, context);
    if (format == "sarif") return sarif_report(report, context).dump(2) + "\n";
    if (format == "junit") return junit_report(report, context);
    return text_report(report, context);
}

std::string summary_line(const GateReport& report) {
    std::size_t worse = 0, better = 0;
    for (const PairingReport& pairing : report.pairings) {
        worse += pairing.worse() ? 1 : 0;
        better += pairing.better() ? 1 : 0;
    }
    return fmt::format("{} got worse, {} better, {} unchanged; {} run no changed policy", worse, better,
                       report.pairings.size() - worse - better, report.untouched);
}

std::string finding_text(const Finding& finding) {
    return fmt::format("{}: {} -> {}{}", to_string(finding.kind), finding.before, finding.after,
                       finding.allowed ? " (allowed)" : "");
}

std::string shown_file(const Place& place, const ReportContext& context) {
    std::error_code error;
    const std::filesystem::path full = std::filesystem::weakly_canonical(place.file, error);
    if (error) return place.file;
    const std::filesystem::path root = std::filesystem::weakly_canonical(context.root, error);
    const std::filesystem::path relative = full.lexically_relative(root);
    const bool below = !error && !relative.empty() && *relative.begin() != "..";
    return (below ? relative : full).generic_string();
}

const Rule* rule_of(const PairingReport& pairing, const OutcomeStep& step) {
    if (!pairing.model || step.rule.empty()) return nullptr;
    const Model& model = *pairing.model;
    const auto in = [&](const Policy& policy) -> const Rule* {
        for (const Rule& rule : policy.rules)
            if (rule.id == step.rule) return &rule;
        return nullptr;
    };
    const std::size_t i = step.node.index;
    switch (step.node.kind) {
        case NodeRef::Kind::Client:
            return i < model.clients().size() ? in(model.clients()[i].endpoint.policy()) : nullptr;
        case NodeRef::Kind::Server:
            return i < model.servers().size() ? in(model.servers()[i].endpoint.policy()) : nullptr;
        case NodeRef::Kind::Nat:
            break;
    }
    if (i >= model.nats().size()) return nullptr;
    const Rule* const rule = in(model.nats()[i].nat.policy());
    return rule != nullptr ? rule : in(model.nats()[i].host.policy());
}

std::string actor_of(const PairingReport& pairing, const OutcomeStep& step) {
    if (!pairing.model) return "";
    const Model& model = *pairing.model;
    const std::size_t i = step.node.index;
    const bool known = step.node.kind == NodeRef::Kind::Client   ? i < model.clients().size()
                       : step.node.kind == NodeRef::Kind::Server ? i < model.servers().size()
                                                                 : i < model.nats().size();
    return known ? model.name(step.node) : "";
}

}  // namespace halfopen::gate
