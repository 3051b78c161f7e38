/// States from which a search has found that every run recovers, with what comes at worst.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>
#include <vector>

#include "solver/recovery/hash_of_numbers.hpp"
#include "solver/recovery/proof.hpp"
#include "solver/recovery/state_form.hpp"
#include "solver/recovery/timer_needs.hpp"

namespace halfopen {

/// What comes after a state in the worst case.
struct Rest {
    std::uint64_t ms = 0;
    unsigned syns = 0;
    TimerNeeds needs{};  ///< of the state, for all that comes after it to be as it is

    /// ms_before, syns_before: until there.  What is needed there is needed here.
    void or_worse(const Rest& other, std::uint64_t ms_before = 0, unsigned syns_before = 0) {
        ms = std::max(ms, other.ms + ms_before);
        syns = std::max(syns, other.syns + syns_before);
        needs.join(other.needs);
    }
};

/// A state relies on one that the search came by before it where its runs come to that one again, and which
/// is not settled yet.
inline constexpr std::size_t relies_on_none = SIZE_MAX;

struct SettledState {
    Known known;  ///< of its numbers and timers
    Rest rest;
    std::size_t state = 0;                   ///< in a ProgressGraph, where there is one
    std::size_t relies_on = relies_on_none;  ///< by place on the path under way, the first one
    Company company = Company::Others;       ///< who may come by
};

class SettledStates {
   public:
    void add(const StateForm& form, const SettledState& settled) {
        std::deque<SettledState>& alike = by_shape_[form.shape];
        alike.push_back(settled);
        if (settled.relies_on != relies_on_none) open_.push_back(&alike.back());
    }
    /// The state at this place of the path, the last one, is settled and relies on none before it: what
    /// relied on it, or on what came after it, relies on none any more.
    void close(std::size_t place) {
        for (; !open_.empty() && open_.back()->relies_on >= place; open_.pop_back())
            open_.back()->relies_on = relies_on_none;
    }
    /// Those that rely on others are not settled after all.
    void drop_open() {
        if (open_.empty()) return;
        open_.clear();
        for (auto& [shape, alike] : by_shape_)
            std::erase_if(alike, [](const SettledState& one) { return one.relies_on != relies_on_none; });
    }
    void clear() {
        by_shape_.clear();
        open_.clear();
    }

    /// Of the same form or, if there is none, of one that it is within() or, where times are given, of one
    /// whose needs these meet; nothing where there is none of them.  Until the next add().
    const SettledState* find(const StateForm& form, Company company, const TimerZone* times = nullptr) const {
        const auto alike = by_shape_.find(form.shape);
        if (alike == by_shape_.end()) return nullptr;
        const auto counts = [&](const SettledState& settled) {
            return company == Company::Nobody || settled.company == Company::Others;
        };
        for (const SettledState& settled : alike->second)
            if (counts(settled) && settled.known == form.known) return &settled;
        for (const SettledState& settled : alike->second)
            if (counts(settled) && within(form.known, settled.known)) return &settled;
        for (const SettledState& settled : alike->second)
            if (times != nullptr && counts(settled) && facts_within(form.known, settled.known) &&
                settled.rest.needs.are_met_by(*times))
                return &settled;
        return nullptr;
    }

   private:
    std::unordered_map<std::vector<std::uint64_t>, std::deque<SettledState>, HashOfNumbers> by_shape_;
    std::vector<SettledState*> open_;  ///< those that rely on others, in the order in which they came
};

}  // namespace halfopen
