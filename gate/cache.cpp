#include "gate/cache.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <iterator>

#include "gate/fingerprint.hpp"

namespace halfopen::gate {

namespace fs = std::filesystem;

fs::path Cache::file(const std::string& key) const { return *folder_ / (fingerprint(key) + ".json"); }

std::optional<nlohmann::json> Cache::find(const std::string& key) const {
    if (!folder_) return std::nullopt;
    std::ifstream in(file(key), std::ios::binary);
    if (!in) return std::nullopt;
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    const nlohmann::json entry = nlohmann::json::parse(text, nullptr, false);
    if (!entry.is_object() || !entry.contains("value")) return std::nullopt;
    // The whole key, since two keys may have one fingerprint.
    if (entry.value("key", nlohmann::json()) != key) return std::nullopt;
    if (entry.value("sum", nlohmann::json()) != fingerprint(entry["value"].dump())) return std::nullopt;
    return entry["value"];
}

void Cache::keep(const std::string& key, const nlohmann::json& value) const {
    if (!folder_) return;
    static std::atomic<unsigned> counter{0};
    std::error_code error;
    fs::create_directories(*folder_, error);
    const fs::path temporary = *folder_ / fmt::format(".{}-{}.tmp", getpid(), counter++);
    {
        std::ofstream out(temporary, std::ios::binary);
        out << nlohmann::json{{"key", key}, {"value", value}, {"sum", fingerprint(value.dump())}}.dump();
        out.close();
        if (!out) {
            fs::remove(temporary, error);
            return;
        }
    }
    fs::rename(temporary, file(key), error);
    if (error) fs::remove(temporary, error);
}

}  // namespace halfopen::gate
