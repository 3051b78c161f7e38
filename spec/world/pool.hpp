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
    static constexpr Place place(std::uint32_t id) {
        const std::uint64_t at = std::uint64_t{id} + (1U << first_bits);
        const auto bits = static_cast<unsigned>(std::bit_width(at)) - 1;
        return {bits - first_bits, at - (std::uint64_t{1} << bits)};
    }

    std::array<std::unique_ptr<T[]>, 33 - first_bits> pieces_;
    std::mutex mutex_;  ///< for what follows
    std::uint32_t size_ = 0;
    NumberTable known_;
};

/// One thread's way into a pool: what it has asked for before it finds without a lock.
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
        known_.add(hash, id);
        return id;
    }
    const std::shared_ptr<Pool<T>>& pool() const { return pool_; }

   private:
    std::shared_ptr<Pool<T>> pool_;
    NumberTable known_;
};

template <class T>
std::uint32_t Pool<T>::number(const T& value, std::uint64_t hash) {
    const std::lock_guard lock(mutex_);
    if (const auto known = known_.find(hash, [&](std::uint32_t id) { return (*this)[id] == value; }))
        return *known;
    const Place at = place(size_);
    if (!pieces_[at.piece])
        pieces_[at.piece] = std::make_unique<T[]>(std::size_t{1} << (first_bits + at.piece));
    pieces_[at.piece][at.index] = value;
    known_.add(hash, size_);
    return size_++;
}

}  // namespace halfopen
