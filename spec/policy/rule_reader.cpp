#include "spec/policy/rule_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "spec/policy/rule_words.hpp"

namespace halfopen {

namespace {

constexpr std::string_view id_letters = "abcdefghijklmnopqrstuvwxyz0123456789-";

std::string read_id(const TableReader& table) {
    const std::string id = table.text("id");
    if (id.find_first_not_of(id_letters) != std::string::npos)
        throw InputError(table.place("id"),
                         fmt::format("rule id {} may have only a-z, 0-9 and \"-\"", in_quotes(id)));
    return id;
}

/// A key that must be there with at least one word.
std::vector<PlacedText> required_words(const TableReader& table, const std::string& what,
                                       std::string_view key) {
    if (!table.has(key)) throw InputError(table.place(), fmt::format("{} has no {}", what, in_quotes(key)));
    std::vector<PlacedText> words = table.placed_texts(key);
    if (words.empty()) throw InputError(table.place(key), fmt::format("{} is empty", in_quotes(key)));
    return words;
}

std::uint8_t read_direction(const TableReader& table) {
    if (!table.has("direction")) return direction_both;
    static constexpr std::array<std::string_view, 3> names{"original", "reply", "both"};
    const std::string text = table.text("direction");
    const auto found = std::find(names.begin(), names.end(), text);
    if (found == names.end())
        throw InputError(table.place("direction"), unknown_name("direction", text, names));
    // original, reply and both are 1, 2 and 3: both is the union.
    return static_cast<std::uint8_t>(found - names.begin() + 1);
}

std::optional<PlacedText> read_anchor(const TableReader& table, std::string_view key) {
    if (!table.has(key)) return std::nullopt;
    return PlacedText{table.text(key), table.place(key)};
}

void allow_only_known_keys(const Vocabulary& words, const TableReader& table) {
    std::vector<std::string_view> keys{"id",   "state",       "segment", "when",  "do",    "source",
                                       "note", "unconfirmed", "before",  "after", "remove"};
    if (words.rules_have_direction) keys.insert(keys.begin() + 3, "direction");
    table.only(keys);
}

void refuse_more_than_an_id(const TableReader& table, const std::string& what) {
    static constexpr std::array<std::string_view, 4> allowed{"id", "remove", "source", "note"};
    for (const PlacedText& key : table.keys())
        if (std::find(allowed.begin(), allowed.end(), key.text) == allowed.end())
            throw InputError(key.place, fmt::format("{} is removed, so {} has no meaning here (allowed: {})",
                                                    what, in_quotes(key.text), fmt::join(allowed, ", ")));
}

}  // namespace

WrittenRule read_rule(const Vocabulary& words, const TableReader& anonymous) {
    allow_only_known_keys(words, anonymous);
    WrittenRule written;
    Rule& rule = written.rule;
    rule.id = read_id(anonymous);
    rule.place = anonymous.place();
    written.id_place = anonymous.place("id");
    const std::string what = fmt::format("rule {}", in_quotes(rule.id));
    const TableReader table(anonymous.raw(), anonymous.file(), what);

    written.remove = table.flag_or("remove", false);
    if (written.remove) {
        refuse_more_than_an_id(table, what);
        return written;
    }
    for (const PlacedText& name : required_words(table, what, "state")) rule.states |= state_set(words, name);
    for (const PlacedText& name : required_words(table, what, "segment"))
        rule.segments |= segment_set(words, name);
    rule.directions = read_direction(table);
    for (const PlacedText& term : table.placed_texts("when")) rule.when.push_back(condition(words, term));
    for (const PlacedText& action : required_words(table, what, "do"))
        rule.actions.push_back(action_of(words, action));
    if (!table.has("source"))
        throw InputError(table.place(), fmt::format("{} has no \"source\"; say where the behaviour was read "
                                                    "(repository, file, function, version)",
                                                    what));
    rule.source = table.text("source");
    rule.note = table.text_or("note", "");
    rule.unconfirmed = table.flag_or("unconfirmed", false);

    written.before = read_anchor(table, "before");
    written.after = read_anchor(table, "after");
    if (written.before && written.after)
        throw InputError(written.after->place, fmt::format("{} has both \"before\" and \"after\"; one says "
                                                           "where it goes",
                                                           what));
    return written;
}

}  // namespace halfopen
