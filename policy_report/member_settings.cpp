#include "policy_report/member_settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <type_traits>

#include "policy_report/segment_text.hpp"
#include "policy_report/witness_text.hpp"
#include "spec/policy/input_error.hpp"

namespace halfopen {
namespace {

Place place() { return {"--with", 0, 0}; }

/// Sets those members that are named; addresses, timers and the state are not for this.
class Setter {
   public:
    explicit Setter(const MemberSettings& settings) : settings_(settings), used_(settings.size()) {}

    template <class T>
    void operator()(const char* name, T& member) {
        constexpr bool number = std::is_same_v<T, Number>;
        constexpr bool plain = std::is_integral_v<T>;
        if constexpr (number || plain || std::is_same_v<T, SegmentClass> || std::is_same_v<T, SideState>) {
            known_.emplace_back(name);
            for (std::size_t i = 0; i < settings_.size(); ++i) {
                if (settings_[i].first != name) continue;
                used_[i] = true;
                set(settings_[i].first, settings_[i].second, member);
            }
        } else if constexpr (requires { member.wl1; }) {
            if (const std::string* text = value_of("snd_wnd")) {
                member.kept = *text != "none";
                if (member.kept) member.wnd = read_word(*text, place());
            }
            if (const std::string* text = value_of("snd_wl1")) member.wl1 = {read_word(*text, place()), 0};
        } else if constexpr (requires { member.stretches; }) {
            if (const std::string* text = value_of("kept_text")) set_kept_text(*text, member);
        } else if constexpr (requires { member.recent; }) {
            if (const std::string* text = value_of("ts_recent")) set_recent(*text, member);
            if (const std::string* text = value_of("ts_clock")) {
                require_timestamps("ts_clock", member.able);
                member.clock = {read_word(*text, place()), 0};
            }
        } else if constexpr (requires { member.newest; }) {
            if (const std::string* text = value_of("ts_first_syn"))
                set_syn("ts_first_syn", *text, member, member.first);
            if (const std::string* text = value_of("ts_newest_syn"))
                set_syn("ts_newest_syn", *text, member, member.newest);
        }
    }
    void require_all_used() const {
        for (std::size_t i = 0; i < settings_.size(); ++i)
            if (!used_[i])
                throw InputError(place(),
                                 unknown_name("variable", settings_[i].first, known_, known_.size()));
    }

   private:
    const std::string* value_of(const char* name) {
        known_.emplace_back(name);
        const std::string* text = nullptr;
        for (std::size_t i = 0; i < settings_.size(); ++i) {
            if (settings_[i].first != name) continue;
            used_[i] = true;
            text = &settings_[i].second;
        }
        return text;
    }
    static void require_timestamps(const char* name, bool able) {
        if (!able)
            throw InputError(place(),
                             fmt::format("{} has no meaning where the policy's timestamps are off; leave out "
                                         "--set timestamps=false",
                                         name));
    }
    /// "none": the connection does not use timestamps, or a listener remembers nothing of the address.
    template <class Memory>
    static void set_recent(const std::string& text, Memory& member) {
        member.known = text != "none";
        if (!member.known) {
            member.on = false;
            member.recent = Number{};
            return;
        }
        require_timestamps("ts_recent", member.able);
        member.recent = {read_word(text, place()), 0};
    }
    static void set_syn(const char* name, const std::string& text,
                        const SynTimestamps<ConcreteReading>& member, Number& stamp) {
        if (!member.kept)
            throw InputError(
                place(), fmt::format("{} has no meaning but in SYN_SENT and SYN_RCVD with timestamps", name));
        stamp = {read_word(text, place()), 0};
    }
    /// "100:200", "100:201 FIN" with a FIN behind it, and several joined by " + ", as they are shown.
    static void set_kept_text(std::string_view text, KeptText<ConcreteReading>& member) {
        member = {};
        if (text == "none") return;
        constexpr std::string_view fin = " FIN", and_another = " + ";
        while (true) {
            const auto length = std::min(text.find(and_another), text.size());
            std::string_view one = text.substr(0, length);
            const bool fins = one.ends_with(fin);
            if (fins) one.remove_suffix(fin.size());
            const auto colon = one.find(':');
            if (colon == std::string_view::npos)
                throw InputError(
                    place(),
                    fmt::format("kept_text is {}; write FIRST:END, FIRST:END FIN or none", in_quotes(one)));
            ConcreteReading r;
            keep(r, member,
                 KeptStretch<ConcreteReading>{fins,
                                              {read_word(one.substr(0, colon), place()), 0},
                                              {read_word(one.substr(colon + 1), place()), 0}});
            if (length == text.size()) return;
            text.remove_prefix(length + and_another.size());
        }
    }
    static void set(const std::string&, const std::string& text, Number& member) {
        member = {read_word(text, place()), 0};
    }
    static void set(const std::string& name, const std::string& text, bool& member) {
        if (text != "true" && text != "false" && text != "0" && text != "1")
            throw InputError(place(),
                             fmt::format("{} is {}; it must be true or false", name, in_quotes(text)));
        member = text == "true" || text == "1";
    }
    static void set(const std::string& name, const std::string& text, SegmentClass& member) {
        const auto at = std::find(segment_class_names.begin(), segment_class_names.end(), text);
        if (at == segment_class_names.end())
            throw InputError(place(), unknown_name(name, text, segment_class_names));
        member = static_cast<SegmentClass>(at - segment_class_names.begin());
    }
    static void set(const std::string& name, const std::string& text, SideState& member) {
        const auto at = std::find(side_names.begin(), side_names.end(), text);
        if (at == side_names.end()) throw InputError(place(), unknown_name(name, text, side_names));
        member = static_cast<SideState>(at - side_names.begin());
    }
    template <class T>
    requires std::is_integral_v<T>
    static void set(const std::string& name, const std::string& text, T& member) {
        const std::uint32_t value = read_word(text, place());
        const std::uint32_t highest = name == "last_direction" ? 1 : std::numeric_limits<T>::max();
        if (value > highest)
            throw InputError(place(), fmt::format("{} is {}; at most {}", name, value, highest));
        member = static_cast<T>(value);
    }

    const MemberSettings& settings_;
    std::vector<bool> used_;
    std::vector<std::string_view> known_;
};

template <class Actor>
void apply(const MemberSettings& settings, Actor& actor) {
    Setter setter(settings);
    fields(setter, actor);
    setter.require_all_used();
}

}  // namespace

MemberSettings read_member_settings(std::string_view text) {
    MemberSettings settings;
    while (!text.empty()) {
        const auto end = std::min(text.find(','), text.size());
        std::string_view one = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        while (one.starts_with(' ')) one.remove_prefix(1);
        while (one.ends_with(' ')) one.remove_suffix(1);
        const auto equals = one.find('=');
        if (equals == std::string_view::npos)
            throw InputError(place(), fmt::format("{} has no '='; write NAME=VALUE,…", in_quotes(one)));
        const std::string_view name = one.substr(0, equals);
        if (std::any_of(settings.begin(), settings.end(),
                        [&](const auto& earlier) { return earlier.first == name; }))
            throw InputError(place(), fmt::format("{} is given twice", in_quotes(name)));
        settings.emplace_back(name, one.substr(equals + 1));
    }
    return settings;
}

std::optional<std::uint32_t> number_in(const MemberSettings& settings, std::string_view name) {
    for (const auto& [key, value] : settings)
        if (key == name) return read_word(value, place());
    return std::nullopt;
}

void set_members(const MemberSettings& settings, ConcreteTcb& tcb) { apply(settings, tcb); }
void set_members(const MemberSettings& settings, ConntrackEntry<ConcreteReading>& entry) {
    apply(settings, entry);
}

}  // namespace halfopen
