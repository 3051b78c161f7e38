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

/// The kernel's clock and the recorder's are rounded to 1 ms each.
inline constexpr std::int32_t clock_rounding_ms = 3;
/// A packet that the kernel has stamped may be taken down later, where the machine is busy: the recorder
/// leaves out what stood still for longer.
inline constexpr std::int32_t stands_still_ms = 20;

/// What was observed of an endpoint's segments against what the model sends.  A TSval is compared where both
/// have one and the time: the model's of the time when it sends, so that the kernel's may be as much later as
/// it sends later.
void judge_replies(Comparison& comparison, const std::vector<ObservedReply>& kernel,
                   const std::vector<ObservedReply>& model);

std::string to_string(const ObservedReply& reply);
std::string to_string(const std::vector<ObservedReply>& replies);

}  // namespace halfopen::conformance
