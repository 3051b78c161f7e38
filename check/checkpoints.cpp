#include "check/checkpoints.hpp"

#include <algorithm>

#include "check/checkpoint_question.hpp"
#include "spec/policy/input_error.hpp"
#include "spec/world/packing.hpp"

namespace halfopen {

namespace {

/// A checkpoint takes a twentieth of the time at most.
constexpr int cost_factor = 20;

// In the file worlds stand as they are for every search.
explorer::Translation from_rows(const WorldRows& rows) {
    return [&rows, world = World()](std::span<const std::byte> row, explorer::PackedState& plain) mutable {
        rows.unpack(row, world);
        pack_world(world, plain);
    };
}
explorer::Translation to_rows(WorldRows& rows) {
    return [&rows, world = World()](std::span<const std::byte> plain, explorer::PackedState& row) mutable {
        unpack_world(plain, world);
        rows.pack(world, row);
    };
}

}  // namespace

Checkpoints::Checkpoints(CheckpointSettings settings)
    : settings_(std::move(settings)), due_(Clock::now() + settings_.every) {
    if (!settings_.resume_from.empty()) {
        earlier_.emplace(settings_.resume_from);
        const std::string other = difference_of_questions(earlier_->question(), settings_.question);
        if (!other.empty())
            throw InputError(Place{settings_.resume_from, 0, 0},
                             "is a checkpoint of another search: " + other);
    }
    if (!settings_.write_to.empty())
        writer_ = std::make_unique<CheckpointWriter>(settings_.write_to, settings_.question,
                                                     earlier_ ? &*earlier_ : nullptr);
}

std::optional<Checkpoints::Begun> Checkpoints::take_up(
    SearchRun run, WorldRows& rows, NotesReader& reader,
    const std::function<bool(const explorer::Exploration&)>& enough) {
    if (!earlier_) return std::nullopt;
    std::vector<CheckpointSegment> segments;
    std::copy_if(earlier_->segments().begin(), earlier_->segments().end(), std::back_inserter(segments),
                 [&](const CheckpointSegment& s) { return s.run == static_cast<std::uint32_t>(run); });
    if (segments.empty()) return std::nullopt;
    Begun begun;
    begun.round = segments.back().round;
    switch (read_notes(earlier_->notes(segments.back()), reader, begun.notes)) {
        case NotesRead::Whole:
            break;
        case NotesRead::Enough:
            begun.whole = false;
            break;
        case NotesRead::Broken:
            earlier_->damaged("is damaged: the notes of a search are not as they are written");
    }
    try {
        for (auto segment = segments.begin(); begun.whole && segment != segments.end(); ++segment)
            begun.whole = explorer::read_record(
                earlier_->record(*segment), begun.found, [&] { return enough(begun.found); }, to_rows(rows));
    } catch (const explorer::BrokenRecord& error) {
        earlier_->damaged(std::string("is damaged: a search's record is not right at ") + error.what());
    }
    written_ = {run, begun.round, {begun.found.states.size(), begun.found.expanded}};
    in_file_ = false;
    return begun;
}

void Checkpoints::offer(SearchRun run, std::uint32_t round, const explorer::Exploration& found,
                        const WorldRows& rows, bool at_once,
                        const std::function<void(const NotesSink&)>& write_notes) {
    up_to_date_ = false;
    if (!writer_ || (!at_once && Clock::now() < due_)) return;
    if (run != written_.run || round != written_.round) {
        written_ = {run, round, {}};
        in_file_ = false;
    }
    const explorer::Extent extent{found.states.size(), found.expanded};
    const bool nothing_new = written_.extent == extent;
    up_to_date_ = (nothing_new && in_file_) ||
                  attempt([&] { nothing_new ? writer_->copy_earlier() : write(found, rows, write_notes); });
}

void Checkpoints::write(const explorer::Exploration& found, const WorldRows& rows,
                        const std::function<void(const NotesSink&)>& write_notes) {
    explorer::Extent extent;
    writer_->append(static_cast<std::uint32_t>(written_.run), written_.round, write_notes,
                    [&](const CheckpointWriter::Sink& sink) {
                        extent = explorer::write_record(found, written_.extent, sink, from_rows(rows));
                    });
    written_.extent = extent;
}

/// Whether it could be done.
bool Checkpoints::attempt(const std::function<void()>& write) {
    const Clock::time_point start = Clock::now();
    bool done = false;
    try {
        write();
        in_file_ = done = true;
    } catch (const InputError& error) {
        if (settings_.warn) settings_.warn(error.what());
    }
    const Clock::time_point end = Clock::now();
    due_ = end + std::max<Clock::duration>(settings_.every, cost_factor * (end - start));
    return done;
}

std::optional<std::string> Checkpoints::up_to_date() const {
    if (!up_to_date_) return std::nullopt;
    return settings_.write_to;
}

}  // namespace halfopen
