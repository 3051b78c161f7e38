/// What sets of live numbers are renamed to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "spec/numbers/comparison.hpp"
#include "spec/world/number_table.hpp"

namespace halfopen {

/// For each set of origins that it was told of the values that they are renamed to.
///
/// Where numbers come from every cell, or follow a clock, there are as many sets as worlds.  So a set is kept
/// in nine bytes an origin and some twenty more, and nothing ever moves, or is asked for in large pieces.
class Renamings {
   public:
    /// One set and its values, as they are kept.  Valid as long as the Renamings.
    class Entry {
       public:
        explicit Entry(const std::uint32_t* words) : words_(words) {}

        [[nodiscard]] std::size_t size() const { return *words_; }
        [[nodiscard]] Origin origin(std::size_t i) const { return {role(i), words_[1 + i]}; }
        /// What they are renamed to, in their order.
        [[nodiscard]] std::span<const std::uint32_t> values() const { return {words_ + 1 + size(), size()}; }
        [[nodiscard]] std::vector<Origin> origins() const;
        [[nodiscard]] bool is_of(std::span<const Origin> origins) const;
        /// In the order of their origins.
        friend bool operator<(const Entry& a, const Entry& b);
        /// Whether the origins are the same.
        friend bool operator==(const Entry& a, const Entry& b);

       private:
        friend class Renamings;
        static constexpr std::size_t roles_in_word = 4;
        static std::size_t words_for(std::size_t origins) {
            return 1 + 2 * origins + (origins + roles_in_word - 1) / roles_in_word;
        }
        [[nodiscard]] OriginRole role(std::size_t i) const {
            const std::uint32_t word = words_[1 + 2 * size() + i / roles_in_word];
            return static_cast<OriginRole>(word >> (8 * (i % roles_in_word)));
        }

        const std::uint32_t* words_;  ///< size, the origins' values, the new ones, the roles four to a word
    };

    /// The most numbers that a set may have: an OriginSlot is a byte.
    static constexpr std::size_t most_origins = 256;

    Renamings() = default;
    Renamings(const Renamings&) = delete;
    Renamings& operator=(const Renamings&) = delete;

    [[nodiscard]] std::optional<Entry> find(std::span<const Origin> origins) const;
    /// Precondition: the set is not there, and not larger than it may be.  Throws std::bad_alloc where all
    /// would take more than 16 GiB.
    Entry add(std::span<const Origin> origins, std::span<const std::uint32_t> values);
    /// What the other has and this one has not.
    void add(const Renamings& other);

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::uint64_t memory_bytes() const;
    /// f(entry) in the order in which they were added, as long as it says true; whether it always did.
    template <class F>
    bool all_of(const F& f) const {
        for (const Piece& piece : pieces_) {
            for (std::size_t at = 0; at < piece.used;) {
                const Entry entry(&piece.words[at]);
                if (!f(entry)) return false;
                at += Entry::words_for(entry.size());
            }
        }
        return true;
    }

   private:
    static constexpr std::size_t piece_words = std::size_t{1} << 14U;

    struct Piece {
        std::unique_ptr<std::uint32_t[]> words;  // not touched before they are used
        std::size_t used = 0;
    };

    static std::uint64_t hash(std::span<const Origin> origins);
    [[nodiscard]] Entry entry(std::uint32_t at) const {
        return Entry(&pieces_[at / piece_words].words[at % piece_words]);
    }

    std::vector<Piece> pieces_;
    LargeNumberTable places_;  ///< the word at which an entry begins is its number
    std::size_t size_ = 0;
};

}  // namespace halfopen
