/// A hash of all that the fields() lists name.
#pragma once

#include <cstdint>
#include <type_traits>

#include "spec/numbers/comparison.hpp"
#include "spec/numbers/number.hpp"
#include "spec/tcp/segment.hpp"

namespace halfopen {

/// A polynomial over the members (Carter and Wegman, "Universal classes of hash functions", 1979), modulo
/// 2^64.
class FieldHash {
   public:
    template <class T>
    void operator()(const char* /*name*/, const T& value) {
        add(value);
    }
    template <class T>
    void add(const T& value) {
        if constexpr (std::is_same_v<T, Number>) {
            mix(value.value | std::uint64_t{value.origin} << 32U);
        } else if constexpr (std::is_same_v<T, Address>) {
            mix(value.ip | std::uint64_t{value.port} << 32U);
        } else if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) {
            mix(static_cast<std::uint64_t>(value));
        } else if constexpr (std::is_same_v<T, Origin>) {
            mix(value.value | std::uint64_t{value.role} << 32U);
        } else if constexpr (requires { value.begin(); }) {
            mix(value.size());
            for (const auto& element : value) add(element);
        } else if constexpr (requires { value.absent(); }) {
            mix(value.absent() ? 0 : 1);
            if (!value.absent()) fields(*this, value);
        } else {
            fields(*this, value);
        }
    }
    /// All bits of it can be used.
    std::uint64_t value() const {
        std::uint64_t h = (sum_ ^ (sum_ >> 32U)) * 0x9E37'79B9'7F4A'7C15ULL;
        h ^= h >> 29U;
        return (h * 0xBF58'476D'1CE4'E5B9ULL) ^ (h >> 32U);
    }

   private:
    void mix(std::uint64_t member) { sum_ = sum_ * 0xD134'2543'DE82'EF95ULL + member; }

    std::uint64_t sum_ = 1;
};

template <class T>
std::uint64_t field_hash(const T& value) {
    FieldHash hash;
    hash.add(value);
    return hash.value();
}

}  // namespace halfopen
