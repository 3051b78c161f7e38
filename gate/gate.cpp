#include "gate/gate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>

#include "gate/cache.hpp"
#include "gate/fingerprint.hpp"
#include "gate/pairings.hpp"
#include "policy_report/exposure_report.hpp"
#include "solver/blind_reset.hpp"
#include "solver/side_by_side.hpp"

namespace halfopen::gate {
namespace {

struct Exposure {
    double segments = 0;
    std::string text;
};

class Gate {
   public:
    explicit Gate(const GateOptions& options)
        : options_(options), cache_(options.cache), old_(options.baseline), new_(options.candidate) {}

    GateReport run() {
        GateReport report;
        report.policies = changed_policies(old_, new_);
        const auto files = scenario_files(options_.scenarios);
        const std::vector<Pairing> pairings =
            affected_pairings(files, old_, new_, report.policies, report.untouched);
        std::vector<std::function<void()>> tasks;
        report.pairings.resize(pairings.size());
        for (std::size_t i = 0; i < pairings.size(); ++i) {
            const Pairing& pairing = pairings[i];
            PairingReport& one = report.pairings[i];
            one.id = pairing.id;
            one.title = pairing.title;
            one.policies = pairing.policies;
            one.model = pairing.after;
            if (pairing.before)
                tasks.emplace_back([&] { one.before = outcome(pairing.text, *pairing.before); });
            if (pairing.after) tasks.emplace_back([&] { one.after = outcome(pairing.text, *pairing.after); });
        }
        std::vector<const PolicyChange*> endpoints;
        for (const PolicyChange& change : report.policies)
            if (change.kind == PolicyKind::Endpoint && change.before && change.after)
                endpoints.push_back(&change);
        std::vector<std::pair<Exposure, Exposure>> exposures(endpoints.size());
        for (std::size_t i = 0; i < endpoints.size(); ++i) {
            tasks.emplace_back([&, i] { exposures[i].first = exposure(*endpoints[i]->before); });
            tasks.emplace_back([&, i] { exposures[i].second = exposure(*endpoints[i]->after); });
        }
        side_by_side(tasks.size(), options_.threads, [&](std::size_t i) { tasks[i](); });
        for (std::size_t i = 0; i < pairings.size(); ++i) judge(pairings[i], report.pairings[i], report);
        for (std::size_t i = 0; i < endpoints.size(); ++i)
            report.pairings.push_back(judge(*endpoints[i], exposures[i].first, exposures[i].second));
        finish(report);
        return report;
    }

   private:
    Outcome outcome(const std::string& text, const Model& model) {
        const CheckOptions& check = options_.check;
        const std::string key =
            fmt::format("check {}\nisn {} timeout {} memory {} depth {}\n{}\n{}\n{}", options_.program,
                        static_cast<int>(check.isn), check.limits.timeout ? check.limits.timeout->count() : 0,
                        check.limits.memory_bytes ? *check.limits.memory_bytes : 0,
                        check.limits.max_depth ? *check.limits.max_depth : 0, text, behaviour_text(model),
                        rule_names(model));
        if (const auto known = cache_.find(key)) {
            try {
                Outcome outcome = outcome_from_json(*known);
                ++from_cache_;
                return outcome;
            } catch (const std::exception&) {
                // Damaged in a way that its sum does not show: as good as none.
            }
        }
        ++checked_;
        Outcome outcome = measure(model, check);
        // What a limit cut short may come out better another time.
        if (outcome.verdict != explorer::Verdict::Inconclusive) cache_.keep(key, to_json(outcome));
        return outcome;
    }

    Exposure exposure(const Policy& policy) {
        const std::string key = "exposure " + options_.program + "\n" + behaviour_text(policy);
        if (const auto known = cache_.find(key); known && known->is_object()) {
            const auto segments = known->find("segments");
            const auto text = known->find("text");
            if (segments != known->end() && text != known->end() && text->is_string() &&
                (segments->is_number() || segments->is_null()))
                return {
                    segments->is_null() ? std::numeric_limits<double>::infinity() : segments->get<double>(),
                    text->get<std::string>()};
        }
        const BlindResetExposure found = blind_reset_exposure(Endpoint(policy));
        Exposure result{found.expected(), segment_count(found.expected())};
        if (!found.attacks.empty()) result.text += ": " + attack_text(found.attacks.front());
        cache_.keep(key, {{"segments", result.segments}, {"text", result.text}});
        return result;
    }

    void judge(const Pairing& pairing, PairingReport& one, const GateReport& report) const {
        if (pairing.before && !pairing.after)
            one.findings.push_back({Kind::Model, true, false, "works", pairing.error_after, {}, {}});
        if (!one.before || !one.after) {
            place(one, report);
            return;
        }
        one.findings = compare(*one.before, *one.after, options_.slower_ms);
        place(one, report);
    }

    PairingReport judge(const PolicyChange& change, const Exposure& before, const Exposure& after) const {
        PairingReport one;
        one.id = "exposure of " + change.name;
        one.title = "spoofed segments that end an established connection";
        one.policies = {change.name};
        if (before.segments != after.segments) {
            Finding finding{
                Kind::BlindReset, after.segments < before.segments, false, before.text, after.text, {}, {}};
            put_down_to(finding, first_difference(change), *change.after);
            one.findings.push_back(std::move(finding));
        }
        return one;
    }

    static const Rule* first_difference(const PolicyChange& change) {
        for (const PolicyDifference& d : change.diff.differences)
            if (d.new_rule) return &change.after->rules[*d.new_rule];
        return nullptr;
    }

    static void put_down_to(Finding& finding, const Rule* rule, const Policy& policy) {
        finding.place = rule != nullptr ? rule->place : Place{policy.file, 1, 0};
        if (rule != nullptr) finding.rule = rule->id;
    }

    /// The first rule of the trace that decides what the old policy decided in another way; else the first
    /// rule that does.
    static void place(PairingReport& one, const GateReport& report) {
        const Rule* rule = nullptr;
        const Policy* policy = nullptr;
        const auto differs = [&](const std::string& id) {
            for (const PolicyChange& change : report.policies) {
                if (!change.after) continue;
                if (std::find(one.policies.begin(), one.policies.end(), change.name) == one.policies.end())
                    continue;
                if (policy == nullptr) policy = &*change.after;
                for (const PolicyDifference& d : change.diff.differences) {
                    if (!d.new_rule) continue;
                    const Rule& candidate = change.after->rules[*d.new_rule];
                    if (!id.empty() && candidate.id != id) continue;
                    rule = &candidate;
                    policy = &*change.after;
                    return true;
                }
            }
            return false;
        };
        bool found = false;
        if (one.after)
            for (const OutcomeStep& step : one.after->steps)
                if (!step.rule.empty() && differs(step.rule)) {
                    found = true;
                    break;
                }
        if (!found) differs("");
        if (policy == nullptr) return;
        for (Finding& finding : one.findings) put_down_to(finding, rule, *policy);
    }

    void finish(GateReport& report) const {
        std::vector<bool> used(options_.allow.size());
        for (PairingReport& pairing : report.pairings)
            for (Finding& finding : pairing.findings)
                if (finding.worse) finding.allowed = allowed(options_.allow, pairing.id, finding.kind, &used);
        for (std::size_t i = 0; i < used.size(); ++i)
            if (!used[i]) report.unused_allowances.push_back(options_.allow[i]);
        report.checked = checked_;
        report.from_cache = from_cache_;
    }

    const GateOptions& options_;
    Cache cache_;
    PolicyLibrary old_, new_;
    std::atomic<std::size_t> checked_{0}, from_cache_{0};
};

}  // namespace

GateReport run_gate(const GateOptions& options) { return Gate(options).run(); }

}  // namespace halfopen::gate
