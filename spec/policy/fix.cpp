#include "spec/policy/fix.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <system_error>

#include "spec/policy/named_files.hpp"
#include "spec/policy/toml_reader.hpp"

namespace halfopen {

namespace {

constexpr std::array<std::string_view, 3> parties{"server", "nat", "client"};

/// The [set] table as lines KEY=VALUE.  Keys may be written "a.b", a.b or as sub-tables: all mean a.b.
class Settings {
   public:
    explicit Settings(Fix& fix) : fix_(fix) {}

    void read(const TableReader& table, const std::string& prefix) {
        for (const PlacedText& key : table.keys()) {
            const std::string name = prefix + key.text;
            if (key.text.empty() || key.text.find_first_of("= \t\n") != std::string::npos)
                throw InputError(key.place,
                                 fmt::format("{} cannot be the key of a setting", in_quotes(key.text)));
            if (const auto* inner = table.raw().get(key.text)->as_table()) {
                read(TableReader(*inner, table.file(), name), name + ".");
            } else {
                const bool is_list = table.raw().get(key.text)->is_array();
                add(name, {key.place, table.place(key.text), is_list}, text_of(table, key.text));
            }
        }
    }

   private:
    void add(const std::string& name, const SettingSource& source, std::string value) {
        for (const auto& setting : fix_.set)
            if (setting.first == name)
                throw InputError(source.key, fmt::format("{} is set a second time", in_quotes(name)));
        fix_.set.emplace_back(name, std::move(value));
        fix_.sources.push_back(source);
    }

    static std::string text_of(const TableReader& table, const std::string& key) {
        const toml::node& node = *table.raw().get(key);
        if (const auto* array = node.as_array()) {
            std::vector<std::string> values;
            for (const toml::node& element : *array) values.push_back(scalar_text(table, key, element));
            for (const std::string& value : values)
                if (value.find(',') != std::string::npos)
                    throw InputError(table.place(key),
                                     fmt::format("{} holds {}, but a comma separates the values of a list",
                                                 in_quotes(key), in_quotes(value)));
            return fmt::format("{}", fmt::join(values, ","));
        }
        return scalar_text(table, key, node);
    }

    static std::string scalar_text(const TableReader& table, const std::string& key, const toml::node& node) {
        if (const auto* text = node.as_string()) return text->get();
        if (const auto* number = node.as_integer()) return std::to_string(number->get());
        if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
        throw InputError(
            place_of(node.source(), table.file()),
            fmt::format("{} must be a string, an integer, a boolean or an array of these, not {}",
                        in_quotes(key), type_phrase(node)));
    }

    Fix& fix_;
};

}  // namespace

Fix parse_fix(std::string_view text, const std::string& file) {
    const toml::table root = parse_toml(file, text);
    const TableReader table(root, file, "fix");
    table.only({"name", "party", "title", "description", "source", "set"});
    Fix fix;
    fix.file = file;
    fix.name = table.text("name");
    fix.title = table.text("title");
    fix.party = table.text("party");
    if (std::find(parties.begin(), parties.end(), fix.party) == parties.end())
        throw InputError(table.place("party"), unknown_name("party", fix.party, parties));
    fix.source = table.text("source");
    fix.description = table.text_or("description", "");
    const auto set = table.table("set");
    if (!set) throw InputError(table.place(), "fix has no [set]; it must change something");
    Settings(fix).read(*set, "");
    if (fix.set.empty()) throw InputError(set->place(), "[set] is empty; a fix must change something");
    return fix;
}

Fix FixLibrary::load(std::string_view name, const Place& place) const {
    if (is_path_of_toml(name)) {
        const std::filesystem::path path(name);
        std::error_code error;
        if (!std::filesystem::exists(path, error) && !error) {
            const InputError missing = no_such_file(path);
            throw place.file.empty() ? missing : InputError(place, missing.what());
        }
        return parse_fix(read_text_file(path), path.string());
    }
    const auto file = file_of(folder_, name);
    if (!file) throw no_such_name("fix", name, folder_, place);
    Fix fix = parse_fix(read_text_file(*file), file->string());
    check_name_is_stem(fix.name, *file, Place{file->string(), 0, 0});
    return fix;
}

std::vector<std::string> FixLibrary::names() const { return names_in(folder_); }

}  // namespace halfopen
