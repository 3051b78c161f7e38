/// A JSON value that knows where it stands: a reader asks it for what it expects, and what is something else
/// ends in one line with the file, the JSON pointer (RFC 6901) and what would be right.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "spec/policy/input_error.hpp"
#include "spec/tcp/segment.hpp"

namespace halfopen {

class PlacedJson {
   public:
    using Json = nlohmann::ordered_json;

    /// Refers to both; they must outlive it and all that it gives.  `pointer`: where it stands, "" for the
    /// whole.
    PlacedJson(const Json& json, const std::string& file, std::string pointer)
        : json_(&json), file_(&file), pointer_(std::move(pointer)) {}

    /// Throws InputError: "file: /pointer: expected".
    [[noreturn]] void fail(const std::string& expected) const;

    bool is_null() const { return json_->is_null(); }
    const Json& json() const { return *json_; }

    // All that follow throw InputError where the value is of another kind, or is not what they ask for.

    bool has(const char* key) const;
    /// The member of that name, which must be there.
    PlacedJson at(const std::string& key) const;
    /// read(PlacedJson) for each element of an array.
    template <class Each>
    void each(Each&& read) const {
        if (!json_->is_array()) fail("must be an array");
        for (std::size_t i = 0; i < json_->size(); ++i)
            read(PlacedJson((*json_)[i], *file_, fmt::format("{}/{}", pointer_, i)));
    }
    /// read(name, PlacedJson) for each member of an object.
    template <class Each>
    void members(Each&& read) const {
        if (!json_->is_object()) fail("must be an object");
        for (const auto& [key, value] : json_->items())
            read(key, PlacedJson(value, *file_, pointer_ + "/" + key));
    }
    const std::string& text() const;
    bool boolean() const;
    /// A whole number from 0 to `most`.
    std::uint64_t number(std::uint64_t most) const;
    std::uint32_t word() const { return static_cast<std::uint32_t>(number(UINT32_MAX)); }
    std::uint32_t ip() const;  ///< "10.1.0.1"
    Address address() const;   ///< "10.1.0.1:903"
    /// The index of the text in a list of names; `what` names the kind of thing, for the message.
    template <class Names>
    std::size_t choice(const char* what, const Names& names) const {
        const auto found = std::find(names.begin(), names.end(), text());
        if (found == names.end()) {
            const std::vector<std::string_view> known(names.begin(), names.end());
            fail(unknown_name(what, text(), known));
        }
        return static_cast<std::size_t>(found - names.begin());
    }

   private:
    const Json* json_;
    const std::string* file_;
    std::string pointer_;
};

}  // namespace halfopen
