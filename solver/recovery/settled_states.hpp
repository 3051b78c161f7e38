/// States from which a search has found that every run recovers, with what comes at worst.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

#include "solver/recovery/state_form.hpp"

namespace halfopen {

/// What comes after a state in the worst case.
struct Rest {
    std::uint64_t ms = 0;
    unsigned syns = 0;

    void or_worse(const Rest& other, std::uint64_t ms_before = 0, unsigned syns_before = 0) {
        ms = std::max(ms, other.ms + ms_before);
        syns = std::max(syns, other.syns + syns_before);
    }
};

class SettledStates {
   public:
    void add(const StateForm& form, const Rest& rest) { by_shape_[form.shape].push_back({form, rest}); }

    /// Of the same form or, if there is none, of one that it is within(); nothing where there is neither.
    /// Until the next add().
    const Rest* find(const StateForm& form) const {
        const auto alike = by_shape_.find(form.shape);
        if (alike == by_shape_.end()) return nullptr;
        for (const Settled& settled : alike->second)
            if (settled.form == form) return &settled.rest;
        for (const Settled& settled : alike->second)
            if (within(form, settled.form)) return &settled.rest;
        return nullptr;
    }

   private:
    struct Settled {
        StateForm form;
        Rest rest;
    };
    std::map<std::vector<std::uint64_t>, std::vector<Settled>> by_shape_;
};

}  // namespace halfopen
