#include "verifier/certificate_writer.hpp"

#include <array>

namespace halfopen::verifier {

namespace {

constexpr std::size_t bytes_at_once = 1U << 16U;

}  // namespace

void CertificateWriter::add(std::span<const std::byte> bytes) {
    pending_.insert(pending_.end(), bytes.begin(), bytes.end());
    section_size_ += bytes.size();
    if (pending_.size() >= bytes_at_once) flush();
}

void CertificateWriter::flush() {
    hash_.add(pending_);
    sink_({reinterpret_cast<const char*>(pending_.data()), pending_.size()});
    pending_.clear();
}

void CertificateWriter::end_section() {
    constexpr std::array<std::byte, alignment> zeros{};
    add(std::span(zeros).first(aligned(section_size_) - section_size_));
    section_size_ = 0;
}

void CertificateWriter::head(const Claim& claim, const Counts& counts) {
    const std::string text = to_text(claim);
    add(std::as_bytes(std::span(magic)));
    add_number(format_version);
    add_number(static_cast<std::uint32_t>(text.size()));
    add(std::as_bytes(std::span(text)));
    end_section();
    add_number(counts);
    end_section();
}

void CertificateWriter::comparisons(const std::vector<Comparison>& sorted) {
    for (const Comparison& c : sorted) {
        for (const auto byte : {static_cast<std::uint8_t>(c.kind), c.left, c.right, std::uint8_t{0}})
            add_number(byte);
        add_number(c.offset);
        add_number(c.size);
    }
    end_section();
}

void CertificateWriter::finish() {
    flush();
    const Digest digest = hash_.finish();
    sink_({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace halfopen::verifier
