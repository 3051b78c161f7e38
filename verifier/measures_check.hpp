/// Whether the numbers that a state bears follow from those of its successors.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "verifier/certificate.hpp"

namespace halfopen::verifier {

struct Successor {
    std::uint32_t id = 0;
    std::uint32_t ms = 0;  ///< that its step takes
};

/// What is wrong with the state's numbers, given that `successors` are all there are.
std::optional<std::string> fault_in_measures(const Certificate& certificate, std::uint64_t id, bool recovered,
                                             std::span<const Successor> successors);

/// What is wrong with the times claimed, given that all numbers that states bear are right.
std::optional<std::string> fault_in_times(const Certificate& certificate);

}  // namespace halfopen::verifier
