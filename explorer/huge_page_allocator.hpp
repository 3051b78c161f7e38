#pragma once

#include <cstddef>
#include <new>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace halfopen::explorer {

/// An allocator for large arrays that are read in random order: it asks Linux for 2 MiB pages, which saves
/// most of the page faults and address translations that such arrays otherwise cost.  Elsewhere, and for
/// small arrays, it is like std::allocator.
template <class T>
struct HugePageAllocator {
    using value_type = T;

    HugePageAllocator() = default;
    template <class U>
    explicit(false) HugePageAllocator(const HugePageAllocator<U>& /*other*/) {}

    [[nodiscard]] T* allocate(std::size_t count) {
        const std::size_t bytes = count * sizeof(T);
        void* memory = ::operator new(bytes, alignment(bytes));
#ifdef __linux__
        if (bytes >= least_bytes) {
            ::madvise(memory, bytes, MADV_HUGEPAGE);  // advice only: if it is not taken, nothing is lost
        }
#endif
        return static_cast<T*>(memory);
    }
    void deallocate(T* memory, std::size_t count) { ::operator delete(memory, alignment(count * sizeof(T))); }
    bool operator==(const HugePageAllocator&) const = default;

   private:
    static constexpr std::size_t page_bytes = std::size_t{1} << 21U;
    static constexpr std::size_t least_bytes = 2 * page_bytes;

    static std::align_val_t alignment(std::size_t bytes) {
        return std::align_val_t{bytes >= least_bytes ? page_bytes : alignof(std::max_align_t)};
    }
};

}  // namespace halfopen::explorer
