/// Values that are met again and again, each kept once and known by a number.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "spec/world/field_hash.hpp"
#include "spec/world/number_table.hpp"

namespace halfopen {

/// For all threads.  What is in it stays where it is, so that whoever knows a number needs no lock to look.
template <class T>
class Pool {
   public:
    Pool() = default;
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;
    ~Pool();

    const T& operator[](std::uint32_t id) const {
        const Place at = place(id);
        return pieces_[at.piece][at.index];
    }
    /// The number of the value, which it gets now if it is new.  hash: field_hash(value).
    std::uint32_t number(const T& value, std::uint64_t hash);
    std::size_t size() const { return size_; }

   private:
    static constexpr unsigned first_bits = 6;  ///< each piece is twice as long as the one before
    struct Place {
        std::size_t piece, index;
    };
    static constexpr std::size_t length(std::size_t piece) { return std::size_t{1} << (first_bits + piece); }
    static constexpr Place place(std::uint32_t id) {
        const std::uint64_t at = std::uint64_t{id} + (1U << first_bits);
        const auto bits = static_cast<unsigned>(std::bit_width(at)) - 1;
        return {bits - first_bits, at - (std::uint64_t{1} << bits)};
    }

    /// Memory of a piece that nothing has been put into is not touched.
    std::array<T*, 33 - first_bits> pieces_{};
    std::mutex mutex_;  ///< for what follows
    std::uint32_t size_ = 0;
    LargeNumberTable known_;
};

/// One thread's way into a pool: what it has asked for before it finds without a lock.  Where there are more
/// parts than it remembers most of them are new each time, and no thread gains by a table of its own.
template <class T>
class PoolUser {
   public:
    explicit PoolUser(std::shared_ptr<Pool<T>> pool) : pool_(std::move(pool)) {}

    const T& operator[](std::uint32_t id) const { return (*pool_)[id]; }
    std::uint32_t number(const T& value) {
        const std::uint64_t hash = field_hash(value);
        if (const auto known = known_.find(hash, [&](std::uint32_t id) { return (*pool_)[id] == value; }))
            return *known;
        const std::uint32_t id = pool_->number(value, hash);
        if (known_.size() == most_known) known_.clear();
        known_.add(hash, id);
        return id;
    }
    const std::shared_ptr<Pool<T>>& pool() const { return pool_; }

   private:
    static constexpr std::size_t most_known = std::size_t{3} << 15U;  // in a table of 1 MiB

    std::shared_ptr<Pool<T>> pool_;
    NumberTable known_;
};

template <class T>
Pool<T>::~Pool() {
    for (std::uint32_t id = 0; id < size_; ++id) std::destroy_at(&(*this)[id]);
    for (std::size_t piece = 0; piece < pieces_.size() && pieces_[piece] != nullptr; ++piece)
        std::allocator<T>().deallocate(pieces_[piece], length(piece));
}

template <class T>
std::uint32_t Pool<T>::number(const T& value, std::uint64_t hash) {
    const std::lock_guard lock(mutex_);
    if (const auto known = known_.find(hash, [&](std::uint32_t id) { return (*this)[id] == value; }))
        return *known;
    const Place at = place(size_);
    if (pieces_[at.piece] == nullptr) pieces_[at.piece] = std::allocator<T>().allocate(length(at.piece));
    std::construct_at(pieces_[at.piece] + at.index, value);
    known_.add(hash, size_);
    return size_++;
}

}  // namespace halfopen
