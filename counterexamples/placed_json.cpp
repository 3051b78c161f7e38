#include "counterexamples/placed_json.hpp"

#include <charconv>

namespace halfopen {

namespace {

std::optional<Address> parse_address(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto ip = parse_ip(text.substr(0, colon));
    std::uint16_t port = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, port);
    if (!ip || error != std::errc{} || stop != end) return std::nullopt;
    return Address{*ip, port};
}

}  // namespace

void PlacedJson::fail(const std::string& expected) const {
    throw InputError(fmt::format("{}: {}: {}", one_line(*file_),
                                 pointer_.empty() ? "the result" : one_line(pointer_), expected));
}

bool PlacedJson::has(const char* key) const {
    if (!json_->is_object()) fail("must be an object");
    return json_->contains(key);
}

PlacedJson PlacedJson::at(const std::string& key) const {
    if (!json_->is_object()) fail("must be an object");
    const auto found = json_->find(key);
    if (found == json_->end())
        fail(fmt::format("has no {}; it takes what `halfopen check SCENARIO --format json` writes",
                         in_quotes(key)));
    return {*found, *file_, pointer_ + "/" + key};
}

const std::string& PlacedJson::text() const {
    if (!json_->is_string()) fail("must be a string");
    return json_->get_ref<const std::string&>();
}

bool PlacedJson::boolean() const {
    if (!json_->is_boolean()) fail("must be true or false");
    return json_->get<bool>();
}

std::uint64_t PlacedJson::number(std::uint64_t most) const {
    // A writer may have held it in a signed type; a parser never does.
    if (!json_->is_number_integer() || (!json_->is_number_unsigned() && json_->get<std::int64_t>() < 0) ||
        json_->get<std::uint64_t>() > most)
        fail(fmt::format("must be a whole number from 0 to {}", most));
    return json_->get<std::uint64_t>();
}

std::uint32_t PlacedJson::ip() const {
    const auto ip = parse_ip(text());
    if (!ip) fail("must be an IPv4 address such as \"10.1.0.1\"");
    return *ip;
}

Address PlacedJson::address() const {
    const auto address = parse_address(text());
    if (!address) fail("must be an address with a port such as \"10.1.0.1:903\"");
    return *address;
}

}  // namespace halfopen
