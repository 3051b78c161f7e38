#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "explorer/crew.hpp"
#include "explorer/state_graph.hpp"
#include "explorer/state_store.hpp"
#include "explorer/transition_system.hpp"

namespace halfopen::explorer {

/// What is found out about a few consecutive nodes, by one thread after the other.
struct alignas(apart) Expansion {
    struct Edge {
        std::uint32_t target;  ///< no_node: the next of the newcomers
        std::uint32_t label;   ///< its place in `labels`
    };
    /// A successor that was not in the store when it was looked up, each time that it was met.
    struct Newcomer {
        std::uint32_t marks;
        std::uint8_t shard;  ///< of the store, in whose list in `by_shard` it is the next
    };
    /// What the thread that works on its shard has to know of it, which lies apart for each shard: none
    /// writes beside another.
    struct Candidate {
        std::uint64_t hash = 0;  ///< of the packed state, which is ...
        std::size_t begin = 0;   ///< ... from here ...
        std::size_t end = 0;     ///< ... to here in `bytes`
        std::uint32_t source = no_node;
        // What Numbering finds out:
        std::uint32_t first = no_node;  ///< the name by which it was met first; no_node: it is not entered
        std::uint32_t* slot = nullptr;  ///< in the store, where it is that one

        [[nodiscard]] bool is_new() const { return slot != nullptr; }
    };
    struct New {
        std::uint32_t source;
        std::uint32_t marks;
    };
    /// Walks through all candidates in the order in which they were met.
    class Candidates {
       public:
        explicit Candidates(const Expansion& of) : of_(&of) {}
        const Candidate& next(const Newcomer& one) { return of_->by_shard[one.shard][at_[one.shard]++]; }

       private:
        const Expansion* of_;
        std::array<std::size_t, StateStore::shards> at_{};
    };

    std::uint32_t first_node = 0;
    std::vector<std::uint32_t> degrees;  ///< per node
    std::vector<Edge> edges;             ///< node by node
    std::vector<EdgeLabel> labels;       ///< that its edges have, each once, as they were met
    std::vector<Newcomer> newcomers;
    PackedState bytes;  ///< of the newcomers; once they are numbered of those that are new
    std::array<std::vector<Candidate>, StateStore::shards> by_shard;
    std::array<std::uint32_t, StateStore::parts> in_part{};  ///< how many lie in each part of the store
    std::size_t first_newcomer = 0;                          ///< how many the batch has before these
    std::uint32_t first_new = 0;                             ///< the number that the first new node gets
    std::vector<std::size_t> ends;                           ///< of the new ones, in `bytes`
    std::vector<New> fresh;                                  ///< the new ones
    std::vector<std::uint32_t> codes;                        ///< of the labels, in the graph's rows
    EncodedRows rows;

    [[nodiscard]] std::span<const std::byte> packed(const Candidate& one) const {
        return std::span(bytes).subspan(one.begin, one.end - one.begin);
    }
    /// How much has been found: a rough number of bytes that it has taken, here and in the system.
    [[nodiscard]] std::uint64_t weight() const {
        constexpr std::uint64_t edge_bytes = 64;
        return bytes.size() + newcomers.size() * (sizeof(Newcomer) + sizeof(Candidate)) +
               edges.size() * edge_bytes;
    }
    void clear() {
        degrees.clear();
        edges.clear();
        labels.clear();
        newcomers.clear();
        bytes.clear();
        for (auto& shard : by_shard) shard.clear();
        in_part.fill(0);
    }
};

/// Works on nodes for one thread.
template <TransitionSystem S>
class alignas(apart) Expander {
   public:
    explicit Expander(S& system) : system_(&system) {}

    /// Fills `out` with the successors of nodes [first, last), as far as the store knows them; it must stand
    /// still.  Where much is found is_enough() is asked now and then, and ends it; whether that was so.
    /// Throws what the system throws.
    template <class IsEnough>
    bool expand(const StateStore& states, std::uint32_t first, std::uint32_t last, Expansion& out,
                const IsEnough& is_enough) {
        out.clear();
        out.first_node = first;
        std::uint64_t seen = 0;
        for (std::uint32_t node = first; node < last; ++node) {
            expand(states, node, out);
            const std::uint64_t weight = out.weight();
            unasked_ += weight - seen;
            seen = weight;
            if (unasked_ < weight_between_questions) continue;
            unasked_ = 0;
            if (is_enough()) return true;
        }
        return false;
    }

   private:
    using State = typename S::State;
    using Label = typename S::Label;

    /// A system may also offer unpack(bytes, state), which uses the memory of an old state again.
    static constexpr bool unpacks_in_place =
        std::default_initializable<State> &&
        requires(const S& fixed, std::span<const std::byte> bytes, State& state) {
        fixed.unpack(bytes, state);
    };
    static constexpr std::uint64_t weight_between_questions = std::uint64_t{1} << 17U;

    struct Nothing {};
    struct Successor {
        std::uint64_t hash;
        std::size_t end;  // of its bytes in bytes_
        std::uint32_t label;
        std::uint32_t marks;
    };

    void expand(const StateStore& states, std::uint32_t node, Expansion& out) {
        const S& fixed = *system_;
        bytes_.clear();
        successors_.clear();
        // First all successors, and only then the look-ups: the memory has meanwhile been told of them.
        const auto sink = [&](const Label& label, const State& state) {
            const std::size_t begin = bytes_.size();
            fixed.pack(state, bytes_);
            const std::uint64_t hash = StateStore::hash_of(std::span(bytes_).subspan(begin));
            states.prefetch(hash);
            successors_.push_back({hash, bytes_.size(),
                                   place_of({static_cast<std::uint32_t>(label.duration()),
                                             static_cast<std::uint8_t>(label.tags())},
                                            out.labels),
                                   static_cast<std::uint32_t>(fixed.marks(state))});
        };
        if constexpr (unpacks_in_place) {
            fixed.unpack(states[node], expanded_);
            system_->successors(std::as_const(expanded_), sink);
        } else {
            system_->successors(static_cast<State>(fixed.unpack(states[node])), sink);
        }
        std::size_t begin = 0;
        for (const Successor& found : successors_) {
            const std::span<const std::byte> packed = std::span(bytes_).subspan(begin, found.end - begin);
            begin = found.end;
            const std::uint32_t target = states.find(packed, found.hash).value_or(no_node);
            out.edges.push_back({target, found.label});
            if (target == no_node) {
                const unsigned shard = StateStore::shard_of(found.hash);
                out.newcomers.push_back({found.marks, static_cast<std::uint8_t>(shard)});
                Expansion::Candidate& one = out.by_shard[shard].emplace_back();
                one.hash = found.hash;
                one.source = node;
                one.begin = out.bytes.size();
                out.bytes.insert(out.bytes.end(), packed.begin(), packed.end());
                one.end = out.bytes.size();
                ++out.in_part[StateStore::part_of(found.hash)];
            }
        }
        out.degrees.push_back(static_cast<std::uint32_t>(successors_.size()));
    }

    /// Of a label in the list; it is added where it is not there.  There are few.
    [[nodiscard]] std::uint32_t place_of(const EdgeLabel& label, std::vector<EdgeLabel>& labels) {
        if (last_label_ >= labels.size() || labels[last_label_] != label) {
            const auto known = std::ranges::find(labels, label);
            last_label_ = static_cast<std::uint32_t>(known - labels.begin());
            if (known == labels.end()) labels.push_back(label);
        }
        return last_label_;
    }

    PackedState bytes_;                  // the successors of the node at hand
    std::vector<Successor> successors_;  // of it
    std::uint32_t last_label_ = 0;
    std::uint64_t unasked_ = 0;  // weight found since is_enough() was asked
    S* system_;
    std::conditional_t<unpacks_in_place, State, Nothing> expanded_{};  // the state being looked at
};

}  // namespace halfopen::explorer
