#include "verifier/fingerprint.hpp"

#include <algorithm>

#include "spec/policy/input_error.hpp"
#include "spec/policy/policy_files.hpp"
#include "spec/policy/toml_reader.hpp"
#include "verifier/sha256.hpp"

namespace halfopen::verifier {

namespace {

namespace fs = std::filesystem;

class Files {
   public:
    explicit Files(fs::path spec_folder)
        : folder_(std::move(spec_folder)), library_(folder_ / "policies"), fixes_(folder_ / "policies") {}

    void add(const fs::path& file) { list_.push_back({name_of(file), sha256_hex(read_text_file(file))}); }
    void add_policy(PolicyKind kind, const std::string& name) {
        for (const fs::path& file : files_of_policy(library_, kind, name)) add(file);
    }
    void add_fix(const std::string& name) { add(fixes_.load(name).file); }

    std::vector<NamedDigest> sorted() && {
        std::sort(list_.begin(), list_.end(), [](const NamedDigest& a, const NamedDigest& b) {
            return std::tie(a.name, a.sha256) < std::tie(b.name, b.sha256);
        });
        list_.erase(std::unique(list_.begin(), list_.end()), list_.end());
        return std::move(list_);
    }

   private:
    /// So that a certificate can be carried to where the same files lie elsewhere.
    std::string name_of(const fs::path& file) const {
        const fs::path relative = file.lexically_relative(folder_);
        return relative.empty() || *relative.begin() == ".." ? file.filename().string() : relative.string();
    }

    fs::path folder_;
    PolicyLibrary library_;
    FixLibrary fixes_;
    std::vector<NamedDigest> list_;
};

}  // namespace

std::vector<NamedDigest> fingerprint(const Scenario& scenario, const std::vector<std::string>& fixes,
                                     const fs::path& spec_folder) {
    Files files(spec_folder);
    files.add(scenario.file);
    for (const std::string& fix : fixes) files.add_fix(fix);
    for (const ClientSpec& client : scenario.clients) files.add_policy(PolicyKind::Endpoint, client.policy);
    for (const NatSpec& nat : scenario.nats) {
        files.add_policy(PolicyKind::Nat, nat.policy);
        files.add_policy(PolicyKind::Endpoint, nat.host_policy);
    }
    for (const ServerSpec& server : scenario.servers) files.add_policy(PolicyKind::Endpoint, server.policy);
    return std::move(files).sorted();
}

std::string first_difference(const std::vector<NamedDigest>& then, const std::vector<NamedDigest>& now) {
    const auto has = [](const std::vector<NamedDigest>& list, auto&& is_it) {
        return std::any_of(list.begin(), list.end(), is_it);
    };
    for (const NamedDigest& file : then) {
        if (has(now, [&](const NamedDigest& f) { return f == file; })) continue;
        const bool is_there = has(now, [&](const NamedDigest& f) { return f.name == file.name; });
        return in_quotes(file.name) + (is_there ? " is not what it was" : " has no part in it any more");
    }
    for (const NamedDigest& file : now) {
        if (!has(then, [&](const NamedDigest& f) { return f == file; }))
            return in_quotes(file.name) + " had no part in it";
    }
    return then == now ? "" : "the list of files is out of order";
}

}  // namespace halfopen::verifier
