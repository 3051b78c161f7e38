/// Writes the searches of a check down while they go on, and lets a later check go on with them.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "check/checkpoint_file.hpp"
#include "check/search_notes.hpp"
#include "explorer/search_record.hpp"
#include "spec/world/world_rows.hpp"

namespace halfopen {

/// The searches of one check, in the order in which they are made.
enum class SearchRun : std::uint32_t { Headline, Corners };

struct CheckpointSettings {
    std::string write_to;     ///< empty: nothing is written
    std::string resume_from;  ///< empty: begin anew
    /// Between two checkpoints passes so much time, and twenty times what the last one has taken.
    std::chrono::milliseconds every{60'000};
    std::string question;  ///< of what the search is (checkpoint_question.hpp)
    /// Told in one line where a checkpoint cannot be written; the search goes on.
    std::function<void(const std::string&)> warn;
};

class Checkpoints {
   public:
    /// Looks at both files.  Throws InputError where the one cannot be written, or the other is no checkpoint
    /// of that question.
    explicit Checkpoints(CheckpointSettings settings);

    /// Where a run stood that an earlier check had begun.
    struct Begun {
        SearchNotes notes;
        std::uint32_t round = 0;
        explorer::Exploration found;
        bool whole = true;  ///< `enough` did not end the reading
    };
    /// Nothing where it had not; each run's can be had once.  Its notes come first, for `reader`; then its
    /// worlds, which become rows of `rows`.  `enough`: as in explorer::read_record(), with what has been
    /// read.
    std::optional<Begun> take_up(SearchRun run, WorldRows& rows, NotesReader& reader,
                                 const std::function<bool(const explorer::Exploration&)>& enough);

    /// Is offered a search again and again, and writes down what is new where it is time or `at_once`.
    /// `write_notes` is asked where that is so.
    void offer(SearchRun run, std::uint32_t round, const explorer::Exploration& found, const WorldRows& rows,
               bool at_once, const std::function<void(const NotesSink&)>& write_notes);

    /// Whether anything is ever written.
    bool writes() const { return writer_ != nullptr; }
    /// The file with which what was last offered can be gone on; nothing where it is not in it.
    std::optional<std::string> up_to_date() const;

   private:
    using Clock = std::chrono::steady_clock;
    struct Position {
        SearchRun run = SearchRun::Headline;
        std::uint32_t round = 0;
        explorer::Extent extent;
    };

    void write(const explorer::Exploration& found, const WorldRows& rows,
               const std::function<void(const NotesSink&)>& write_notes);
    bool attempt(const std::function<void()>& write);

    CheckpointSettings settings_;
    std::optional<CheckpointReader> earlier_;
    std::unique_ptr<CheckpointWriter> writer_;
    Position written_;      ///< how far, of the last run that was offered or taken up
    bool in_file_ = false;  ///< that, in write_to
    bool up_to_date_ = false;
    Clock::time_point due_;
};

}  // namespace halfopen
