/// The NAT's state: its conntrack entries and where its port search stands.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "spec/nat/conntrack_entry.hpp"

namespace halfopen {

template <class R>
struct NatTable {
    std::vector<ConntrackEntry<R>> entries;  ///< sorted by (inside, destination), which are unique
    /// The counter or rover of a deterministic port search, as an offset from the range's start; 0 at boot.
    std::uint16_t search_start = 0;

    friend bool operator==(const NatTable&, const NatTable&) = default;
};

/// No timer runs.
inline constexpr std::uint32_t never = std::numeric_limits<std::uint32_t>::max();

/// Lookup of the original tuple; null where there is none.
template <class Table>
auto find_original(Table& table, const Address& inside, const Address& destination)
    -> decltype(table.entries.data()) {
    for (auto& e : table.entries)
        if (e.inside == inside && e.destination == destination) return &e;
    return nullptr;
}

/// Lookup of the reply tuple; null where there is none.
template <class Table>
auto find_reply(Table& table, const Address& destination, const Address& outside)
    -> decltype(table.entries.data()) {
    for (auto& e : table.entries)
        if (e.outside == outside && e.destination == destination) return &e;
    return nullptr;
}

/// Puts an entry at its canonical place.
template <class R>
void insert(NatTable<R>& table, ConntrackEntry<R> entry) {
    const auto at = std::find_if(table.entries.begin(), table.entries.end(), [&](const auto& e) {
        return entry.inside < e.inside || (entry.inside == e.inside && entry.destination < e.destination);
    });
    table.entries.insert(at, std::move(entry));
}

/// The entry must be one of the table's.
template <class R>
void erase(NatTable<R>& table, const ConntrackEntry<R>* entry) {
    table.entries.erase(table.entries.begin() + (entry - table.entries.data()));
}

/// Time until the first entry expires; `never` for an empty table.
template <class R>
std::uint32_t next_expiry(const NatTable<R>& table) {
    std::uint32_t first = never;
    for (const auto& e : table.entries) first = std::min(first, e.timeout);
    return first;
}

/// Another client, or another port of the same, has that outside port towards some destination.
template <class R>
bool is_anothers(const NatTable<R>& table, const Address& inside, const Address& outside) {
    return std::any_of(table.entries.begin(), table.entries.end(),
                       [&](const auto& e) { return e.outside == outside && e.inside != inside; });
}

template <class R>
void pass_time(NatTable<R>& table, std::uint32_t ms) {
    for (auto& e : table.entries)
        if (e.timeout != never) e.timeout -= std::min(e.timeout, ms);
}

}  // namespace halfopen
