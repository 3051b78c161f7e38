/// What comes of holding one recorded case against a policy.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace halfopen::conformance {

/// What a recording shows of a segment's effect, each compared on its own.
enum class Aspect : std::uint8_t {
    Forwarded,
    Translation,
    Port,
    HostAnswer,
    EntryPresence,
    EntryState,
    EntryStatus,
    EntryTimeout,
    ReplyCount,
    ReplyFlags,
    ReplySeq,
    ReplyAck,
    ReplyLength,
    ReplyTimestamp,
    ReplyClock,
    StateAfter,
    Timer
};
inline constexpr std::size_t aspect_count = 17;
inline constexpr std::array<std::string_view, aspect_count> aspect_names{
    "forwarded", "translation", "port",        "host answer", "entry presence", "entry state",
    "assured",   "time-out",    "replies",     "reply flags", "reply seq",      "reply ack",
    "reply len", "reply tsecr", "reply tsval", "state after", "timer"};
constexpr std::string_view to_string(Aspect a) { return aspect_names[static_cast<std::size_t>(a)]; }

/// One aspect in which kernel and model differ.
struct Difference {
    Aspect aspect = Aspect::Forwarded;
    std::string kernel;
    std::string model;
};

/// The first segment of a case in which they differ.
struct Disagreement {
    std::uint32_t line = 0;  ///< of the vector file
    std::string name;        ///< of the case: "handshake 17, seed 1001"
    std::size_t step = 0;    ///< from 1
    std::string segment;     ///< as tcpdump shows it, or the call
    std::string rule;        ///< the one that decided; empty where none did
    std::vector<Difference> differences;
};

/// Where in a policy's table a recorded segment was decided.
struct DecidedAt {
    std::string rule;  ///< empty where none matched
    std::size_t state = 0;
    std::size_t segment = 0;  ///< its class
    std::uint8_t direction = 0;

    friend auto operator<=>(const DecidedAt&, const DecidedAt&) = default;
};

/// How often each aspect was compared, and how often it differed; and what of the policy was put to the test.
struct Tally {
    std::array<std::size_t, aspect_count> judged{};
    std::array<std::size_t, aspect_count> differed{};
    std::map<DecidedAt, std::size_t> decided;

    void add(const Tally& other);
};

/// One recorded case: a probe, or a sequence up to the first segment that differs.
struct CaseVerdict {
    std::size_t agreed = 0;                    ///< steps
    std::optional<Disagreement> disagreement;  ///< at most one: what follows it follows from it
    std::size_t behind = 0;                    ///< steps behind a disagreement, not judged
    std::string outside_reason;                ///< why the rest is no case for the model; empty where it is
    std::size_t outside = 0;                   ///< steps from there on
    Tally tally;
};

}  // namespace halfopen::conformance
