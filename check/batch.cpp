#include "check/batch.hpp"

#include <algorithm>
#include <numeric>

#include "check/cost.hpp"
#include "solver/side_by_side.hpp"

namespace halfopen {

namespace {

/// The indices of the models, from the one that may take longest, so that this is not left to one thread
/// alone at the end.  Equal ones stay in order.
std::vector<std::size_t> longest_first(const std::vector<Model>& models) {
    std::vector<double> costs;
    costs.reserve(models.size());
    for (const Model& model : models) costs.push_back(estimated_cost(model));
    std::vector<std::size_t> order(models.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return costs[a] > costs[b]; });
    return order;
}

}  // namespace

CheckOptions options_for_a_table(CheckOptions options) {
    options.trace = false;
    options.corners_if_bounded_only = true;
    return options;
}

std::vector<CheckResult> check_all(const std::vector<BatchJob>& jobs, const PolicyLibrary& library,
                                   unsigned threads) {
    std::vector<Model> models;
    models.reserve(jobs.size());
    for (const BatchJob& job : jobs) models.emplace_back(job.scenario, library);
    const std::vector<std::size_t> order = longest_first(models);
    std::vector<CheckResult> results(jobs.size());
    // Threads that are left over where there are few jobs help within them.
    const unsigned within =
        std::max(1U, threads / static_cast<unsigned>(std::max<std::size_t>(1, jobs.size())));
    side_by_side(order.size(), threads, [&](std::size_t taken) {
        const std::size_t i = order[taken];
        CheckOptions options = jobs[i].options;
        options.threads = within;
        results[i] = check(models[i], options);
    });
    return results;
}

bool as_expected(const CheckResult& result, const std::optional<std::string>& expected) {
    return !expected || *expected == to_string(result.verdict);
}

Scenario with_endless_connect(Scenario scenario) {
    apply_setting(scenario, "client.syn_never_gives_up", "true");
    return scenario;
}

std::vector<VariantOutcome> try_variants(const Scenario& scenario, const PolicyLibrary& library,
                                         const CheckOptions& options, unsigned threads) {
    const CheckOptions quick = options_for_a_table(options);
    std::vector<VariantOutcome> outcomes;
    std::vector<BatchJob> jobs;
    for (const VariantSpec& variant : scenario.variants) {
        Scenario changed = scenario;
        apply_variant(changed, variant);
        jobs.push_back({std::move(changed), quick});
        outcomes.push_back({variant, {}});
    }
    std::vector<CheckResult> results = check_all(jobs, library, threads);
    for (std::size_t i = 0; i < outcomes.size(); ++i) outcomes[i].result = std::move(results[i]);
    return outcomes;
}

}  // namespace halfopen
