#include "spec/nat/port_search.hpp"

#include <algorithm>

namespace halfopen {
namespace {

std::uint16_t at(PortRange range, std::uint32_t offset) {
    return static_cast<std::uint16_t>(range.first + offset % range.size());
}

SearchResult search_from(PortRange range, std::uint16_t start,
                         const std::function<bool(std::uint16_t)>& free) {
    auto offset = start;
    for (std::uint32_t tried = 0; tried < range.size(); ++tried, ++offset)
        if (const auto port = at(range, offset); free(port)) return {{{port, 1, 1}}, offset};
    return {{}, start};
}

/// Every free port is as likely as any other.  The kernel stops after a number of attempts that grows with
/// the table's emptiness; with a table that is far from full it always finds one.
SearchResult search_at_random(PortRange range, std::uint16_t start,
                              std::span<const std::uint16_t> interesting,
                              const std::function<bool(std::uint16_t)>& free) {
    std::uint32_t others = 0;
    std::uint16_t representative = 0;
    std::vector<std::uint16_t> named;
    for (std::uint32_t port = range.first; port <= range.last; ++port) {
        const auto p = static_cast<std::uint16_t>(port);
        if (!free(p)) continue;
        if (std::find(interesting.begin(), interesting.end(), p) != interesting.end()) {
            named.push_back(p);
        } else if (others++ == 0) {
            representative = p;
        }
    }
    const auto all = static_cast<std::uint32_t>(named.size()) + others;
    SearchResult result{{}, start};
    for (const auto port : named) result.choices.push_back({port, 1, all});
    if (others > 0) result.choices.push_back({representative, others, all});
    return result;
}

}  // namespace

PortRange search_range(std::uint16_t original_port) {
    if (original_port < 512) return {1, 511};
    if (original_port < 1024) return {600, 1023};
    return {1024, 65535};
}

bool keeps_port(PortPreservation preservation, PortRange range, std::uint16_t port) {
    switch (preservation) {
        case PortPreservation::Never:
            return false;
        case PortPreservation::IfFreeInRange:
            return range.contains(port);
        case PortPreservation::IfFree:
        case PortPreservation::OrFail:
            return true;
    }
    return true;
}

PortRange port_range(const PortChoiceSettings& settings, const NatAddresses& addresses,
                     const Address& inside) {
    if (settings.first == 0) return search_range(inside.port);
    const PortRange all{settings.first, settings.last};
    if (settings.per_client == 0 || settings.per_client >= all.size()) return all;
    // The order in which a cloud hands out its blocks is not documented; by host number no two share one.
    const std::uint32_t blocks = all.size() / settings.per_client;
    const std::uint32_t block = (inside.ip & ~addresses.inside_mask) % blocks;
    const std::uint32_t first = all.first + block * settings.per_client;
    return {static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(first + settings.per_client - 1U)};
}

SearchResult search_port(PortSearch search, PortRange range, std::uint16_t search_start,
                         std::span<const std::uint16_t> interesting,
                         const std::function<bool(std::uint16_t)>& free) {
    switch (search) {
        case PortSearch::Counter:
        case PortSearch::Rover:
            // The counter is left where the search succeeded, and so is the rover: they differ only after a
            // search that finds nothing, whose packet is lost anyway.
            return search_from(range, search_start, free);
        case PortSearch::Lowest: {
            auto found = search_from(range, 0, free);
            found.search_start = search_start;
            return found;
        }
        case PortSearch::Random:
            break;
    }
    return search_at_random(range, search_start, interesting, free);
}

}  // namespace halfopen
