#include "cli/policy_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "cli/common.hpp"

namespace halfopen::cli {
namespace {

/// How far a reader got, by what it says: "FILE:LINE:…".
unsigned long line_of(const std::string& error, const std::string& file) {
    if (error.rfind(file + ":", 0) != 0) return 0;
    return std::strtoul(error.c_str() + file.size() + 1, nullptr, 10);
}

Policy from_file(const PolicyLibrary& library, const std::string& file) {
    const std::string folder = std::filesystem::absolute(file).parent_path().filename().string();
    if (folder == "nats") return library.load(PolicyKind::Nat, file);
    if (folder == "endpoints") return library.load(PolicyKind::Endpoint, file);
    std::optional<InputError> no_endpoint;
    try {
        return library.load(PolicyKind::Endpoint, file);
    } catch (const InputError& error) {
        no_endpoint = error;
    }
    try {
        return library.load(PolicyKind::Nat, file);
    } catch (const InputError& no_nat) {
        // The kind that was meant is the one whose words the file uses longer.
        if (line_of(no_nat.what(), file) > line_of(no_endpoint->what(), file)) throw;
        throw *no_endpoint;
    }
}

std::optional<PolicyKind> kind_of_folder(std::string_view folder) {
    if (folder == "endpoints") return PolicyKind::Endpoint;
    if (folder == "nats") return PolicyKind::Nat;
    return std::nullopt;
}

}  // namespace

InputError unknown_policy(std::string_view what, const std::string& name, std::vector<std::string> all) {
    const PolicyLibrary library = policy_library();
    if (name.find('/') != std::string::npos) {
        for (const std::string& one : library.names(PolicyKind::Endpoint)) all.push_back("endpoints/" + one);
        for (const std::string& one : library.names(PolicyKind::Nat)) all.push_back("nats/" + one);
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    const std::vector<std::string_view> known(all.begin(), all.end());
    const std::string message = unknown_name(what, name, known, 0);
    if (message.find("did you mean") != std::string::npos) return InputError(message);
    const std::string elsewhere = what_it_is(name);
    if (!elsewhere.empty()) return InputError(message + elsewhere);
    return InputError(message +
                      "; `halfopen list endpoints` and `halfopen list nats` have all; or give a .toml file");
}

std::vector<Policy> policies_named(const std::string& name) {
    const PolicyLibrary library = policy_library();
    if (name.ends_with(".toml")) return {from_file(library, name)};
    const auto slash = name.find('/');
    if (slash != std::string::npos) {
        if (const auto kind = kind_of_folder(name.substr(0, slash)))
            return {library.load(*kind, name.substr(slash + 1))};
    }
    std::vector<Policy> found;
    std::vector<std::string> all;
    for (const PolicyKind kind : {PolicyKind::Endpoint, PolicyKind::Nat}) {
        const std::vector<std::string> names = library.names(kind);
        if (contains(names, name)) found.push_back(library.load(kind, name));
        all.insert(all.end(), names.begin(), names.end());
    }
    if (!found.empty()) return found;
    throw unknown_policy("policy", name, std::move(all));
}

Policy policy_named(const std::string& name) {
    std::vector<Policy> found = policies_named(name);
    if (found.size() > 1)
        throw InputError(fmt::format("there are two policies {}; write endpoints/{} or nats/{}",
                                     in_quotes(name), name, name));
    return std::move(found.front());
}

std::pair<Policy, Policy> two_policies(const std::string& first, const std::string& second) {
    const std::vector<Policy> a = policies_named(first);
    const std::vector<Policy> b = policies_named(second);
    std::vector<std::pair<Policy, Policy>> pairs;
    for (const Policy& one : a)
        for (const Policy& other : b)
            if (one.kind == other.kind) pairs.emplace_back(one, other);
    if (pairs.empty())
        throw InputError(
            fmt::format("{} is an endpoint's policy and {} a NAT's; two of one kind can be compared",
                        in_quotes(a.front().kind == PolicyKind::Endpoint ? first : second),
                        in_quotes(a.front().kind == PolicyKind::Endpoint ? second : first)));
    if (pairs.size() > 1)
        throw InputError(fmt::format("{} and {} name endpoints and NATs; write endpoints/{} or nats/{}",
                                     in_quotes(first), in_quotes(second), first, first));
    return std::move(pairs.front());
}

void set_parameter_of(Policy& policy, const std::string& setting) {
    const Place place{"--set", 0, 0};
    const auto equals = setting.find('=');
    if (equals == std::string::npos)
        throw InputError(place, fmt::format("{} has no '='; write KEY=VALUE, such as insecure_syn=true",
                                            in_quotes(setting)));
    policy.set(setting.substr(0, equals), setting.substr(equals + 1), place);
}

std::vector<Policy> all_policies() {
    const PolicyLibrary library = policy_library();
    std::vector<Policy> all;
    for (const PolicyKind kind : {PolicyKind::Endpoint, PolicyKind::Nat})
        for (const std::string& name : library.names(kind)) all.push_back(library.load(kind, name));
    return all;
}

}  // namespace halfopen::cli
