#include "verifier/sha256.hpp"

#include <fmt/format.h>

namespace halfopen::verifier {

Sha256::Sha256() { sha256_init(&context_); }

void Sha256::add(std::span<const std::byte> bytes) {
    sha256_update(&context_, bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()));
}

Digest Sha256::finish() {
    Digest digest;
    sha256_digest(&context_, digest.size(), reinterpret_cast<std::uint8_t*>(digest.data()));
    return digest;
}

Digest sha256(std::span<const std::byte> bytes) {
    Sha256 hash;
    hash.add(bytes);
    return hash.finish();
}

std::string to_hex(const Digest& digest) {
    std::string hex;
    for (const std::byte byte : digest) hex += fmt::format("{:02x}", byte);
    return hex;
}

std::string sha256_hex(std::string_view text) { return to_hex(sha256(std::as_bytes(std::span(text)))); }

}  // namespace halfopen::verifier
