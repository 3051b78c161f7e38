#include "explorer/edge_rows.hpp"

#include <algorithm>
#include <cstring>

#include "explorer/base128.hpp"
#include "explorer/state_graph.hpp"

namespace halfopen::explorer {

namespace {

/// Small numbers for small distances either way; modulo 2^32.
std::uint64_t folded(std::uint32_t distance) {
    const auto away = static_cast<std::int32_t>(distance);
    return (static_cast<std::uint32_t>(away) << 1U) ^ static_cast<std::uint32_t>(away >> 31);
}

}  // namespace

void EdgeRows::change_label(const EdgeLabel& label) {
    const std::uint64_t key = std::uint64_t{label.duration} << 8U | label.tags;
    const auto [known, is_new] = codes_.try_emplace(key, static_cast<std::uint32_t>(labels_.size()));
    if (is_new) labels_.push_back(label);
    last_label_ = label;
    last_code_ = known->second;
}

void EdgeRows::end_row() {
    const std::uint32_t row = size_ % block;
    if (row == 0) open_.base = met_;
    const std::size_t begin = open_bytes_.size();
    bool labelled = false;
    for (const Coded& edge : row_) labelled |= edge.code != 0;
    for (const Coded& edge : row_) {
        if (labelled) append_base128(edge.code, open_bytes_);
        append_base128(folded(edge.target - open_.base), open_bytes_);
        met_ = std::max(met_, edge.target + 1);
    }
    const std::size_t length = open_bytes_.size() - begin;
    open_.lengths[row] = static_cast<std::uint8_t>(std::min<std::size_t>(length, long_row));
    if (length >= long_row) {
        std::array<std::byte, sizeof(std::uint32_t)> prefix{};
        const auto written = static_cast<std::uint32_t>(length);
        std::memcpy(prefix.data(), &written, sizeof written);
        open_bytes_.insert(open_bytes_.begin() + static_cast<std::ptrdiff_t>(begin), prefix.begin(),
                           prefix.end());
    }
    open_.labelled = static_cast<std::uint16_t>(open_.labelled | unsigned{labelled} << row);
    edges_ += row_.size();
    row_.clear();
    if (++size_ % block == 0) {
        open_.at = bytes_.append(open_bytes_);
        blocks_.push_back(open_);
        open_ = {};
        open_bytes_.clear();
    }
}

EdgeRow EdgeRows::find(const Block& in, const std::byte* at, std::uint32_t row) const {
    EdgeRow found;
    for (std::uint32_t before = 0;; ++before) {
        std::uint32_t length = in.lengths[before];
        if (length == long_row) {
            std::memcpy(&length, at, sizeof length);
            at += sizeof length;
        }
        if (before == row) {
            found.begin_ = at;
            found.labels_ = labels_.data();
            found.length_ = length;
            found.base_ = in.base;
            found.labelled_ = (in.labelled >> row & 1U) != 0;
            return found;
        }
        at += length;
    }
}

EdgeRow EdgeRows::operator[](std::uint32_t node) const {
    if (node >= size_) return {};
    const std::uint32_t at = node / block;
    if (at == blocks_.size()) return find(open_, open_bytes_.data(), node % block);
    const Block& in = blocks_.at(at);
    return find(in, bytes_[in.at], node % block);
}

std::uint32_t EdgeRows::first_source_of(std::uint32_t target) const {
    // The blocks before the one after which the target is among those met.
    const std::size_t full = blocks_.size();
    std::size_t first = 0;
    for (std::size_t last = full + (size_ % block == 0 ? 0 : 1); last - first > 1;) {
        const std::size_t middle = first + (last - first) / 2;
        const std::uint32_t base = middle == full ? open_.base : blocks_.at(middle).base;
        (base <= target ? first : last) = middle;
    }
    for (auto node = static_cast<std::uint32_t>(first * block); node < size_; ++node) {
        const EdgeRow row = (*this)[node];
        if (std::any_of(row.begin(), row.end(),
                        [target](const OutEdge& edge) { return edge.target == target; }))
            return node;
    }
    return no_node;
}

std::uint64_t EdgeRows::memory_bytes() const {
    return blocks_.memory_bytes() + bytes_.memory_bytes() + open_bytes_.capacity() +
           row_.capacity() * sizeof(Coded) + labels_.capacity() * sizeof(EdgeLabel) +
           codes_.size() * 4 * sizeof(std::uint64_t);
}

bool operator==(const EdgeRows& a, const EdgeRows& b) {
    if (a.size_ != b.size_ || a.edges_ != b.edges_) return false;
    for (std::uint32_t node = 0; node < a.size_; ++node) {
        const EdgeRow of_a = a[node];
        const EdgeRow of_b = b[node];
        auto other = of_b.begin();
        for (const OutEdge& edge : of_a) {
            if (other == of_b.end() || edge != *other) return false;
            ++other;
        }
        if (other != of_b.end()) return false;
    }
    return true;
}

}  // namespace halfopen::explorer
