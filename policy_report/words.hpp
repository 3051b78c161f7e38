/// A policy's rules in the words of its file.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "spec/policy/policy.hpp"

namespace halfopen {

using ReportJson = nlohmann::ordered_json;

std::string joined(const std::vector<std::string>& parts, std::string_view separator);
/// Those names whose bit is set.
std::vector<std::string> names_of_bits(std::uint32_t bits, std::span<const std::string_view> names);
/// "seq left of window", "not has ack", …
std::vector<std::string> conditions_of(const Rule& rule, const Vocabulary& words);
/// "send ack", "enter CLOSE_WAIT", …
std::vector<std::string> actions_of(const Rule& rule, const Vocabulary& words);
/// "original", "reply" or "both".
std::string_view direction_name(std::uint8_t directions);
std::string_view kind_name(PolicyKind kind);
/// "/a/b/endpoints/mine.toml:12" as "mine.toml:12".
std::string short_place(const Place& place);

}  // namespace halfopen
