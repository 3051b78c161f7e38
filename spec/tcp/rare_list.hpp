/// A list for what hardly ever is there.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace halfopen {

/// As much of std::vector as is needed, for lists that nearly always are empty: such a one is a null pointer,
/// so that to copy, compare or destroy it is to look at that.  A search copies and compares each TCB for
/// every successor of every world.
template <class T>
class RareList {
   public:
    using value_type = T;

    RareList() = default;
    RareList(const RareList& other) { copy(other); }
    RareList(RareList&& other) noexcept = default;
    RareList& operator=(const RareList& other) {
        if (some_ || other.some_) copy(other);
        return *this;
    }
    RareList& operator=(RareList&& other) noexcept = default;
    ~RareList() = default;

    bool empty() const { return !some_; }
    std::size_t size() const { return some_ ? some_->size() : 0; }
    T* begin() { return some_ ? some_->data() : nullptr; }
    T* end() { return begin() + size(); }
    const T* begin() const { return some_ ? some_->data() : nullptr; }
    const T* end() const { return begin() + size(); }
    /// Precondition: there are so many.
    T& operator[](std::size_t i) { return (*some_)[i]; }
    const T& operator[](std::size_t i) const { return (*some_)[i]; }
    const T& front() const { return some_->front(); }

    void insert(std::size_t at, T value) {
        if (!some_) some_ = std::make_unique<std::vector<T>>();
        some_->insert(some_->begin() + static_cast<std::ptrdiff_t>(at), std::move(value));
    }
    void erase(std::size_t at) {
        some_->erase(some_->begin() + static_cast<std::ptrdiff_t>(at));
        if (some_->empty()) some_.reset();
    }
    void resize(std::size_t size) {
        if (size == 0) return some_.reset();
        if (!some_) some_ = std::make_unique<std::vector<T>>();
        some_->resize(size);
    }

    friend bool operator==(const RareList& a, const RareList& b) {
        return a.some_ == b.some_ || (a.some_ && b.some_ && *a.some_ == *b.some_);
    }

   private:
    void copy(const RareList& other) {
        some_ = other.some_ ? std::make_unique<std::vector<T>>(*other.some_) : nullptr;
    }

    std::unique_ptr<std::vector<T>> some_;  // never an empty vector
};

}  // namespace halfopen
