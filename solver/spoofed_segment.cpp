#include "solver/spoofed_segment.hpp"

#include <array>

namespace halfopen {
namespace {

constexpr std::array<std::uint8_t, 9> flag_sets{flag::rst,
                                                flag::rst | flag::ack,
                                                flag::syn,
                                                flag::syn | flag::ack,
                                                flag::fin | flag::ack,
                                                flag::fin,
                                                flag::ack,
                                                0,
                                                flag::syn | flag::fin};

}  // namespace

std::string_view to_string(ConnectionEnd end) {
    switch (end) {
        case ConnectionEnd::Deleted:
            return "deleted";
        case ConnectionEnd::Replaced:
            return "replaced";
        case ConnectionEnd::Closed:
            return "closed";
    }
    return "";
}

std::vector<SpoofedKind> spoofed_kinds(const Endpoint& endpoint) {
    std::vector<SpoofedKind> kinds;
    for (const std::uint8_t flags : flag_sets)
        for (const std::uint32_t length : {0U, spoofed_length}) {
            if (!endpoint.settings().timestamps) {
                kinds.push_back({flags, length, TimestampUse::Off});
                continue;
            }
            for (const TimestampUse use : {TimestampUse::Missing, TimestampUse::Present})
                kinds.push_back({flags, length, use});
        }
    return kinds;
}

}  // namespace halfopen
