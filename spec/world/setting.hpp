/// The keys of a scenario's tables, each defined once: the file reader, --set and the lists for people all
/// use these.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "spec/world/scenario.hpp"

namespace halfopen {

template <class Spec>
struct Setting {
    std::string_view key;
    std::string_view meaning;
    /// Parses value into spec; throws InputError at place.
    void (*assign)(Spec& spec, std::string_view value, const Place& place);
    /// Whether the value is a list: an array in a file, separated by commas in --set.
    bool is_list = false;
};

std::span<const Setting<ClientSpec>> client_settings();
std::span<const Setting<NatSpec>> nat_settings();
std::span<const Setting<ServerSpec>> server_settings();
std::span<const Setting<FaultSpec>> fault_settings();
std::span<const Setting<NetworkSpec>> network_settings();

/// Values as text.  All throw InputError(place) saying what is allowed.
std::int64_t parse_count(std::string_view text, std::int64_t lowest, std::int64_t highest,
                         const Place& place);
/// What milliseconds_from_text() takes (duration.hpp), up to 30 days.
std::int64_t parse_duration(std::string_view text, const Place& place);
std::vector<std::string> split_list(std::string_view text);
std::size_t parse_choice(std::string_view text, std::span<const std::string_view> names, const Place& place);

}  // namespace halfopen
