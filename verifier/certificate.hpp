/// A certificate as it lies in its file: every part in bounds, nothing of what it says believed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "spec/numbers/comparison.hpp"
#include "verifier/claim.hpp"
#include "verifier/layout.hpp"

namespace halfopen::verifier {

/// Refers to the bytes that it was read from, which must outlive it.
class Certificate {
   public:
    /// name: for messages.  Throws InputError where the bytes are no certificate, are of another version, end
    /// too early or too late, or differ from what was written (the digest at the end tells).
    Certificate(std::span<const std::byte> file, const std::string& name);

    const Claim& claim() const { return claim_; }
    const Counts& counts() const { return counts_; }
    const std::vector<Comparison>& comparisons() const { return comparisons_; }
    /// i < counts().path_states
    std::span<const std::byte> path(std::uint64_t i) const;
    /// i < counts().roots
    std::uint32_t root(std::uint64_t i) const;
    /// The packed state; id < counts().states
    std::span<const std::byte> state(std::uint64_t id) const;
    /// Where its steps are said to lead, each once; out is overwritten.
    void targets(std::uint64_t id, std::vector<std::uint32_t>& out) const;
    /// The verdict must have that measure.
    std::uint64_t measure(std::uint64_t id, Measure measure) const;

   private:
    void read_head();
    void read_comparisons();
    void check_ends(std::uint64_t ends, std::uint64_t count, std::uint64_t total) const;
    void check_padding(std::uint64_t begin, std::uint64_t used) const;
    void check_all_padding(std::size_t claim_length) const;
    void check_digest() const;
    std::span<const std::byte> item(std::uint64_t ends, std::uint64_t bytes, std::uint64_t i) const;
    template <class T>
    T number(std::uint64_t offset) const;
    [[noreturn]] void malformed(const std::string& what) const;

    std::span<const std::byte> file_;
    std::string name_;
    Claim claim_;
    Counts counts_;
    Sections at_{};
    std::vector<Comparison> comparisons_;
};

/// A file's bytes, mapped into memory: pages come when they are looked at, and may go again.
class MappedFile {
   public:
    /// Throws InputError where it cannot be read.
    explicit MappedFile(const std::string& name);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    std::span<const std::byte> bytes() const;

   private:
    struct Mapping;
    std::unique_ptr<Mapping> mapping_;  ///< none for an empty file
};

}  // namespace halfopen::verifier
