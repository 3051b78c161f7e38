/// Results kept by the content of what they were worked out from.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "gate/outcome.hpp"

namespace halfopen::gate {

/// A folder of files that several runs may use at once: each appears whole or not at all, and one that is
/// damaged, or of another key, counts as none.  A folder that cannot be written keeps nothing.
class Cache {
   public:
    /// None: nothing is kept.
    explicit Cache(std::optional<std::filesystem::path> folder) : folder_(std::move(folder)) {}

    std::optional<nlohmann::json> find(const std::string& key) const;
    void keep(const std::string& key, const nlohmann::json& value) const;

   private:
    std::filesystem::path file(const std::string& key) const;

    std::optional<std::filesystem::path> folder_;
};

}  // namespace halfopen::gate
