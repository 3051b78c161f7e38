/// Collects what differs while one step is compared.
#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "conformance/vectors.hpp"
#include "conformance/verdict.hpp"

namespace halfopen::conformance {

class Comparison {
   public:
    explicit Comparison(Tally& tally) : tally_(tally) {}

    /// Counts the aspect, and notes it where the two are not the same.
    void judge(Aspect aspect, bool same, std::string kernel, std::string model) {
        const auto index = static_cast<std::size_t>(aspect);
        ++tally_.judged[index];
        if (same) return;
        ++tally_.differed[index];
        differences_.push_back({aspect, std::move(kernel), std::move(model)});
    }
    bool agrees() const { return differences_.empty(); }
    std::vector<Difference> take() { return std::move(differences_); }

   private:
    Tally& tally_;
    std::vector<Difference> differences_;
};

/// What was observed of an endpoint's segments against what the model sends.
void judge_replies(Comparison& comparison, const std::vector<ObservedReply>& kernel,
                   const std::vector<ObservedReply>& model);

std::string to_string(const ObservedReply& reply);
std::string to_string(const std::vector<ObservedReply>& replies);

}  // namespace halfopen::conformance
