#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

/// Columns of a large table that only grows: like std::vector, but what is in them never moves.  Growing
/// takes neither a pause nor, for a moment, three times the memory.
namespace halfopen::explorer {

/// Walks over any column by index.
template <class Column>
class ColumnIterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using iterator_concept = std::random_access_iterator_tag;
    using value_type = typename Column::value_type;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = value_type;

    ColumnIterator() = default;
    ColumnIterator(const Column& column, std::size_t at) : column_(&column), at_(at) {}

    value_type operator*() const { return (*column_)[at_]; }
    value_type operator[](difference_type n) const { return *(*this + n); }
    ColumnIterator& operator++() { return *this += 1; }
    ColumnIterator& operator--() { return *this += -1; }
    ColumnIterator operator++(int) { return std::exchange(*this, *this + 1); }
    ColumnIterator operator--(int) { return std::exchange(*this, *this - 1); }
    ColumnIterator& operator+=(difference_type n) {
        at_ += static_cast<std::size_t>(n);
        return *this;
    }
    ColumnIterator& operator-=(difference_type n) { return *this += -n; }
    friend ColumnIterator operator+(ColumnIterator i, difference_type n) { return i += n; }
    friend ColumnIterator operator+(difference_type n, ColumnIterator i) { return i += n; }
    friend ColumnIterator operator-(ColumnIterator i, difference_type n) { return i -= n; }
    friend difference_type operator-(const ColumnIterator& a, const ColumnIterator& b) {
        return static_cast<difference_type>(a.at_) - static_cast<difference_type>(b.at_);
    }
    friend bool operator==(const ColumnIterator& a, const ColumnIterator& b) { return a.at_ == b.at_; }
    friend auto operator<=>(const ColumnIterator& a, const ColumnIterator& b) { return a.at_ <=> b.at_; }

   private:
    const Column* column_ = nullptr;
    std::size_t at_ = 0;
};

/// What every column has, by its operator[] and size().
template <class Column, class T>
class ColumnBase {
   public:
    using value_type = T;
    using const_iterator = ColumnIterator<Column>;

    [[nodiscard]] const_iterator begin() const { return {self(), 0}; }
    [[nodiscard]] const_iterator end() const { return {self(), self().size()}; }
    [[nodiscard]] bool empty() const { return self().size() == 0; }
    [[nodiscard]] T front() const { return self()[0]; }
    [[nodiscard]] T back() const { return self()[self().size() - 1]; }
    friend bool operator==(const Column& a, const Column& b) {
        return std::equal(a.begin(), a.end(), b.begin(), b.end());
    }
    friend bool operator==(const Column& a, const std::vector<T>& b) {
        return std::equal(a.begin(), a.end(), b.begin(), b.end());
    }

   private:
    [[nodiscard]] const Column& self() const { return static_cast<const Column&>(*this); }
};

/// Values of any kind, in pieces of 64 KB.
template <class T>
class Column : public ColumnBase<Column<T>, T> {
    static_assert(std::is_trivially_copyable_v<T>);

   public:
    Column() = default;
    Column(const Column& other) {
        for (const T value : other) {
            push_back(value);
        }
    }
    Column(Column&& other) noexcept
        : pieces_(std::move(other.pieces_)), size_(std::exchange(other.size_, 0)) {}
    Column& operator=(Column other) noexcept {
        std::swap(pieces_, other.pieces_);
        std::swap(size_, other.size_);
        return *this;
    }
    ~Column() = default;

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] T operator[](std::size_t i) const { return pieces_[i / piece][i % piece]; }
    /// The same without a copy; refers to the column.
    [[nodiscard]] const T& at(std::size_t i) const { return pieces_[i / piece][i % piece]; }
    [[nodiscard]] T& at(std::size_t i) { return pieces_[i / piece][i % piece]; }
    void push_back(T value) {
        if (size_ == pieces_.size() * piece) {
            pieces_.push_back(std::make_unique_for_overwrite<T[]>(piece));
        }
        pieces_[size_ / piece][size_ % piece] = value;
        ++size_;
    }
    [[nodiscard]] std::uint64_t memory_bytes() const {
        return pieces_.size() * piece * sizeof(T) + pieces_.capacity() * sizeof(pieces_[0]);
    }

   private:
    static constexpr std::size_t piece = std::size_t{65536} / sizeof(T);

    std::vector<std::unique_ptr<T[]>> pieces_;
    std::size_t size_ = 0;
};

/// 32-bit values of which there are few different ones: a byte each, as long as no more than 256 are met;
/// those that follow then take four.
class CodedColumn : public ColumnBase<CodedColumn, std::uint32_t> {
   public:
    [[nodiscard]] std::size_t size() const { return codes_.size() + wide_.size(); }
    [[nodiscard]] std::uint32_t operator[](std::size_t i) const {
        return i < codes_.size() ? values_[codes_[i]] : wide_[i - codes_.size()];
    }
    void push_back(std::uint32_t value);
    [[nodiscard]] std::uint64_t memory_bytes() const {
        return codes_.memory_bytes() + wide_.memory_bytes() + values_.capacity() * sizeof(std::uint32_t);
    }

   private:
    std::vector<std::uint32_t> values_;  ///< by code
    std::uint8_t last_ = 0;              ///< the code used last: likely to be used again
    Column<std::uint8_t> codes_;
    Column<std::uint32_t> wide_;
};

/// 32-bit values that never decrease and seldom change: kept are the places where they do.
class StepColumn : public ColumnBase<StepColumn, std::uint32_t> {
   public:
    [[nodiscard]] std::size_t size() const { return size_; }
    /// O(log steps).
    [[nodiscard]] std::uint32_t operator[](std::size_t i) const;
    /// `value` must be no less than the last one.
    void push_back(std::uint32_t value);
    [[nodiscard]] std::uint64_t memory_bytes() const { return steps_.capacity() * sizeof(Step); }

   private:
    struct Step {
        std::size_t begin;
        std::uint32_t value;
    };
    std::vector<Step> steps_;
    std::size_t size_ = 0;
};

}  // namespace halfopen::explorer
