#include "conformance/segment_fields.hpp"

#include <fmt/format.h>

namespace halfopen::conformance {

namespace {

using nlohmann::json;

/// IPv4 with the largest length there is.
constexpr std::uint32_t longest_segment = 65495;

ParsedFlags flags_of(const JsonObject& o) {
    const auto flags = parse_flags(o.text("flags"));
    if (!flags) o.refuse("flags", "a text of the letters F, S, R, P, A (and U, E, W)");
    return *flags;
}

}  // namespace

ObservedSegment segment_from(const JsonObject& o) {
    const ParsedFlags flags = flags_of(o);
    ObservedSegment s;
    s.flags = flags.flags;
    s.outside = flags.outside;
    s.seq = o.number("seq");
    s.ack = o.number("ack");
    if (o.has("win")) s.window = o.number("win", 1U << 30U);
    s.length = o.number("len", longest_segment);
    if (o.has("tsval") && !o.is_null("tsval")) {
        s.tsval = o.number("tsval");
        s.tsecr = o.number("tsecr");
    }
    if (o.has("options") && !o.list("options").empty()) s.outside = "a segment with TCP options";
    return s;
}

std::vector<ObservedReply> replies_from(const JsonObject& o, const char* key) {
    std::vector<ObservedReply> replies;
    for (const json& value : o.list(key)) {
        const JsonObject r(value, o.place(), fmt::format("{}[{}]", o.path(key), replies.size()),
                           {"flags", "seq", "ack", "win", "len", "at", "tsval", "tsecr"});
        ObservedReply reply{flags_of(r).flags, r.number("seq"), r.number("ack"),
                            r.number("len", longest_segment)};
        if (r.has("win")) reply.window = r.number("win", 1U << 30U);
        reply.at = r.optional("at", [&] { return r.number("at"); });
        reply.tsecr = r.optional("tsecr", [&] { return r.number("tsecr"); });
        reply.tsval = r.optional("tsval", [&] { return r.number("tsval"); });
        if (reply.tsval && !reply.tsecr) r.refuse("tsecr", "a whole number beside \"tsval\"");
        // The field means nothing without the bit.
        if ((reply.flags & flag::ack) == 0) reply.ack = 0;
        replies.push_back(reply);
    }
    return replies;
}

Config values_from(const JsonObject& o, const char* key, const std::string& prefix) {
    Config values;
    if (!o.has(key)) return values;
    for (const auto& [name, value] : o.object(key).items()) {
        std::string text;
        if (value.is_boolean())
            text = value.get<bool>() ? "true" : "false";
        else if (value.is_number_unsigned())
            text = std::to_string(value.get<std::uint64_t>());
        else if (value.is_string())
            text = value.get<std::string>();
        else
            throw InputError(o.place(), fmt::format("{}.{} is no value of a parameter; true, false, a "
                                                    "whole number or a text is wanted",
                                                    key, one_line(name)));
        values.emplace(prefix + name, text);
    }
    return values;
}

}  // namespace halfopen::conformance
