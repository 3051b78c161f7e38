/// "rcv_nxt=5,orphan=true": what of a connection is not as usual, by the names that reports show.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "spec/nat/conntrack_entry.hpp"
#include "spec/tcp/tcb.hpp"

namespace halfopen {

using MemberSettings = std::vector<std::pair<std::string, std::string>>;

/// All of these throw InputError with `--with` as the place.
MemberSettings read_member_settings(std::string_view text);
/// The number that is given for that name.
std::optional<std::uint32_t> number_in(const MemberSettings& settings, std::string_view name);

/// Every name must be one of the actor's.  Addresses, timers and the state are not for this.
void set_members(const MemberSettings& settings, ConcreteTcb& tcb);
void set_members(const MemberSettings& settings, ConntrackEntry<ConcreteReading>& entry);

}  // namespace halfopen
