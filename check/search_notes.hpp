/// What a search of worlds knows beside the states and the graph, for a checkpoint.
///
/// With ISNs that follow a clock this grows with the search, so neither writing nor reading makes a copy of
/// it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "spec/world/world_system.hpp"

namespace halfopen {

/// Of one round of explore_with_cells(), but for what its system has met.
struct SearchNotes {
    std::vector<Comparison> known;   ///< with which the round began
    std::vector<Comparison> cut_by;  ///< that the cells respect now
    std::uint64_t looked_at = 0;     ///< comparisons in the log when it was last looked at
    std::uint64_t restart_at = 0;    ///< states expanded after which the round ends; 0: it does not

    friend bool operator==(const SearchNotes&, const SearchNotes&) = default;
};

using NotesSink = std::function<void(std::span<const std::byte>)>;
/// Gives the next bytes, as many as it likes; none at the end.
using NotesSource = std::function<std::span<const std::byte>()>;

/// Writes `notes` and what the system has met, in pieces of some 64 KB.
void write_notes(const SearchNotes& notes, const WorldSystem::Notes& met, const NotesSink& sink);

/// Who reads notes.
class NotesReader {
   public:
    virtual ~NotesReader() = default;
    /// Comes first.  What the system has met follows, bit by bit, with cells that respect `cut_by`.
    virtual void begins(const std::vector<Comparison>& known, const std::vector<Comparison>& cut_by) = 0;
    virtual void met(const Comparison& comparison) = 0;
    virtual void met(const WorldSystem::DrawContext& draw) = 0;
    virtual void met(const std::vector<Origin>& renamed) = 0;
    /// Asked now and then; ends the reading where it says so.
    virtual bool enough() { return false; }
};

enum class NotesRead { Whole, Enough, Broken };

/// Reads to the end of the source.  Broken where the bytes are none that write_notes() gives, whatever they
/// are; the reader may then have been told of some of them.  Throws what source and reader throw.
NotesRead read_notes(const NotesSource& source, NotesReader& reader, SearchNotes& notes);

}  // namespace halfopen
