#include "spec/policy/parameter_value.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "spec/policy/duration.hpp"

namespace halfopen {

namespace {

std::string what_is_right(const ParameterTerm& term) {
    const std::string range = fmt::format("from {} to {}", term.lowest, term.highest);
    switch (term.type) {
        case ParameterType::Flag:
            return "true or false";
        case ParameterType::Count:
            return "a whole number " + range;
        case ParameterType::Milliseconds:
            return fmt::format("milliseconds {}, or a number with a unit ({})", range, duration_units);
        case ParameterType::MillisecondList:
            return fmt::format("a list of milliseconds {}, or of numbers with a unit ({})", range,
                               duration_units);
        case ParameterType::Choice:
            return fmt::format("one of: {}", fmt::join(term.choices, ", "));
    }
    return {};
}

[[noreturn]] void wrong_type(const ParameterTerm& term, std::string_view found, const Place& place) {
    throw InputError(place, fmt::format("{} must be {}, not {}", term.name, what_is_right(term), found));
}

std::int64_t in_range(const ParameterTerm& term, std::int64_t value, const Place& place) {
    if (value < term.lowest || value > term.highest) {
        const bool count = term.type == ParameterType::Count;
        throw InputError(place, fmt::format("{} is {}; it must be from {} to {}{}", term.name, value,
                                            term.lowest, term.highest, count ? "" : " ms"));
    }
    return value;
}

std::int64_t duration_in_range(const ParameterTerm& term, std::string_view text, const Place& place) {
    const auto value = milliseconds_from_text(text);
    if (!value) wrong_type(term, in_quotes(text), place);
    return in_range(term, *value, place);
}

std::int64_t choice_index(const ParameterTerm& term, std::string_view text, const Place& place) {
    const auto found = std::find(term.choices.begin(), term.choices.end(), text);
    if (found == term.choices.end())
        throw InputError(place, unknown_name(fmt::format("value of {}:", term.name), text, term.choices,
                                             term.choices.size()));
    return found - term.choices.begin();
}

void check_length(const ParameterTerm& term, std::size_t length, const Place& place) {
    if (length > longest_parameter_list)
        throw InputError(place, fmt::format("{} has {} values; it may have at most {}", term.name, length,
                                            longest_parameter_list));
}

std::int64_t milliseconds_from_toml(const ParameterTerm& term, const toml::node& node, const Place& place) {
    if (const auto* text = node.as_string()) return duration_in_range(term, text->get(), place);
    if (const auto* value = node.as_integer()) return in_range(term, value->get(), place);
    wrong_type(term, type_phrase(node), place);
}

std::vector<std::int64_t> list_from_text(const ParameterTerm& term, std::string_view text,
                                         const Place& place) {
    std::vector<std::int64_t> values;
    while (!text.empty()) {
        const std::size_t comma = text.find(',');
        std::string_view element = text.substr(0, comma);
        while (!element.empty() && element.front() == ' ') element.remove_prefix(1);
        values.push_back(duration_in_range(term, element, place));
        if (comma == std::string_view::npos) break;
        text.remove_prefix(comma + 1);
        if (text.empty()) wrong_type(term, "a list that ends with a comma", place);
    }
    check_length(term, values.size(), place);
    return values;
}

std::int64_t flag_from_text(const ParameterTerm& term, std::string_view text, const Place& place) {
    if (text == "true" || text == "1" || text == "on") return 1;
    if (text == "false" || text == "0" || text == "off") return 0;
    wrong_type(term, in_quotes(text), place);
}

}  // namespace

ParameterValue default_value(const ParameterTerm& term) {
    if (term.type == ParameterType::MillisecondList) return std::vector<std::int64_t>{};
    return term.standard;
}

ParameterValue parameter_from_toml(const ParameterTerm& term, const toml::node& node,
                                   const std::string& file) {
    const Place place = place_of(node.source(), file);
    switch (term.type) {
        case ParameterType::Flag:
            if (const auto* value = node.as_boolean()) return std::int64_t{value->get() ? 1 : 0};
            break;
        case ParameterType::Count:
            if (const auto* value = node.as_integer()) return in_range(term, value->get(), place);
            break;
        case ParameterType::Milliseconds:
            return milliseconds_from_toml(term, node, place);
        case ParameterType::MillisecondList:
            if (const auto* array = node.as_array()) {
                check_length(term, array->size(), place);
                std::vector<std::int64_t> values;
                for (const toml::node& element : *array)
                    values.push_back(milliseconds_from_toml(term, element, place_of(element.source(), file)));
                return values;
            }
            break;
        case ParameterType::Choice:
            if (const auto* text = node.as_string()) return choice_index(term, text->get(), place);
            break;
    }
    wrong_type(term, type_phrase(node), place);
}

ParameterValue parameter_from_text(const ParameterTerm& term, std::string_view text, const Place& place) {
    switch (term.type) {
        case ParameterType::Flag:
            return flag_from_text(term, text, place);
        case ParameterType::Count:
            if (const auto value = integer_from_text(text)) return in_range(term, *value, place);
            break;
        case ParameterType::Milliseconds:
            return duration_in_range(term, text, place);
        case ParameterType::MillisecondList:
            return list_from_text(term, text, place);
        case ParameterType::Choice:
            return choice_index(term, text, place);
    }
    wrong_type(term, in_quotes(text), place);
}

std::string to_text(const ParameterTerm& term, const ParameterValue& value) {
    if (const auto* list = std::get_if<std::vector<std::int64_t>>(&value))
        return fmt::format("{}", fmt::join(*list, ","));
    const std::int64_t number = std::get<std::int64_t>(value);
    if (term.type == ParameterType::Flag) return number != 0 ? "true" : "false";
    if (term.type == ParameterType::Choice)
        return std::string(term.choices[static_cast<std::size_t>(number)]);
    return std::to_string(number);
}

const ParameterTerm& parameter_term(const Vocabulary& words, std::string_view name, const Place& place) {
    std::vector<std::string_view> names;
    for (const ParameterTerm& term : words.parameters) {
        if (term.name == name) return term;
        names.push_back(term.name);
    }
    throw InputError(place, unknown_name("parameter", name, names));
}

void set_parameter(Policy& policy, const Vocabulary& words, std::string_view name, std::string_view text,
                   const Place& place) {
    const ParameterTerm& term = parameter_term(words, name, place);
    policy.parameters.insert_or_assign(std::string(name), parameter_from_text(term, text, place));
}

}  // namespace halfopen
