#include "conformance/vectors.hpp"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <system_error>

#include "conformance/json_object.hpp"
#include "conformance/line_readers.hpp"

namespace halfopen::conformance {

namespace {

/// Far above a sequence of a hundred segments.
constexpr std::size_t longest_line = 1U << 20U;

enum class LineKind { Nat, Probe, Sequence };

LineKind kind_of(const nlohmann::json& line, const Place& place) {
    if (line.is_object() && line.contains("end")) return LineKind::Sequence;
    if (line.is_object() && line.contains("state")) return LineKind::Probe;
    if (line.is_object() && line.contains("steps")) return LineKind::Nat;
    throw InputError(
        place,
        "is no observation; an object with \"steps\" (a NAT), \"state\" (an endpoint's probe) or "
        "\"end\" (an endpoint's sequence) is wanted");
}

nlohmann::json parsed(std::string_view line, Place place) {
    if (line.size() > longest_line)
        throw InputError(place,
                         fmt::format("is longer than {} bytes, the most a line may have", longest_line));
    try {
        return nlohmann::json::parse(line.begin(), line.end());
    } catch (const nlohmann::json::parse_error& error) {
        place.column = static_cast<std::uint32_t>(error.byte);
        throw InputError(place, "is not JSON here; one JSON object a line is wanted");
    } catch (const nlohmann::json::exception&) {
        throw InputError(place, "holds a number that is out of all range; one JSON object a line is wanted");
    }
}

/// A quotation from the library's messages is of no use to a reader, hence the own words above.
void add_line(Vectors& vectors, std::string_view line, const Place& place, bool& first) {
    const nlohmann::json object = parsed(line, place);
    const LineKind kind = kind_of(object, place);
    const PolicyKind party = kind == LineKind::Nat ? PolicyKind::Nat : PolicyKind::Endpoint;
    if (!first && party != vectors.kind)
        throw InputError(place,
                         vectors.kind == PolicyKind::Nat
                             ? "is about an endpoint, the lines before are about a NAT; one kind a file"
                             : "is about a NAT, the lines before are about an endpoint; one kind a file");
    first = false;
    vectors.kind = party;
    switch (kind) {
        case LineKind::Nat:
            vectors.nat_sequences.push_back(read_nat_sequence(object, place));
            break;
        case LineKind::Probe:
            vectors.probes.push_back(read_probe(object, place));
            break;
        case LineKind::Sequence:
            vectors.endpoint_sequences.push_back(read_endpoint_sequence(object, place));
            break;
    }
}

/// Goes through a file's lines; next() gives false at its end.
template <class Next>
Vectors collect(const std::string& file, Next next) {
    Vectors vectors;
    vectors.file = file;
    bool first = true;
    std::string line;
    for (std::uint32_t number = 1; next(line); ++number) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        if (!line.empty()) add_line(vectors, line, Place{file, number, 0}, first);
    }
    if (first) throw InputError(Place{file, 0, 0}, "holds no observation; one JSON object a line is wanted");
    return vectors;
}

}  // namespace

std::optional<ParsedFlags> parse_flags(std::string_view letters) {
    ParsedFlags parsed;
    for (const char letter : letters) {
        switch (letter) {
            case 'F':
                parsed.flags |= flag::fin;
                break;
            case 'S':
                parsed.flags |= flag::syn;
                break;
            case 'R':
                parsed.flags |= flag::rst;
                break;
            case 'P':
                parsed.flags |= flag::psh;
                break;
            case 'A':
                parsed.flags |= flag::ack;
                break;
            case 'U':
                parsed.outside = "a segment with URG";
                break;
            case 'E':
            case 'W':
                parsed.outside = "a segment with ECE or CWR";
                break;
            default:
                return std::nullopt;
        }
    }
    return parsed;
}

Vectors parse_vectors(std::string_view text, const std::string& file) {
    return collect(file, [&text](std::string& line) {
        if (text.empty()) return false;
        const std::size_t end = std::min(text.find('\n'), text.size());
        line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        return true;
    });
}

Vectors read_vectors(const std::filesystem::path& file) {
    namespace fs = std::filesystem;
    const Place place{file.string(), 0, 0};
    std::error_code error;
    const fs::file_status status = fs::status(file, error);
    if (status.type() == fs::file_type::not_found) throw InputError(place, "no such file");
    if (status.type() == fs::file_type::directory)
        throw InputError(place, "is a directory; a file is wanted");
    if (status.type() != fs::file_type::regular) throw InputError(place, "is not a regular file");
    std::ifstream in(file, std::ios::binary);
    if (!in) throw InputError(place, "cannot be read; is its permission right?");
    return collect(file.string(),
                   [&in](std::string& line) { return static_cast<bool>(std::getline(in, line)); });
}

}  // namespace halfopen::conformance
