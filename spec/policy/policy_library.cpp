#include "spec/policy/policy_library.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <system_error>

#include "spec/policy/named_files.hpp"
#include "spec/policy/policy_files.hpp"
#include "spec/policy/policy_parser.hpp"
#include "spec/policy/toml_reader.hpp"

namespace halfopen {

namespace fs = std::filesystem;

namespace {

/// Each level reads a file; real families have three or four.
constexpr std::size_t longest_ancestry = 32;

fs::path folder_of(const fs::path& library, PolicyKind kind) {
    return library / (kind == PolicyKind::Endpoint ? "endpoints" : "nats");
}

bool same_file(const fs::path& a, const fs::path& b) {
    std::error_code error;
    return fs::equivalent(a, b, error) && !error;
}

/// Reads one policy and, through parse_policy(), those that it extends.
class Loading {
   public:
    Loading(fs::path library, PolicyKind kind) : kind_(kind), folder_(folder_of(library, kind)) {}

    Policy by_name(std::string_view name, const Place& place) {
        const auto file = file_of(folder_, name);
        if (!file) throw no_such_name(what(), name, folder_, place);
        return from_library(*file);
    }

    Policy by_path(const fs::path& file) {
        std::error_code error;
        if (!fs::exists(file, error) && !error) throw no_such_file(file);
        return read(file);
    }

    Policy load(std::string_view name) {
        return is_path_of_toml(name) ? by_path(fs::path(name)) : by_name(name, Place{});
    }

    /// Those that have been read, the child before its parent.
    const std::vector<fs::path>& files() const { return files_; }

   private:
    std::string_view what() const { return kind_ == PolicyKind::Endpoint ? "endpoint policy" : "NAT policy"; }

    Policy from_library(const fs::path& file) {
        Policy policy = read(file);
        check_name_is_stem(policy.name, file, Place{file.string(), 0, 0});
        return policy;
    }

    Policy read(const fs::path& file) {
        const std::string text = read_text_file(file);
        open_.push_back(file);
        files_.push_back(file);
        Policy policy = parse_policy(
            vocabulary(kind_), text, file.string(),
            [&](const std::string& parent, const Place& place) { return extended(parent, place); });
        open_.pop_back();
        return policy;
    }

    /// Beside the file first, then in the library.  A file outside the library may extend the library's
    /// policy of its own name.
    Policy extended(const std::string& name, const Place& place) {
        const fs::path& child = open_.back();
        auto file = file_of(child.parent_path(), name);
        if (!file || same_file(*file, child)) {
            const auto in_library = file_of(folder_, name);
            if (in_library) file = in_library;
        }
        if (!file) throw no_such_name(what(), name, folder_, place);
        refuse_cycle(*file, place);
        if (open_.size() >= longest_ancestry)
            throw InputError(place, fmt::format("extends more than {} policies", longest_ancestry));
        return from_library(*file);
    }

    void refuse_cycle(const fs::path& file, const Place& place) const {
        const auto first = std::find_if(open_.begin(), open_.end(),
                                        [&](const fs::path& open) { return same_file(open, file); });
        if (first == open_.end()) return;
        std::string cycle;
        for (auto open = first; open != open_.end(); ++open) cycle += open->stem().string() + " -> ";
        throw InputError(place, fmt::format("extends itself: {}{}", cycle, file.stem().string()));
    }

    PolicyKind kind_;
    fs::path folder_;
    std::vector<fs::path> open_;   ///< being read now, the child before its parent
    std::vector<fs::path> files_;  ///< read so far
};

}  // namespace

Policy PolicyLibrary::load(PolicyKind kind, std::string_view name) const {
    return Loading(folder_, kind).load(name);
}

std::vector<std::string> PolicyLibrary::names(PolicyKind kind) const {
    return names_in(folder_of(folder_, kind));
}

std::vector<fs::path> files_of_policy(const PolicyLibrary& library, PolicyKind kind, std::string_view name) {
    Loading loading(library.folder(), kind);
    loading.load(name);
    return loading.files();
}

}  // namespace halfopen
