#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <stdexcept>

#include "explorer/exploration.hpp"
#include "explorer/transition_system.hpp"

/// A breadth-first search written down bit by bit, so that it can be gone on with later.
///
/// A record is a string of bytes that says what a search has found between two moments; the records from its
/// beginning on, one after the other, make the search whole.  It holds the packed states, their marks and the
/// edges, in the order in which the search met them.  Parents, depths and ids follow from that order and are
/// not written.  In words: docs/checkpoint-format.md.
namespace halfopen::explorer {

/// How much of a search has been written down.
struct Extent {
    std::uint32_t states = 0;
    std::uint32_t expanded = 0;  ///< nodes below this one with all their edges

    friend bool operator==(const Extent&, const Extent&) = default;
};

using ByteSink = std::function<void(std::span<const std::byte>)>;
/// Gives the next bytes, as many as it likes; none at the end.
using ByteSource = std::function<std::span<const std::byte>()>;

/// Appends to the last one what a packed state is called elsewhere.
using Translation = std::function<void(std::span<const std::byte>, PackedState&)>;

/// Writes what `found` has beyond `from`, up to node `found.expanded`, and gives how far that is.  `from` is
/// nothing at all or what an earlier call has given for the same search.  Needs 64 KB of memory.
/// States are written as `outwards` calls them, or as they are packed.
Extent write_record(const Exploration& found, Extent from, const ByteSink& sink,
                    const Translation& outwards = {});

/// What was read is no record, or none that goes on where the search stands.
class BrokenRecord : public std::runtime_error {
   public:
    using std::runtime_error::runtime_error;
};

/// Adds to `found`, which is empty or was made by earlier calls, what the next record says; it is read to its
/// end.  Afterwards `found.expanded` nodes have all their edges, as in a search that stops there.
///
/// `enough` is asked now and then, and ends the reading where it says so; `found` is then whole but shorter.
/// Whether it was not.  Throws BrokenRecord, whatever the bytes are, and std::bad_alloc.  `inwards` undoes
/// what `outwards` did.
bool read_record(const ByteSource& source, Exploration& found, const std::function<bool()>& enough = {},
                 const Translation& inwards = {});

}  // namespace halfopen::explorer
