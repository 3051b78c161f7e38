/// Puts a certificate together, part by part, in the order of layout.hpp.
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "spec/numbers/comparison.hpp"
#include "verifier/claim.hpp"
#include "verifier/layout.hpp"

namespace halfopen::verifier {

/// Hands on what it is given, so that it needs no memory of its own.
class CertificateWriter {
   public:
    using Sink = std::function<void(std::string_view)>;

    explicit CertificateWriter(Sink sink) : sink_(std::move(sink)) {}

    /// In this order: head, comparisons, then the other sections with add() and end_section() each, then
    /// finish().
    void head(const Claim& claim, const Counts& counts);
    void comparisons(const std::vector<Comparison>& sorted);
    void add(std::span<const std::byte> bytes);
    template <class Number>
    void add_number(Number number) {
        add(std::as_bytes(std::span(&number, 1)));
    }
    void end_section();
    void finish();

   private:
    void flush();

    Sink sink_;
    Sha256 hash_;
    std::vector<std::byte> pending_;
    std::uint64_t section_size_ = 0;
};

}  // namespace halfopen::verifier
