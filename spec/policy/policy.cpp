#include "spec/policy/policy.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "spec/policy/parameter_value.hpp"

namespace halfopen {

namespace {

template <class T>
const T& value_of(const Policy& policy, std::string_view parameter, std::string_view what) {
    const auto found = policy.parameters.find(parameter);
    if (found == policy.parameters.end())
        throw std::out_of_range(fmt::format("policy {} has no parameter {}", policy.name, parameter));
    if (const T* value = std::get_if<T>(&found->second)) return *value;
    throw std::out_of_range(fmt::format("parameter {} of policy {} is not {}", parameter, policy.name, what));
}

}  // namespace

std::int64_t Policy::number(std::string_view parameter) const {
    return value_of<std::int64_t>(*this, parameter, "a number");
}

const std::vector<std::int64_t>& Policy::list(std::string_view parameter) const {
    return value_of<std::vector<std::int64_t>>(*this, parameter, "a list");
}

void Policy::set(std::string_view parameter, std::string_view value, const Place& place) {
    set_parameter(*this, vocabulary(kind), parameter, value, place);
}

}  // namespace halfopen
