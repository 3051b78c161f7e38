#include <fmt/format.h>

#include <fstream>
#include <system_error>
#include <vector>

#include "spec/policy/toml_reader.hpp"
#include "spec/policy/utf8.hpp"

namespace halfopen {

namespace fs = std::filesystem;

namespace {

/// Before anything is read: /dev/zero never ends, and a pipe may block for ever.
void refuse_what_is_no_file(const fs::path& file) {
    std::error_code error;
    const fs::file_status status = fs::status(file, error);
    const Place place{file.string(), 0, 0};
    switch (status.type()) {
        case fs::file_type::regular:
            return;
        case fs::file_type::not_found:
            throw InputError(place, "no such file");
        case fs::file_type::directory:
            throw InputError(place, "is a directory; a file is wanted");
        case fs::file_type::none:
            throw InputError(place, fmt::format("cannot be read: {}", error.message()));
        default:
            throw InputError(place, "is not a regular file");
    }
}

void refuse_large(const fs::path& file, std::uintmax_t size, std::uintmax_t most) {
    if (size > most)
        throw InputError(
            Place{file.string(), 0, 0},
            fmt::format("is larger than {} bytes, the most an input file may have", most));
}

}  // namespace

std::string read_text_file(const fs::path& file, std::uintmax_t most) {
    refuse_what_is_no_file(file);
    std::error_code error;
    const std::uintmax_t size = fs::file_size(file, error);
    if (!error) refuse_large(file, size, most);

    std::ifstream in(file, std::ios::binary);
    // One byte more than allowed, because the file may have grown since.
    std::string text;
    std::vector<char> buffer(std::size_t{1} << 16U);
    while (in && text.size() <= most) {
        in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        text.append(buffer.data(), static_cast<std::size_t>(in.gcount()));
    }
    if (!in && !in.eof())
        throw InputError(Place{file.string(), 0, 0}, "cannot be read; is its permission right?");
    refuse_large(file, text.size(), most);
    refuse_what_is_not_text(text, file.string());
    return text;
}

}  // namespace halfopen
