/// Reads a JSON object key by key.  Whatever is not as it should be is an InputError of one line, with the
/// place in the file and the path inside of the line: "v.jsonl:7: steps[2].seq is -1; …".
#pragma once

#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "spec/policy/input_error.hpp"

namespace halfopen::conformance {

class JsonObject {
   public:
    /// keys: all that may stand in it.
    JsonObject(const nlohmann::json& value, const Place& place, std::string path,
               std::initializer_list<std::string_view> keys);

    bool has(const char* key) const { return json_.contains(key); }
    /// Missing, or null.
    bool is_null(const char* key) const { return !has(key) || json_[key].is_null(); }

    std::uint32_t number(const char* key, std::uint32_t largest = UINT32_MAX) const;
    std::uint16_t port(const char* key) const { return static_cast<std::uint16_t>(number(key, 65535)); }
    bool truth(const char* key) const;
    std::string text(const char* key) const;
    /// A dotted-quad address.
    std::uint32_t ip(const char* key) const;
    const nlohmann::json& list(const char* key) const;
    const nlohmann::json& object(const char* key) const;

    template <class Read>
    auto optional(const char* key, Read read) const -> std::optional<decltype(read())> {
        if (is_null(key)) return std::nullopt;
        return read();
    }

    std::string path(std::string_view key) const;
    const Place& place() const { return place_; }
    [[noreturn]] void refuse(std::string_view key, const std::string& wanted) const;

   private:
    const nlohmann::json& at(const char* key, std::string_view wanted) const;

    const nlohmann::json& json_;
    const Place& place_;
    std::string path_;
};

}  // namespace halfopen::conformance
