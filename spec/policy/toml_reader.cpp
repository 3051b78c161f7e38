#include "spec/policy/toml_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "spec/policy/duration.hpp"
#include "spec/policy/toml_guard.hpp"
#include "spec/policy/utf8.hpp"

namespace halfopen {

namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

}  // namespace

toml::table parse_toml(const std::filesystem::path& file, std::string_view text) {
    const std::string name = file.string();
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    refuse_what_is_not_text(text, name);
    guard_parser(text, name);
    try {
        return toml::parse(text);
    } catch (const toml::parse_error& error) {
        throw InputError(place_of(error.source(), name), std::string(error.description()));
    }
}

Place place_of(const toml::source_region& region, const std::string& file) {
    return {file, region.begin.line, region.begin.column};
}

std::string_view type_phrase(const toml::node& node) {
    switch (node.type()) {
        case toml::node_type::table:
            return "a table";
        case toml::node_type::array:
            return "an array";
        case toml::node_type::string:
            return "a string";
        case toml::node_type::integer:
            return "an integer";
        case toml::node_type::floating_point:
            return "a float";
        case toml::node_type::boolean:
            return "a boolean";
        default:
            return "a date or time";
    }
}

namespace {

[[noreturn]] void wrong_node(const toml::node& node, const std::string& file, std::string_view key,
                             std::string_view wanted) {
    throw InputError(place_of(node.source(), file),
                     fmt::format("{} must be {}, not {}", in_quotes(key), wanted, type_phrase(node)));
}

void check_range(std::int64_t value, std::int64_t lowest, std::int64_t highest, const Place& place,
                 std::string_view key) {
    if (value < lowest || value > highest)
        throw InputError(
            place, fmt::format("{} is {}; it must be from {} to {}", in_quotes(key), value, lowest, highest));
}

}  // namespace

TableReader::TableReader(const toml::table& table, std::string file, std::string what)
    : table_(&table), file_(std::move(file)), what_(std::move(what)) {}

bool TableReader::has(std::string_view key) const { return table_->contains(key); }

Place TableReader::place() const { return place_of(table_->source(), file_); }

Place TableReader::place(std::string_view key) const {
    const toml::node* node = table_->get(key);
    return node == nullptr ? place() : place_of(node->source(), file_);
}

void TableReader::wrong_type(std::string_view key, std::string_view wanted) const {
    wrong_node(required(key), file_, key, wanted);
}

const toml::node& TableReader::required(std::string_view key) const {
    const toml::node* node = table_->get(key);
    if (node == nullptr) throw InputError(place(), fmt::format("{} has no {}", what_, in_quotes(key)));
    return *node;
}

std::string TableReader::string_of(std::string_view key, const toml::node& node) const {
    const auto* text = node.as_string();
    if (text == nullptr) wrong_node(node, file_, key, "a string");
    return text->get();
}

std::string TableReader::text(std::string_view key) const {
    const toml::node& node = required(key);
    std::string text = string_of(key, node);
    if (text.empty())
        throw InputError(place_of(node.source(), file_), fmt::format("{} is empty", in_quotes(key)));
    return text;
}

std::string TableReader::text_or(std::string_view key, std::string_view standard) const {
    return has(key) ? string_of(key, required(key)) : std::string(standard);
}

std::int64_t TableReader::integer(std::string_view key, std::int64_t lowest, std::int64_t highest) const {
    const toml::node& node = required(key);
    const auto* value = node.as_integer();
    if (value == nullptr) wrong_node(node, file_, key, "an integer");
    check_range(value->get(), lowest, highest, place(key), key);
    return value->get();
}

std::int64_t TableReader::integer_or(std::string_view key, std::int64_t standard, std::int64_t lowest,
                                     std::int64_t highest) const {
    return has(key) ? integer(key, lowest, highest) : standard;
}

std::int64_t TableReader::milliseconds(std::string_view key, std::int64_t lowest,
                                       std::int64_t highest) const {
    const toml::node& node = required(key);
    const auto* text = node.as_string();
    if (text == nullptr) {
        if (!node.is_integer()) wrong_node(node, file_, key, "milliseconds or a string such as \"75s\"");
        return integer(key, lowest, highest);
    }
    const auto value = milliseconds_from_text(text->get());
    if (!value)
        throw InputError(place(key), fmt::format("{} is {}, which is no duration; units are {}",
                                                 in_quotes(key), in_quotes(text->get()), duration_units));
    check_range(*value, lowest, highest, place(key), key);
    return *value;
}

std::int64_t TableReader::milliseconds_or(std::string_view key, std::int64_t standard, std::int64_t lowest,
                                          std::int64_t highest) const {
    return has(key) ? milliseconds(key, lowest, highest) : standard;
}

bool TableReader::flag_or(std::string_view key, bool standard) const {
    if (!has(key)) return standard;
    const toml::node& node = required(key);
    const auto* value = node.as_boolean();
    if (value == nullptr) wrong_node(node, file_, key, "true or false");
    return value->get();
}

std::vector<PlacedText> TableReader::placed_texts(std::string_view key) const {
    std::vector<PlacedText> texts;
    if (!has(key)) return texts;
    const auto add = [&](const toml::node& node) {
        std::string text = string_of(key, node);
        const Place where = place_of(node.source(), file_);
        if (text.empty()) throw InputError(where, fmt::format("{} holds an empty string", in_quotes(key)));
        texts.push_back({std::move(text), where});
    };
    const toml::node& node = required(key);
    if (const auto* array = node.as_array()) {
        for (const toml::node& element : *array) add(element);
    } else if (node.is_string()) {
        add(node);
    } else {
        wrong_node(node, file_, key, "a string or an array of strings");
    }
    return texts;
}

std::vector<std::string> TableReader::texts(std::string_view key) const {
    std::vector<std::string> texts;
    for (PlacedText& each : placed_texts(key)) texts.push_back(std::move(each.text));
    return texts;
}

std::vector<std::int64_t> TableReader::integers(std::string_view key, std::int64_t lowest,
                                                std::int64_t highest) const {
    std::vector<std::int64_t> values;
    if (!has(key)) return values;
    const auto add = [&](const toml::node& node) {
        const auto* value = node.as_integer();
        if (value == nullptr) wrong_node(node, file_, key, "an integer or an array of integers");
        check_range(value->get(), lowest, highest, place_of(node.source(), file_), key);
        values.push_back(value->get());
    };
    const toml::node& node = required(key);
    if (const auto* array = node.as_array()) {
        for (const toml::node& element : *array) add(element);
    } else {
        add(node);
    }
    return values;
}

std::optional<TableReader> TableReader::table(std::string_view key) const {
    if (!has(key)) return std::nullopt;
    const toml::node& node = required(key);
    const auto* inner = node.as_table();
    if (inner == nullptr) wrong_node(node, file_, key, fmt::format("a table, [{}]", key));
    return TableReader(*inner, file_, fmt::format("[{}]", key));
}

std::vector<TableReader> TableReader::tables(std::string_view key) const {
    std::vector<TableReader> readers;
    if (!has(key)) return readers;
    const std::string wanted = fmt::format("tables, each headed [[{}]]", key);
    const toml::node& node = required(key);
    const auto* array = node.as_array();
    if (array == nullptr) wrong_node(node, file_, key, wanted);
    for (const toml::node& element : *array) {
        const auto* inner = element.as_table();
        if (inner == nullptr) wrong_node(element, file_, key, wanted);
        readers.emplace_back(*inner, file_, std::string(key));
    }
    return readers;
}

std::vector<PlacedText> TableReader::keys() const {
    std::vector<PlacedText> keys;
    for (const auto& [key, value] : *table_)
        keys.push_back({std::string(key.str()), place_of(key.source(), file_)});
    std::sort(keys.begin(), keys.end(), [](const PlacedText& a, const PlacedText& b) {
        return std::tie(a.place.line, a.place.column) < std::tie(b.place.line, b.place.column);
    });
    return keys;
}

void TableReader::only(std::span<const std::string_view> allowed) const {
    for (const PlacedText& key : keys())
        if (std::find(allowed.begin(), allowed.end(), key.text) == allowed.end())
            throw InputError(
                key.place, unknown_name(fmt::format("key in {}:", what_), key.text, allowed, allowed.size()));
}

}  // namespace halfopen
