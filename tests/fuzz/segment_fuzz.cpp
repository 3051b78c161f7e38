// Any text whatever is either a segment or an InputError of one line; and what is a segment is the same one
// when it is written out as tcpdump does.  Target `fuzz` of tests/CMakeLists.txt.
#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "policy_report/segment_text.hpp"

namespace {

/// In tcpdump's letters, which have no word for an option without a flag.
std::string written(const halfopen::WrittenSegment& segment) {
    std::string text;
    for (const auto& [letter, flag] : {std::pair('S', 0x02), std::pair('F', 0x01), std::pair('R', 0x04),
                                       std::pair('P', 0x08), std::pair('.', 0x10)})
        if ((segment.flags & flag) != 0) text += letter;
    if (text.empty()) text = "NONE";
    if (segment.seq) text += fmt::format(" seq={}", *segment.seq);
    if (segment.ack) text += fmt::format(" ack {}", *segment.ack);
    if (segment.window) text += fmt::format(" win {}", *segment.window);
    text += fmt::format(" len={}", segment.length);
    if (segment.ts_value) text += fmt::format(" [TS val {}", *segment.ts_value);
    if (segment.ts_echo) text += fmt::format(" ecr {}", *segment.ts_echo);
    return segment.ts_value ? text + "]" : text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace halfopen;
    const Place place{"--segment", 0, 0};
    try {
        const WrittenSegment first = read_segment({reinterpret_cast<const char*>(data), size}, place);
        const WrittenSegment again = read_segment(written(first), place);
        if (first.flags != again.flags || first.seq != again.seq || first.ack != again.ack ||
            first.window != again.window || first.length != again.length ||
            first.ts_value != again.ts_value || first.ts_echo != again.ts_echo)
            std::abort();
    } catch (const InputError& error) {
        if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
    }
    return 0;
}
