#include "explorer/columns.hpp"

namespace halfopen::explorer {

namespace {

constexpr std::size_t most_codes = 256;

}  // namespace

void CodedColumn::push_back(std::uint32_t value) {
    if (wide_.empty()) {
        if (!values_.empty() && values_[last_] == value) {
            codes_.push_back(last_);
            return;
        }
        const auto known = std::ranges::find(values_, value);
        if (known != values_.end() || values_.size() < most_codes) {
            last_ = static_cast<std::uint8_t>(known - values_.begin());
            if (known == values_.end()) {
                values_.push_back(value);
            }
            codes_.push_back(last_);
            return;
        }
    }
    wide_.push_back(value);
}

std::uint32_t StepColumn::operator[](std::size_t i) const {
    const auto after = std::ranges::upper_bound(steps_, i, {}, &Step::begin);
    return (after - 1)->value;
}

void StepColumn::push_back(std::uint32_t value) {
    if (steps_.empty() || steps_.back().value != value) {
        steps_.push_back({size_, value});
    }
    ++size_;
}

}  // namespace halfopen::explorer
