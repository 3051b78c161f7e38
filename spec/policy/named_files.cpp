#include "spec/policy/named_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

namespace halfopen {

namespace fs = std::filesystem;

namespace {

/// An error that lists what exists is only useful while it can be read.
constexpr std::size_t most_names_listed = 60;

std::vector<std::string_view> views_of(const std::vector<std::string>& names) {
    return {names.begin(), names.end()};
}

}  // namespace

std::vector<std::string> names_in(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        std::error_code ignored;
        if (entry->path().extension() == ".toml" && entry->is_regular_file(ignored))
            names.push_back(entry->path().stem().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::optional<fs::path> file_of(const fs::path& folder, std::string_view name) {
    if (name.empty() || name.find('/') != std::string_view::npos || name.find('\0') != std::string_view::npos)
        return std::nullopt;
    const fs::path file = folder / (std::string(name) + ".toml");
    std::error_code error;
    if (!fs::exists(file, error)) return std::nullopt;
    return file;
}

InputError no_such_name(std::string_view what, std::string_view name, const fs::path& folder,
                        const Place& place) {
    const std::vector<std::string> names = names_in(folder);
    std::string message = unknown_name(what, name, views_of(names), most_names_listed);
    if (name.find('/') != std::string_view::npos) message += "; a path must end in .toml";
    if (names.empty()) message += fmt::format("; looked in {}", folder.string());
    return {place, message};
}

InputError no_such_file(const fs::path& file) {
    std::string message = "no such file";
    const std::vector<std::string> names = names_in(file.parent_path().empty() ? "." : file.parent_path());
    const std::string stem = file.stem().string();
    const std::string_view nearest = nearest_name(stem, views_of(names));
    if (!nearest.empty())
        message += fmt::format("; did you mean {}?",
                               in_quotes((file.parent_path() / (std::string(nearest) + ".toml")).string()));
    if (!names.empty() && names.size() <= most_names_listed)
        message += fmt::format(" (beside it: {})", fmt::join(names, ", "));
    return {Place{file.string(), 0, 0}, message};
}

bool is_path_of_toml(std::string_view name) { return name.ends_with(".toml"); }

void check_name_is_stem(const std::string& name, const fs::path& file, const Place& place) {
    const std::string stem = file.stem().string();
    if (name != stem)
        throw InputError(place, fmt::format("the name is {}, but the file's is {}; they must be the same",
                                            in_quotes(name), in_quotes(stem)));
}

}  // namespace halfopen
