#include "policy_report/exposure_report.hpp"

#include <fmt/format.h>

#include <cmath>

namespace halfopen {
namespace {

std::string flag_names(std::uint8_t flags) {
    std::string names;
    for (const auto& [bit, name] :
         {std::pair(flag::syn, "SYN"), {flag::fin, "FIN"}, {flag::rst, "RST"}, {flag::ack, "ACK"}})
        if ((flags & bit) != 0) names += (names.empty() ? "" : ",") + std::string(name);
    return names.empty() ? "no flag" : names;
}

/// "SEG.SEQ = RCV.NXT", "SEG.SEQ - RCV.NXT in [-1, 1]".
std::string arc_text(std::string_view number, std::string_view from, const Arc& arc) {
    const auto first = static_cast<std::int32_t>(arc.first);
    if (arc.size == 1 && first == 0) return fmt::format("{} = {}", number, from);
    if (arc.size == 1)
        return fmt::format("{} = {} {} {}", number, from, first < 0 ? '-' : '+',
                           std::abs(std::int64_t{first}));
    return fmt::format("{} - {} in [{}, {}]", number, from, first,
                       first + static_cast<std::int64_t>(arc.size) - 1);
}

std::string_view end_text(ConnectionEnd end) {
    switch (end) {
        case ConnectionEnd::Deleted:
            return "the connection is gone";
        case ConnectionEnd::Replaced:
            return "the connection gives way to another";
        case ConnectionEnd::Closed:
            return "the application hears that the peer has closed";
    }
    return "";
}

ReportJson arc_json(const Arc& arc) { return {{"first", arc.first}, {"count", arc.size}}; }

ReportJson number_json(double value) {
    return std::isfinite(value) ? ReportJson(value) : ReportJson(nullptr);
}

ReportJson attack_json(const BlindAttack& attack) {
    ReportJson json{{"flags", flag_names(attack.flags)},
                    {"length", attack.length},
                    {"end", to_string(attack.end)},
                    {"expected", attack.expected},
                    {"at_most", attack.at_most},
                    {"at_least", attack.at_least},
                    {"seq_minus_rcv_nxt", arc_json(attack.seq)},
                    {"ack_minus_snd_nxt", arc_json(attack.ack)}};
    if (attack.timestamps != TimestampUse::Off) {
        json["timestamp"] = attack.timestamps == TimestampUse::Present;
        json["tsval_minus_ts_recent"] = arc_json(attack.stamp);
    }
    json["rules"] = attack.rules;
    return json;
}

}  // namespace

std::string segment_count(double expected) {
    if (!std::isfinite(expected)) return "none";
    if (expected < 1e6) return fmt::format("{:g}", std::round(expected * 10) / 10);
    if (expected < 1e9) return fmt::format("{:.3g} million", expected / 1e6);
    if (expected < 1e12) return fmt::format("{:.3g} billion", expected / 1e9);
    return fmt::format("{:.2g}", expected);
}

std::string attack_text(const BlindAttack& attack) {
    std::vector<std::string> parts;
    if (!attack.seq.everything()) parts.push_back(arc_text("SEG.SEQ", "RCV.NXT", attack.seq));
    if (!attack.ack.everything()) parts.push_back(arc_text("SEG.ACK", "SND.NXT", attack.ack));
    if (!attack.stamp.everything()) parts.push_back(arc_text("TSval", "TS.Recent", attack.stamp));
    std::string text = flag_names(attack.flags);
    if (attack.length > 0) text += fmt::format(" and {} bytes", attack.length);
    if (attack.timestamps == TimestampUse::Missing) text += " without timestamp";
    return text + " with " + (parts.empty() ? "any numbers" : joined(parts, ", "));
}

std::string exposure_text(const BlindResetExposure& exposure) {
    if (exposure.attacks.empty()) return "no spoofed segment ends an established connection\n";
    std::string text =
        "spoofed segments that end an established connection, on average, for who knows addresses and ports "
        "only\n";
    for (const BlindAttack& attack : exposure.attacks)
        text += fmt::format("  {:>13}  {}: {}; {}\n", segment_count(attack.expected), attack_text(attack),
                            end_text(attack.end), joined(attack.rules, ", "));
    return text;
}

ReportJson exposure_json(const BlindResetExposure& exposure) {
    ReportJson attacks = ReportJson::array();
    for (const BlindAttack& attack : exposure.attacks) attacks.push_back(attack_json(attack));
    return {{"expected", number_json(exposure.expected())}, {"attacks", std::move(attacks)}};
}

}  // namespace halfopen
