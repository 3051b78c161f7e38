/// What a certificate claims, and of what.  Format: docs/certificate-format.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace halfopen::verifier {

/// The verdicts of design §6 that can be certified.
enum class Verdict : std::uint8_t { Bounded, Unbounded, Storm, Permanent };
std::string_view to_string(Verdict verdict);

/// A scenario, with what was applied to it, as the command line names it.
struct Question {
    std::string scenario;  ///< a shipped scenario's name, or a file
    std::string variant;   ///< empty: none
    std::vector<std::string> fixes;
    std::vector<std::string> settings;  ///< KEY=VALUE
    bool complete_isn = false;          ///< every cell of fresh numbers may be drawn, not only generic ones

    friend bool operator==(const Question&, const Question&) = default;
};

/// A file that decides what the question means.
struct NamedDigest {
    std::string name;    ///< relative to the folder of policies and scenarios, or only its last part
    std::string sha256;  ///< in hexadecimal

    friend bool operator==(const NamedDigest&, const NamedDigest&) = default;
};

/// Whether some transition has the property.
struct SideProperties {
    bool leak = false, cross = false, collateral = false;

    friend bool operator==(const SideProperties&, const SideProperties&) = default;
};

struct Claim {
    Question question;
    std::vector<NamedDigest> files;
    Verdict verdict = Verdict::Permanent;
    std::optional<std::uint64_t> best_ms;      ///< none where permanent
    std::optional<std::uint64_t> worst_ms;     ///< just where bounded
    std::optional<SideProperties> properties;  ///< none where permanent

    friend bool operator==(const Claim&, const Claim&) = default;
};

/// One line of JSON.
std::string to_text(const Claim& claim);
/// The claim, from exactly what to_text() gives; nothing from any other text.
std::optional<Claim> claim_from_text(std::string_view text);

}  // namespace halfopen::verifier
