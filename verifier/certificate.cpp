#include "verifier/certificate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "spec/policy/input_error.hpp"

namespace halfopen::verifier {

namespace {

/// So that no sum of sizes overflows.
constexpr std::uint64_t largest_count = std::uint64_t{1} << 48U;
constexpr std::uint64_t head_size = magic.size() + 2 * sizeof(std::uint32_t);

std::string text_at(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

Certificate::Certificate(std::span<const std::byte> file, const std::string& name)
    : file_(file), name_(name) {
    read_head();
    check_digest();
    check_ends(at_.path_ends, counts_.path_states, counts_.path_bytes);
    check_ends(at_.state_ends, counts_.states, counts_.state_bytes);
    check_ends(at_.target_ends, counts_.states, counts_.targets);
    read_comparisons();
}

template <class T>
T Certificate::number(std::uint64_t offset) const {
    T value;
    std::memcpy(&value, file_.data() + offset, sizeof value);
    return value;
}

void Certificate::malformed(const std::string& what) const {
    throw InputError(Place{name_, 0, 0},
                     what + "; a file that `halfopen check --certificate` wrote is wanted");
}

void Certificate::read_head() {
    if (file_.size() < head_size || text_at(file_.first(magic.size())) != magic)
        malformed("is no certificate");
    const auto version = number<std::uint32_t>(magic.size());
    if (version != format_version)
        malformed(fmt::format("is a certificate of format {}, and this program reads format {}", version,
                              format_version));
    const auto claim_length = number<std::uint32_t>(magic.size() + sizeof version);
    const std::uint64_t counts_at = head_size + aligned(claim_length);
    if (claim_length > longest_claim || counts_at + sizeof(Counts) > file_.size())
        malformed("is cut off within its claim");
    const auto claim = claim_from_text(text_at(file_.subspan(head_size, claim_length)));
    if (!claim) malformed("has a claim that is not written as claims are");
    claim_ = *claim;
    counts_ = number<Counts>(counts_at);
    for (const std::uint64_t count : {counts_.comparisons, counts_.path_states, counts_.path_bytes,
                                      counts_.roots, counts_.states, counts_.state_bytes, counts_.targets}) {
        if (count > largest_count) malformed("says that it has more of something than any file can hold");
    }
    at_ = sections_of(claim_length, counts_, claim_.verdict);
    if (at_.file_size != file_.size())
        malformed(fmt::format("has {} bytes where it says that it has {}", file_.size(), at_.file_size));
    check_all_padding(claim_length);
}

void Certificate::check_digest() const {
    const Digest digest = sha256(file_.first(at_.digest));
    if (!std::equal(digest.begin(), digest.end(), file_.begin() + static_cast<std::ptrdiff_t>(at_.digest)))
        malformed("is damaged: its SHA-256 digest does not fit");
}

void Certificate::check_padding(std::uint64_t begin, std::uint64_t used) const {
    const auto filling = file_.subspan(begin + used, aligned(used) - used);
    if (std::any_of(filling.begin(), filling.end(), [](std::byte b) { return b != std::byte{0}; }))
        malformed("has something between its sections");
}

void Certificate::check_all_padding(std::size_t claim_length) const {
    check_padding(head_size, claim_length);
    check_padding(at_.comparisons, counts_.comparisons * comparison_bytes);
    check_padding(at_.path_bytes, counts_.path_bytes);
    check_padding(at_.roots, counts_.roots * sizeof(std::uint32_t));
    check_padding(at_.state_bytes, counts_.state_bytes);
    check_padding(at_.targets, counts_.targets * sizeof(std::uint32_t));
}

void Certificate::check_ends(std::uint64_t ends, std::uint64_t count, std::uint64_t total) const {
    std::uint64_t before = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto end = number<std::uint64_t>(ends + i * sizeof(std::uint64_t));
        if (end < before || end > total) malformed("has parts that lie outside of their section");
        before = end;
    }
    if (before != total) malformed("has a section that is longer than its parts");
}

void Certificate::read_comparisons() {
    comparisons_.reserve(counts_.comparisons);
    for (std::uint64_t i = 0; i < counts_.comparisons; ++i) {
        const std::uint64_t at = at_.comparisons + i * comparison_bytes;
        const auto kind = number<std::uint8_t>(at);
        if (kind > static_cast<std::uint8_t>(Comparison::Kind::Within) || number<std::uint8_t>(at + 3) != 0)
            malformed("has a comparison of an unknown kind");
        comparisons_.push_back({static_cast<Comparison::Kind>(kind), number<std::uint8_t>(at + 1),
                                number<std::uint8_t>(at + 2), number<std::uint32_t>(at + 4),
                                number<std::uint32_t>(at + 8)});
        if (i > 0 && !(comparisons_[i - 1] < comparisons_[i]))
            malformed("has comparisons out of order, or twice");
    }
}

std::span<const std::byte> Certificate::item(std::uint64_t ends, std::uint64_t bytes, std::uint64_t i) const {
    const auto end = number<std::uint64_t>(ends + i * sizeof(std::uint64_t));
    const auto begin = i == 0 ? 0 : number<std::uint64_t>(ends + (i - 1) * sizeof(std::uint64_t));
    return file_.subspan(bytes + begin, end - begin);
}

std::span<const std::byte> Certificate::path(std::uint64_t i) const {
    return item(at_.path_ends, at_.path_bytes, i);
}

std::span<const std::byte> Certificate::state(std::uint64_t id) const {
    return item(at_.state_ends, at_.state_bytes, id);
}

std::uint32_t Certificate::root(std::uint64_t i) const {
    return number<std::uint32_t>(at_.roots + i * sizeof(std::uint32_t));
}

void Certificate::targets(std::uint64_t id, std::vector<std::uint32_t>& out) const {
    const auto end_at = at_.target_ends + id * sizeof(std::uint64_t);
    const auto end = number<std::uint64_t>(end_at);
    const auto begin = id == 0 ? 0 : number<std::uint64_t>(end_at - sizeof(std::uint64_t));
    out.clear();
    for (std::uint64_t i = begin; i < end; ++i)
        out.push_back(number<std::uint32_t>(at_.targets + i * sizeof(std::uint32_t)));
}

std::uint64_t Certificate::measure(std::uint64_t id, Measure measure) const {
    const std::span<const Measure> all = measures_of(claim_.verdict);
    const auto index = static_cast<std::uint64_t>(std::find(all.begin(), all.end(), measure) - all.begin());
    return number<std::uint64_t>(at_.measures + (id * all.size() + index) * sizeof(std::uint64_t));
}

}  // namespace halfopen::verifier
