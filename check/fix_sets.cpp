#include "check/fix_sets.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>

#include "solver/blind_reset.hpp"

namespace halfopen {

namespace {

using Members = std::vector<std::size_t>;  // indices of fixes, ascending

double weakest_server(const Model& model) {
    double least = std::numeric_limits<double>::infinity();
    for (const ServerNode& server : model.servers())
        least = std::min(least, blind_reset_exposure(server.endpoint).expected());
    return least;
}

bool touches_a_server(const Scenario& scenario, const Fix& fix) {
    return std::any_of(fix.set.begin(), fix.set.end(), [&](const auto& setting) {
        const std::string group = setting.first.substr(0, setting.first.find('.'));
        return group == "server" ||
               std::any_of(scenario.servers.begin(), scenario.servers.end(),
                           [&](const ServerSpec& server) { return server.name == group; });
    });
}

bool contradict(const Fix& a, const Fix& b) {
    return std::any_of(a.set.begin(), a.set.end(), [&](const auto& mine) {
        return std::any_of(b.set.begin(), b.set.end(), [&](const auto& theirs) {
            return mine.first == theirs.first && mine.second != theirs.second;
        });
    });
}

bool includes(const Members& set, const Members& part) {
    return std::includes(set.begin(), set.end(), part.begin(), part.end());
}

/// Calls take(members) for each set of `size` of the candidates, in lexical order.
template <class Take>
void each_set(const Members& candidates, std::size_t size, Take&& take) {
    if (size > candidates.size()) return;
    std::vector<bool> chosen(candidates.size(), false);
    std::fill(chosen.begin(), chosen.begin() + static_cast<std::ptrdiff_t>(size), true);
    do {
        Members members;
        for (std::size_t i = 0; i < candidates.size(); ++i)
            if (chosen[i]) members.push_back(candidates[i]);
        take(members);
    } while (std::prev_permutation(chosen.begin(), chosen.end()));
}

CheckOptions verdict_alone(CheckOptions options) {
    options.trace = options.corners = options.attempts = options.prove_coverage = false;
    return options;
}

class Search {
   public:
    Search(const Scenario& scenario, const PolicyLibrary& library, const CheckOptions& options,
           unsigned threads)
        : scenario_(scenario), library_(library), options_(options), threads_(threads) {
        options_.trace = false;
        options_.corners_if_bounded_only = true;
    }

    FixSearch run(const std::vector<Fix>& fixes, const std::vector<ExpectedFix>& expected,
                  std::size_t max_size) {
        fixes_ = fixes;
        std::vector<FixSet> sets(1);
        for (std::size_t i = 0; i < fixes_.size(); ++i)
            sets.push_back({{fixes_[i]}, expected[i].expect, {}, {}, 0});
        complete(sets);
        FixSearch found;
        found.before = std::move(sets.front());
        found.singles.assign(std::make_move_iterator(sets.begin() + 1), std::make_move_iterator(sets.end()));
        Members left;
        for (std::size_t i = 0; i < fixes_.size(); ++i)
            (found.singles[i].works() ? works_ : left).push_back(i);
        for (const std::size_t i : works_) working_.push_back({i});
        for (std::size_t size = 2; size <= std::min(max_size, fixes_.size()); ++size) grow(found, left, size);
        found.conclusive = conclusive_;
        return found;
    }

   private:
    /// Every set of this size that is neither a superset of one that works nor contradicts itself.
    void grow(FixSearch& found, const Members& left, std::size_t size) {
        std::vector<Members> candidates;
        each_set(left, size, [&](const Members& members) {
            if (std::any_of(working_.begin(), working_.end(),
                            [&](const Members& part) { return includes(members, part); }))
                ++found.supersets;
            else if (contradictory(members))
                ++found.contradictions;
            else
                candidates.push_back(members);
        });
        found.supersets += sets_of(fixes_.size(), size) - sets_of(left.size(), size);
        std::vector<BatchJob> jobs;
        for (const Members& members : candidates) jobs.push_back({with(members), verdict_alone(options_)});
        const auto results = check_all(jobs, library_, threads_);
        found.tried += results.size();
        std::vector<FixSet> larger;
        for (std::size_t i = 0; i < candidates.size(); ++i) {
            note(results[i]);
            if (results[i].verdict != explorer::Verdict::Bounded) continue;
            working_.push_back(candidates[i]);
            larger.emplace_back();
            for (const std::size_t member : candidates[i]) larger.back().fixes.push_back(fixes_[member]);
        }
        complete(larger);
        std::stable_sort(larger.begin(), larger.end(), [](const FixSet& a, const FixSet& b) {
            return a.parties().size() < b.parties().size();
        });
        found.larger.insert(found.larger.end(), std::make_move_iterator(larger.begin()),
                            std::make_move_iterator(larger.end()));
    }

    static std::size_t sets_of(std::size_t n, std::size_t size) {
        std::size_t count = size <= n ? 1 : 0;
        for (std::size_t k = 1; k <= size && count > 0; ++k) count = count * (n - size + k) / k;
        return count;
    }

    bool contradictory(const Members& members) const {
        for (std::size_t i = 0; i < members.size(); ++i)
            for (std::size_t j = i + 1; j < members.size(); ++j)
                if (contradict(fixes_[members[i]], fixes_[members[j]])) return true;
        return false;
    }

    Scenario with(const std::vector<Fix>& fixes) const {
        Scenario fixed = scenario_;
        for (const Fix& fix : fixes) apply_fix(fixed, fix);
        return fixed;
    }
    Scenario with(const Members& members) const {
        Scenario fixed = scenario_;
        for (const std::size_t member : members) apply_fix(fixed, fixes_[member]);
        return fixed;
    }

    /// Checks each set in full.
    void complete(std::vector<FixSet>& sets) {
        std::vector<BatchJob> jobs;
        for (const FixSet& set : sets) {
            const Scenario fixed = with(set.fixes);
            jobs.push_back({fixed, options_});
            jobs.back().options.attempts = false;
            jobs.push_back({with_endless_connect(fixed), options_});
        }
        auto results = check_all(jobs, library_, threads_);
        for (std::size_t i = 0; i < sets.size(); ++i) {
            sets[i].result = std::move(results[2 * i]);
            sets[i].endless = std::move(results[2 * i + 1]);
            note(sets[i].result);
            note(sets[i].endless);
            sets[i].exposure = exposure(sets[i].fixes);
        }
    }

    /// The same for all sets that make the same changes to servers.
    double exposure(const std::vector<Fix>& fixes) {
        std::vector<Fix> of_servers;
        std::vector<std::string> names;
        for (const Fix& fix : fixes) {
            if (!touches_a_server(scenario_, fix)) continue;
            of_servers.push_back(fix);
            names.push_back(fix.name);
        }
        const auto known = exposures_.find(names);
        if (known != exposures_.end()) return known->second;
        return exposures_[names] = weakest_server(Model(with(of_servers), library_));
    }

    void note(const CheckResult& result) {
        conclusive_ = conclusive_ && result.verdict != explorer::Verdict::Inconclusive;
    }

    const Scenario& scenario_;
    const PolicyLibrary& library_;
    CheckOptions options_;
    unsigned threads_;
    std::vector<Fix> fixes_;
    Members works_;
    std::vector<Members> working_;
    std::map<std::vector<std::string>, double> exposures_;
    bool conclusive_ = true;
};

}  // namespace

std::vector<std::string> FixSet::parties() const {
    std::vector<std::string> all;
    for (const char* party : {"server", "nat", "client"}) {
        if (std::any_of(fixes.begin(), fixes.end(), [&](const Fix& fix) { return fix.party == party; }))
            all.emplace_back(party);
    }
    return all;
}

FixSearch search_fixes(const Scenario& scenario, const std::vector<ExpectedFix>& fixes,
                       const FixLibrary& fix_library, const PolicyLibrary& library,
                       const CheckOptions& options, unsigned threads, std::size_t max_size) {
    std::vector<Fix> loaded;
    for (const ExpectedFix& fix : fixes) loaded.push_back(fix_library.load(fix.name, fix.place));
    return Search(scenario, library, options, threads).run(loaded, fixes, max_size);
}

FixSearch for_party(FixSearch search, const std::string& party) {
    const auto without = [&](const FixSet& set) {
        const auto parties = set.parties();
        return std::find(parties.begin(), parties.end(), party) == parties.end();
    };
    std::erase_if(search.singles, without);
    std::erase_if(search.larger, without);
    return search;
}

}  // namespace halfopen
