#include "explorer/edge_rows.hpp"

#include <algorithm>
#include <bit>
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

/// The sum of eight bytes.
std::uint32_t sum_of(std::uint64_t bytes) {
    constexpr std::uint64_t every_other = 0x00FF'00FF'00FF'00FFULL;
    const std::uint64_t pairs = (bytes & every_other) + (bytes >> 8U & every_other);
    return static_cast<std::uint32_t>(pairs * 0x0001'0001'0001'0001ULL >> 48U);
}

/// How many bytes the rows of a block take that come before this one, none of them long.
std::uint32_t bytes_before(const RowBlock& in, std::uint32_t row) {
    static_assert(RowBlock::rows == 2 * sizeof(std::uint64_t));
    static_assert(std::endian::native == std::endian::little);
    std::array<std::uint64_t, 2> lengths{};
    std::memcpy(lengths.data(), in.lengths.data(), sizeof lengths);
    const auto first = [](std::uint64_t bytes, std::uint32_t count) {  // count < 8
        return bytes & ((std::uint64_t{1} << (8 * count)) - 1);
    };
    return row < 8 ? sum_of(first(lengths[0], row)) : sum_of(lengths[0]) + sum_of(first(lengths[1], row - 8));
}

}  // namespace

void EdgeRows::change_label(const EdgeLabel& label) {
    const std::uint64_t key = std::uint64_t{label.duration} << 8U | label.tags;
    const auto [known, is_new] = codes_.try_emplace(key, static_cast<std::uint32_t>(labels_.size()));
    if (is_new) labels_.push_back(label);
    last_label_ = label;
    last_code_ = known->second;
}

void EncodedRows::begin(std::uint32_t first, std::uint32_t met, std::uint32_t base) {
    parts_.clear();
    bytes_.clear();
    row_.clear();
    next_ = first;
    met_ = met;
    base_ = base;
    edges_ = 0;
}

void EncodedRows::end_row() {
    const std::uint32_t row = next_ % RowBlock::rows;
    if (row == 0) base_ = met_;
    if (row == 0 || parts_.empty()) {
        parts_.emplace_back();
        parts_.back().head.base = base_;
    }
    RowBlock& head = parts_.back().head;
    const std::size_t begin = bytes_.size();
    bool labelled = false;
    for (const Coded& edge : row_) labelled |= edge.code != 0;
    for (const Coded& edge : row_) {
        if (labelled) append_base128(edge.code, bytes_);
        append_base128(folded(edge.target - base_), bytes_);
        met_ = std::max(met_, edge.target + 1);
    }
    const std::size_t length = bytes_.size() - begin;
    head.lengths[row] = static_cast<std::uint8_t>(std::min<std::size_t>(length, RowBlock::long_row));
    if (length >= RowBlock::long_row) {
        head.any_long = true;
        std::array<std::byte, sizeof(std::uint32_t)> prefix{};
        const auto written = static_cast<std::uint32_t>(length);
        std::memcpy(prefix.data(), &written, sizeof written);
        bytes_.insert(bytes_.begin() + static_cast<std::ptrdiff_t>(begin), prefix.begin(), prefix.end());
    }
    head.labelled = static_cast<std::uint16_t>(head.labelled | unsigned{labelled} << row);
    parts_.back().end = bytes_.size();
    edges_ += row_.size();
    row_.clear();
    ++next_;
}

void EdgeRows::end_row() {
    row_.end_row();
    append(row_);
}

void EdgeRows::append(const EncodedRows& rows) {
    std::size_t begin = 0;
    for (const EncodedRows::Part& part : rows.parts_) {
        const std::span<const std::byte> bytes = std::span(rows.bytes_).subspan(begin, part.end - begin);
        begin = part.end;
        const std::uint32_t row = size_ % RowBlock::rows;
        const std::uint32_t last = std::min(RowBlock::rows, row + (rows.next_ - size_));
        if (row == 0) {
            open_ = part.head;
        } else {
            open_.labelled = static_cast<std::uint16_t>(open_.labelled | part.head.labelled);
            open_.any_long |= part.head.any_long;
            std::copy(part.head.lengths.begin() + row, part.head.lengths.begin() + last,
                      open_.lengths.begin() + row);
        }
        size_ += last - row;
        if (last < RowBlock::rows) {
            open_bytes_.insert(open_bytes_.end(), bytes.begin(), bytes.end());
            break;
        }
        if (row == 0) {
            open_.at = bytes_.append(bytes);
        } else {
            open_bytes_.insert(open_bytes_.end(), bytes.begin(), bytes.end());
            open_.at = bytes_.append(open_bytes_);
            open_bytes_.clear();
        }
        blocks_.push_back(open_);
        open_ = {};
    }
    edges_ += rows.edges_;
    row_.begin(size_, std::max(row_.met_, rows.met_), open_.base);
}

EdgeRow EdgeRows::find(const RowBlock& in, const std::byte* at, std::uint32_t row) const {
    EdgeRow found;
    found.length_ = in.lengths[row];
    if (in.any_long) {
        for (std::uint32_t before = 0; before <= row; ++before) {
            if (before > 0) at += found.length_;
            found.length_ = in.lengths[before];
            if (found.length_ != RowBlock::long_row) continue;
            std::memcpy(&found.length_, at, sizeof found.length_);
            at += sizeof found.length_;
        }
    } else {
        at += bytes_before(in, row);
    }
    found.begin_ = at;
    found.labels_ = labels_.data();
    found.base_ = in.base;
    found.labelled_ = (in.labelled >> row & 1U) != 0;
    return found;
}

EdgeRow EdgeRows::operator[](std::uint32_t node) const {
    if (node >= size_) return {};
    const std::uint32_t at = node / RowBlock::rows;
    if (at == blocks_.size()) return find(open_, open_bytes_.data(), node % RowBlock::rows);
    const RowBlock& in = blocks_.at(at);
    return find(in, bytes_[in.at], node % RowBlock::rows);
}

std::uint32_t EdgeRows::first_source_of(std::uint32_t target) const {
    // The blocks before the one after which the target is among those met.
    const std::size_t full = blocks_.size();
    std::size_t first = 0;
    for (std::size_t last = full + (size_ % RowBlock::rows == 0 ? 0 : 1); last - first > 1;) {
        const std::size_t middle = first + (last - first) / 2;
        const std::uint32_t base = middle == full ? open_.base : blocks_.at(middle).base;
        (base <= target ? first : last) = middle;
    }
    for (auto node = static_cast<std::uint32_t>(first * RowBlock::rows); node < size_; ++node) {
        const EdgeRow row = (*this)[node];
        if (std::any_of(row.begin(), row.end(),
                        [target](const OutEdge& edge) { return edge.target == target; }))
            return node;
    }
    return no_node;
}

std::uint64_t EdgeRows::memory_bytes() const {
    return blocks_.memory_bytes() + bytes_.memory_bytes() + open_bytes_.capacity() +
           row_.row_.capacity() * sizeof(EncodedRows::Coded) + row_.bytes_.capacity() +
           labels_.capacity() * sizeof(EdgeLabel) + codes_.size() * 4 * sizeof(std::uint64_t);
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
