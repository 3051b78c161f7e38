/// SHA-256 (FIPS 180-4), by Nettle.
#pragma once

#include <nettle/sha2.h>

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace halfopen::verifier {

using Digest = std::array<std::byte, SHA256_DIGEST_SIZE>;

class Sha256 {
   public:
    Sha256();
    void add(std::span<const std::byte> bytes);
    /// Of all that was added; once.
    Digest finish();

   private:
    sha256_ctx context_;
};

Digest sha256(std::span<const std::byte> bytes);
/// In hexadecimal, as sha256sum(1) prints it.
std::string to_hex(const Digest& digest);
std::string sha256_hex(std::string_view text);

}  // namespace halfopen::verifier
