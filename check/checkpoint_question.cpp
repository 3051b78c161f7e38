#include "check/checkpoint_question.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "spec/policy/input_error.hpp"
#include "verifier/fingerprint.hpp"

namespace halfopen {

namespace {

using Json = nlohmann::ordered_json;

struct Part {
    const char* key;
    const char* option;  ///< with which it is given
};
constexpr std::array<Part, 7> parts{{{"variant", "--variant"},
                                     {"fixes", "--fix"},
                                     {"set", "--set"},
                                     {"isn", "--isn"},
                                     {"merge", "--no-merge (or --certificate, --property)"},
                                     {"symmetry", "--no-symmetry (or --certificate, --property)"},
                                     {"joint", "--joint-cells"}}};

std::vector<verifier::NamedDigest> files_of(const Json& object) {
    std::vector<verifier::NamedDigest> files;
    for (const auto& [name, digest] : object.items())
        files.push_back({name, digest.is_string() ? digest.get<std::string>() : std::string()});
    return files;
}

}  // namespace

std::string to_text(const CheckpointQuestion& question) {
    Json files = Json::object();
    for (const verifier::NamedDigest& file : question.files) files[file.name] = file.sha256;
    const Json json{{"program", question.program},
                    {"variant", question.question.variant},
                    {"fixes", question.question.fixes},
                    {"set", question.question.settings},
                    {"isn", question.question.complete_isn ? "complete" : "generic"},
                    {"merge", question.merge_commuting_steps},
                    {"symmetry", question.symmetry},
                    {"joint", question.joint_cells},
                    {"files", std::move(files)}};
    return json.dump();
}

std::string difference_of_questions(std::string_view then, std::string_view now) {
    if (then == now) return {};
    const Json old = Json::parse(then, nullptr, false);
    const Json wanted = Json::parse(now);
    const auto same = [&](const char* key) { return old.contains(key) && old[key] == wanted[key]; };
    if (!old.is_object() || !old.contains("files") || !old["files"].is_object())
        return "it does not say of which";
    for (const Part& part : parts) {
        if (!same(part.key))
            return fmt::format("{} was {} there, and is {} here", part.option,
                               one_line(old.value(part.key, Json()).dump()), wanted[part.key].dump());
    }
    const std::string files = verifier::first_difference(files_of(old["files"]), files_of(wanted["files"]));
    if (!files.empty()) return files;
    if (!same("program")) return "another build of halfopen has made it, whose steps may be others";
    return "it says more than this program knows";
}

}  // namespace halfopen
