#include "conformance/json_object.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "spec/tcp/segment.hpp"

namespace halfopen::conformance {

using nlohmann::json;

namespace {

std::string shown(const json& value) {
    if (value.is_object()) return "an object";
    if (value.is_array()) return "a list";
    return in_quotes(value.dump(-1, ' ', true, json::error_handler_t::replace));
}

}  // namespace

JsonObject::JsonObject(const json& value, const Place& place, std::string path,
                       std::initializer_list<std::string_view> keys)
    : json_(value), place_(place), path_(std::move(path)) {
    if (!value.is_object())
        throw InputError(place, fmt::format("{} is {}; an object is wanted",
                                            path_.empty() ? "the line" : path_, shown(value)));
    const std::vector<std::string_view> known(keys);
    for (const auto& [key, member] : value.items()) {
        if (std::find(known.begin(), known.end(), key) != known.end()) continue;
        throw InputError(place, (path_.empty() ? "" : path_ + ": ") + unknown_name("key", key, known));
    }
}

std::string JsonObject::path(std::string_view key) const {
    return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

void JsonObject::refuse(std::string_view key, const std::string& wanted) const {
    const auto found = json_.find(key);
    throw InputError(place_, fmt::format("{} is {}; {} is wanted", path(key),
                                         found == json_.end() ? "missing" : shown(*found), wanted));
}

const json& JsonObject::at(const char* key, std::string_view wanted) const {
    const auto found = json_.find(key);
    if (found == json_.end()) refuse(key, std::string(wanted));
    return *found;
}

std::uint32_t JsonObject::number(const char* key, std::uint32_t largest) const {
    const std::string wanted = fmt::format("a whole number from 0 to {}", largest);
    const json& value = at(key, wanted);
    // The parser makes every whole number that is not negative an unsigned one.
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > largest) refuse(key, wanted);
    return static_cast<std::uint32_t>(value.get<std::uint64_t>());
}

bool JsonObject::truth(const char* key) const {
    const json& value = at(key, "true or false");
    if (!value.is_boolean()) refuse(key, "true or false");
    return value.get<bool>();
}

std::string JsonObject::text(const char* key) const {
    const json& value = at(key, "a text");
    if (!value.is_string()) refuse(key, "a text");
    return value.get<std::string>();
}

std::uint32_t JsonObject::ip(const char* key) const {
    const auto ip = parse_ip(text(key));
    if (!ip) refuse(key, "an IPv4 address such as 192.0.2.1");
    return *ip;
}

const json& JsonObject::list(const char* key) const {
    const json& value = at(key, "a list");
    if (!value.is_array()) refuse(key, "a list");
    return value;
}

const json& JsonObject::object(const char* key) const {
    const json& value = at(key, "an object");
    if (!value.is_object()) refuse(key, "an object");
    return value;
}

}  // namespace halfopen::conformance
