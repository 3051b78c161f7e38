/// Worlds as rows of numbers, a few bytes for each actor, mapping and link.
///
/// A search meets millions of worlds, but few states of one client, one conntrack entry, one TCB of a server
/// or one link: each of those is kept once, and a world says which ones it consists of ("collapse": Holzmann,
/// "State compression in SPIN", 1997).  Equal worlds give equal rows.  Everything goes by the fields() lists.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "spec/world/pool.hpp"
#include "spec/world/world.hpp"

namespace halfopen {

/// A copy understands the same rows, and what it adds is understood by all: so each thread has its own.
/// Rows of others mean nothing to it; pack_world() is for what is written to a file.
class WorldRows {
   public:
    WorldRows() = default;

    /// Appends.
    void pack(const World& world, std::vector<std::byte>& out);
    /// Precondition: the row came from pack() of this one or of a copy.
    void unpack(std::span<const std::byte> row, World& world) const;

   private:
    class Writer;
    class Reader;

    /// The parts of one kind.
    template <class T>
    struct Parts {
        PoolUser<T> pool{std::make_shared<Pool<T>>()};
        std::vector<std::uint32_t> last;  ///< numbers of those of the world that was packed last
        std::size_t at = 0;               ///< how many of the one at hand have been met

        std::uint32_t number(const T& part);
    };
    using Frame =
        std::vector<std::byte>;  ///< all that is no part: how many there are of each, single numbers
    using Link = std::vector<InFlight>;
    using Entry = ConntrackEntry<ConcreteReading>;

    template <class T>
    static constexpr bool is_part = std::is_same_v<T, ClientState> || std::is_same_v<T, Entry> ||
                                    std::is_same_v<T, ConcreteTcb> || std::is_same_v<T, Link>;
    template <class T>
    Parts<T>& parts() {
        if constexpr (std::is_same_v<T, ClientState>)
            return clients_;
        else if constexpr (std::is_same_v<T, Entry>)
            return entries_;
        else if constexpr (std::is_same_v<T, ConcreteTcb>)
            return connections_;
        else
            return links_;
    }
    template <class T>
    const Parts<T>& parts() const {
        return const_cast<WorldRows*>(this)->parts<T>();
    }

    Parts<Frame> frames_;
    Parts<std::vector<Origin>> origins_;
    Parts<ClientState> clients_;
    Parts<Entry> entries_;
    Parts<ConcreteTcb> connections_;
    Parts<Link> links_;
    Frame frame_;                         ///< of the world at hand
    std::vector<std::uint32_t> numbers_;  ///< of its parts
};

}  // namespace halfopen
