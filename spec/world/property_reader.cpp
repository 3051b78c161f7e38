/// [[property]] tables of scenario files.
#include <fmt/format.h>

#include <set>

#include "spec/policy/toml_reader.hpp"
#include "spec/world/property_spec.hpp"
#include "spec/world/scenario.hpp"

namespace halfopen {

std::string describe(const PropertySpec& property) {
    return (property.kind == PropertySpec::Kind::Never ? "never: " : "always possible: ") +
           one_line(property.condition.text());
}

std::vector<PropertySpec> parse_properties(std::string_view text, const Scenario& scenario) {
    const toml::table parsed = parse_toml(scenario.file, text);
    const TableReader root(parsed, scenario.file, "scenario");
    std::set<std::string, std::less<>> seen(side_property_names.begin(), side_property_names.end());
    std::vector<PropertySpec> properties;
    for (const TableReader& table : root.tables("property")) {
        constexpr std::array<std::string_view, 4> keys{"name", "title", "never", "always_possible"};
        table.only(keys);
        PropertySpec property;
        property.name = table.text("name");
        property.title = table.text_or("title", "");
        if (!seen.insert(property.name).second)
            throw InputError(table.place("name"),
                             fmt::format("the name {} is another property's", in_quotes(property.name)));
        if (table.has("never") == table.has("always_possible"))
            throw InputError(table.place(), "a property has either \"never\" or \"always_possible\"");
        const std::string_view key = table.has("never") ? "never" : "always_possible";
        if (key == "always_possible") property.kind = PropertySpec::Kind::AlwaysPossible;
        property.condition = StatePredicate::parse(table.text(key), scenario, table.place(key));
        properties.push_back(std::move(property));
    }
    return properties;
}

std::vector<PropertySpec> read_properties(const Scenario& scenario) {
    return parse_properties(read_text_file(scenario.file), scenario);
}

}  // namespace halfopen
