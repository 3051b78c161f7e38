#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <ranges>
#include <unordered_map>
#include <utility>
#include <vector>

#include "explorer/byte_arena.hpp"
#include "explorer/columns.hpp"

namespace halfopen::explorer {

/// An edge as its source sees it.
struct OutEdge {
    std::uint32_t target = 0;
    std::uint32_t duration = 0;  ///< ms
    std::uint8_t tags = 0;

    bool operator==(const OutEdge&) const = default;
};

/// What an edge has beside its ends; there are few different ones.
struct EdgeLabel {
    std::uint32_t duration = 0;
    std::uint8_t tags = 0;

    bool operator==(const EdgeLabel&) const = default;
};

/// The edges that leave one node, in the order in which they were added.  Each is read from its bytes when it
/// is walked over.  Valid until the next edge is added to the rows.
class EdgeRow {
   public:
    class iterator {
       public:
        using iterator_category = std::input_iterator_tag;
        using iterator_concept = std::forward_iterator_tag;
        using value_type = OutEdge;
        using difference_type = std::ptrdiff_t;
        using pointer = const OutEdge*;
        using reference = const OutEdge&;

        iterator() = default;
        const OutEdge& operator*() const { return edge_; }
        const OutEdge* operator->() const { return &edge_; }
        iterator& operator++() {
            read();
            return *this;
        }
        iterator operator++(int) {
            iterator before = *this;
            read();
            return before;
        }
        /// Of two iterators over the same row.
        bool operator==(const iterator& other) const { return left_ == other.left_; }

       private:
        friend class EdgeRow;

        explicit iterator(const EdgeRow& row)
            : next_(row.begin_),
              labels_(row.labels_),
              unread_(row.length_),
              base_(row.base_),
              labelled_(row.labelled_) {
            read();
        }

        [[nodiscard]] std::uint64_t number() {
            std::uint64_t value = 0;
            for (unsigned shift = 0;; shift += 7) {
                const auto digit = std::to_integer<std::uint64_t>(*next_++);
                --unread_;
                value |= (digit & 0x7FU) << shift;
                if (digit < 0x80U) return value;
            }
        }
        void read() {
            left_ = unread_;
            if (unread_ == 0) return;
            if (labelled_) {
                const EdgeLabel& label = labels_[number()];
                edge_.duration = label.duration;
                edge_.tags = label.tags;
            } else {
                edge_.duration = labels_->duration;
                edge_.tags = labels_->tags;
            }
            const std::uint64_t folded = number();
            edge_.target = base_ + static_cast<std::uint32_t>((folded >> 1U) ^ (0 - (folded & 1U)));
        }

        const std::byte* next_ = nullptr;  // after the edge
        const EdgeLabel* labels_ = nullptr;
        std::uint32_t unread_ = 0;  // bytes after the edge
        std::uint32_t left_ = 0;    // bytes from the edge on: 0 at the end
        std::uint32_t base_ = 0;
        OutEdge edge_;
        bool labelled_ = false;
    };

    EdgeRow() = default;
    [[nodiscard]] iterator begin() const { return iterator(*this); }
    [[nodiscard]] iterator end() const { return {}; }
    [[nodiscard]] bool empty() const { return length_ == 0; }
    /// O(edges).
    [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(std::distance(begin(), end())); }

   private:
    friend class EdgeRows;

    const std::byte* begin_ = nullptr;
    const EdgeLabel* labels_ = nullptr;
    std::uint32_t length_ = 0;  // in bytes
    std::uint32_t base_ = 0;    // what targets are told from
    bool labelled_ = false;     // if not, every edge has the first label
};

/// The head of a block of 16 rows.
struct RowBlock {
    static constexpr std::uint32_t rows = 16;
    static constexpr std::uint8_t long_row = 255;

    ByteArena::Place at{};
    std::uint32_t base = 0;      ///< what targets are told from
    std::uint16_t labelled = 0;  ///< a bit a row
    bool any_long = false;       ///< whether one is a long_row
    /// In bytes; long_row: its length stands before it, in four bytes.
    std::array<std::uint8_t, rows> lengths{};
};

/// Rows that follow one another, encoded apart from all others, so that several threads can do that at a
/// time.  EdgeRows::append() takes them over.
class EncodedRows {
   public:
    /// Forgets what was there.  The next row is that of node `first`.  `met`: one more than the highest node
    /// that a row before it leads to, or more.  `base`: that of the block that it goes on, if it begins none.
    void begin(std::uint32_t first, std::uint32_t met, std::uint32_t base);
    /// code: EdgeRows::code_of() its label.
    void add(std::uint32_t target, std::uint32_t code) { row_.push_back({target, code}); }
    void end_row();

   private:
    friend class EdgeRows;

    struct Coded {
        std::uint32_t target;
        std::uint32_t code;  // of its label
    };
    /// Rows of one block, of which bytes_ holds those up to `end`.
    struct Part {
        RowBlock head;
        std::size_t end = 0;
    };

    std::vector<Part> parts_;
    std::vector<std::byte> bytes_;
    std::vector<Coded> row_;  // the row at the end
    std::uint32_t next_ = 0;  // the node of that row
    std::uint32_t met_ = 0;
    std::uint32_t base_ = 0;
    std::uint64_t edges_ = 0;
};

/// The edges of a graph, node by node: what takes most of the memory of a search, so kept as short as can be
/// read without delay.
///
/// A target is written as its distance from the lowest node that had not been met when its block of 16 rows
/// began, in base 128: new nodes, and those that steps taken in another order lead to, are near it.  A label
/// is a number in base 128; rows of which every edge has the first label leave it out.  A block's rows stand
/// together, with their lengths in the block's head, so that any row is found by one look at it.
class EdgeRows {
   public:
    /// Adds an edge to the row at the end, which is that of node size().
    void add(const OutEdge& edge) { row_.add(edge.target, code_of({edge.duration, edge.tags})); }
    /// Ends that row.
    void end_row();

    /// By which number EncodedRows know a label; it is given one if it has none.
    [[nodiscard]] std::uint32_t code_of(const EdgeLabel& label) {
        if (labels_.empty() || label != last_label_) change_label(label);
        return last_code_;
    }
    /// Takes over rows of the nodes from size() on, which must have begun with base().  Not while a row is
    /// being added to.
    void append(const EncodedRows& rows);
    /// Of the block that row size() goes on, if it begins none.
    [[nodiscard]] std::uint32_t base() const { return open_.base; }

    /// How many rows were ended.
    [[nodiscard]] std::uint32_t size() const { return size_; }
    [[nodiscard]] std::uint64_t edge_count() const { return edges_ + row_.row_.size(); }

    /// The edges of `node`; none if its row was not ended yet.
    [[nodiscard]] EdgeRow operator[](std::uint32_t node) const;

    /// The first node that has an edge to `target`, given that there is one, and that none of the rows before
    /// it has an edge to a higher one.  O(log rows).
    [[nodiscard]] std::uint32_t first_source_of(std::uint32_t target) const;

    /// All labels that edges have, each once.
    [[nodiscard]] const std::vector<EdgeLabel>& labels() const { return labels_; }

    [[nodiscard]] std::uint64_t memory_bytes() const;

    /// Of the rows that were ended.
    friend bool operator==(const EdgeRows& a, const EdgeRows& b);

   private:
    [[nodiscard]] EdgeRow find(const RowBlock& in, const std::byte* at, std::uint32_t row) const;
    void change_label(const EdgeLabel& label);

    Column<RowBlock> blocks_;
    ByteArena bytes_;
    RowBlock open_;                      // the block at the end, whose rows ...
    std::vector<std::byte> open_bytes_;  // ... are here until it is full
    EncodedRows row_;                    // the row at the end
    std::uint32_t size_ = 0;
    std::uint64_t edges_ = 0;
    std::vector<EdgeLabel> labels_;
    std::unordered_map<std::uint64_t, std::uint32_t> codes_;  // of labels
    EdgeLabel last_label_;
    std::uint32_t last_code_ = 0;
};

}  // namespace halfopen::explorer

/// A row refers to bytes that are not its own.
template <>
inline constexpr bool std::ranges::enable_view<halfopen::explorer::EdgeRow> = true;
template <>
inline constexpr bool std::ranges::enable_borrowed_range<halfopen::explorer::EdgeRow> = true;
