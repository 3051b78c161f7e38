/// What a scenario file requires of every run, in its own words: its [[property]] tables.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "spec/world/state_predicate.hpp"

namespace halfopen {

/// The names of the side properties, which no scenario can take for its own.
inline constexpr std::array<std::string_view, 4> side_property_names{"leak", "cross", "collateral", "storm"};

struct PropertySpec {
    enum class Kind : std::uint8_t {
        Never,          ///< no world that can be reached satisfies the condition (AG not)
        AlwaysPossible  ///< from every world that can be reached one can be that does (AG EF)
    };
    std::string name;
    std::string title;
    Kind kind = Kind::Never;
    StatePredicate condition;
};

/// "never: nfs.state(903) = none".
std::string describe(const PropertySpec& property);

/// The properties in the text of a scenario file, which is that of `scenario`.  Throws InputError.
std::vector<PropertySpec> parse_properties(std::string_view text, const Scenario& scenario);
/// Those of the file that the scenario was read from.
std::vector<PropertySpec> read_properties(const Scenario& scenario);

}  // namespace halfopen
