#include "check/fix_sets.hpp"

#include <algorithm>
#include <map>

namespace halfopen {

namespace {

using explorer::Verdict;
using Indices = std::vector<std::size_t>;  ///< of a set's fixes in the list, ascending

/// One thing set by two fixes: one of them would be without effect.
bool collide(const Fix& a, const Fix& b) {
    return std::any_of(a.set.begin(), a.set.end(), [&](const auto& setting) {
        return std::any_of(b.set.begin(), b.set.end(),
                           [&](const auto& other) { return other.first == setting.first; });
    });
}

/// Working out an exposure takes Z3 up to a second, and most fixes leave the servers alone.
class ExposureCache {
   public:
    explicit ExposureCache(const PolicyLibrary& library) : library_(library) {}

    std::vector<ServerExposure> of(const Scenario& scenario) {
        std::vector<ServerExposure> found;
        std::optional<Model> model;
        for (std::size_t i = 0; i < scenario.servers.size(); ++i) {
            const ServerSpec& server = scenario.servers[i];
            std::string key = server.policy;
            for (const ParameterOverride& parameter : server.parameters)
                key += "\n" + parameter.name + "=" + parameter.value;
            auto known = known_.find(key);
            if (known == known_.end()) {
                if (!model) model.emplace(scenario, library_);
                known = known_.emplace(key, blind_reset_exposure(model->servers()[i].endpoint)).first;
            }
            found.push_back({server.name, known->second});
        }
        return found;
    }

   private:
    const PolicyLibrary& library_;
    std::map<std::string, BlindResetExposure> known_;
};

class Search {
   public:
    Search(const Scenario& scenario, const PolicyLibrary& library, const FixSearchOptions& options)
        : scenario_(scenario), library_(library), options_(options) {}

    void add(Fix fix, const std::optional<std::string>& expected) {
        if (!options_.party.empty() && fix.party != options_.party) return;
        fixes_.push_back(std::move(fix));
        expected_.push_back(expected);
    }

    FixSearch run() {
        try_singles();
        const std::size_t wanted = options_.max_size.value_or(helping_.empty() ? 2 : 1);
        const std::size_t most = std::min(wanted, fixes_.size());
        for (std::size_t size = 2; size <= most; ++size) try_sets(size);
        found_.largest = most;
        order();
        complete();
        return std::move(found_);
    }

   private:
    /// The scenario with the fixes; nothing where they do not fit together.
    std::optional<Scenario> with(const Indices& set) const {
        Scenario fixed = scenario_;
        try {
            for (const std::size_t i : set) apply_fix(fixed, fixes_[i]);
            if (set.size() > 1) Model(fixed, library_);
        } catch (const InputError&) {
            if (set.size() == 1) throw;
            return std::nullopt;
        }
        return fixed;
    }

    BatchJob job(Scenario fixed) const {
        BatchJob job{std::move(fixed), options_for_a_table(options_.check)};
        job.options.attempts = false;
        return job;
    }

    FixSetOutcome outcome(const Indices& set, CheckResult result) {
        FixSetOutcome one;
        for (const std::size_t i : set) one.fixes.push_back(fixes_[i]);
        if (set.size() == 1) one.expected = expected_[set.front()];
        one.result = std::move(result);
        ++found_.tried;
        found_.conclusive = found_.conclusive && one.result.verdict != Verdict::Inconclusive;
        return one;
    }

    void keep(const Indices& set, FixSetOutcome one) {
        if (set.size() == 1) found_.singles.push_back(one);
        if (one.helps()) {
            helping_.push_back(set);
            found_.minimal.push_back(std::move(one));
        } else if (set.size() > 1) {
            ++found_.failed_together;
        }
    }

    void try_singles() {
        std::vector<BatchJob> jobs;
        for (std::size_t i = 0; i < fixes_.size(); ++i) {
            const Scenario fixed = *with({i});
            jobs.push_back(job(fixed));
            jobs.push_back({with_endless_connect(fixed), options_for_a_table(options_.check)});
        }
        if (!options_.before) jobs.push_back(job(scenario_));
        std::vector<CheckResult> results = check_all(jobs, library_, options_.threads);
        found_.before = options_.before ? *options_.before : std::move(results.back());
        found_.conclusive = found_.before.verdict != Verdict::Inconclusive;
        for (std::size_t i = 0; i < fixes_.size(); ++i) {
            FixSetOutcome one = outcome({i}, std::move(results[2 * i]));
            one.endless = std::move(results[2 * i + 1]);
            found_.conclusive = found_.conclusive && one.endless->verdict != Verdict::Inconclusive;
            keep({i}, std::move(one));
        }
    }

    void try_sets(std::size_t size) {
        std::vector<Indices> sets;
        std::vector<BatchJob> jobs;
        for_each_set(size, [&](const Indices& set) {
            if (std::any_of(helping_.begin(), helping_.end(), [&](const Indices& part) {
                    return std::includes(set.begin(), set.end(), part.begin(), part.end());
                })) {
                ++found_.skipped;
                return;
            }
            for (std::size_t i = 0; i < set.size(); ++i) {
                for (std::size_t j = i + 1; j < set.size(); ++j) {
                    if (!collide(fixes_[set[i]], fixes_[set[j]])) continue;
                    ++found_.incompatible;
                    return;
                }
            }
            auto fixed = with(set);
            if (!fixed) {
                ++found_.incompatible;
                return;
            }
            jobs.push_back(job(std::move(*fixed)));
            sets.push_back(set);
        });
        std::vector<CheckResult> results = check_all(jobs, library_, options_.threads);
        std::vector<BatchJob> endless;
        const std::size_t before = found_.minimal.size();
        for (std::size_t i = 0; i < sets.size(); ++i) {
            FixSetOutcome one = outcome(sets[i], std::move(results[i]));
            if (one.helps())
                endless.push_back(
                    {with_endless_connect(jobs[i].scenario), options_for_a_table(options_.check)});
            keep(sets[i], std::move(one));
        }
        std::vector<CheckResult> never = check_all(endless, library_, options_.threads);
        for (std::size_t i = 0; i < never.size(); ++i)
            found_.minimal[before + i].endless = std::move(never[i]);
    }

    template <class Visit>
    void for_each_set(std::size_t size, const Visit& visit) const {
        Indices set(size);
        const auto choose = [&](const auto& self, std::size_t at, std::size_t from) -> void {
            if (at == size) {
                visit(set);
                return;
            }
            for (std::size_t i = from; i < fixes_.size(); ++i) {
                set[at] = i;
                self(self, at + 1, i + 1);
            }
        };
        choose(choose, 0, 0);
    }

    /// Sets of one party first, by the place of the party's first fix in the list.
    void order() {
        const auto place = [&](const FixSetOutcome& one) {
            const std::string party = one.party();
            std::size_t at = 0;
            while (at < fixes_.size() && fixes_[at].party != party) ++at;
            return at;
        };
        std::stable_sort(found_.minimal.begin(), found_.minimal.end(),
                         [&](const FixSetOutcome& a, const FixSetOutcome& b) { return place(a) < place(b); });
    }

    void complete() {
        ExposureCache cache(library_);
        if (options_.exposure) found_.exposure_before = cache.of(scenario_);
        for (FixSetOutcome& one : found_.minimal) {
            Scenario fixed = scenario_;
            for (const Fix& fix : one.fixes) apply_fix(fixed, fix);
            if (options_.exposure) one.exposure = cache.of(fixed);
            if (options_.prove) one.proof = options_.prove(fixed);
        }
    }

    const Scenario& scenario_;
    const PolicyLibrary& library_;
    const FixSearchOptions& options_;
    std::vector<Fix> fixes_;
    std::vector<std::optional<std::string>> expected_;
    std::vector<Indices> helping_;
    FixSearch found_;
};

}  // namespace

std::string FixSetOutcome::party() const {
    const bool one = std::all_of(fixes.begin(), fixes.end(),
                                 [&](const Fix& fix) { return fix.party == fixes.front().party; });
    return one && !fixes.empty() ? fixes.front().party : "";
}

FixSearch find_fix_sets(const Scenario& scenario, const std::vector<ExpectedFix>& fixes,
                        const FixLibrary& fix_library, const PolicyLibrary& library,
                        const FixSearchOptions& options) {
    Search search(scenario, library, options);
    for (const ExpectedFix& fix : fixes) search.add(fix_library.load(fix.name, fix.place), fix.expect);
    return search.run();
}

std::vector<ServerExposure> exposures(const Scenario& scenario, const PolicyLibrary& library) {
    return ExposureCache(library).of(scenario);
}

}  // namespace halfopen
