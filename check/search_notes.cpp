#include "check/search_notes.hpp"

#include <algorithm>
#include <concepts>
#include <cstring>
#include <type_traits>
#include <utility>

namespace halfopen {

namespace {

constexpr std::size_t bytes_noted_at_once = std::size_t{1} << 16U;
constexpr std::uint64_t items_between_questions = 1024;

// One description of the layout, notes_fields(), for both directions.

class Writer {
   public:
    explicit Writer(const NotesSink& sink) : sink_(sink) { pending_.reserve(bytes_noted_at_once + 64); }

    template <std::unsigned_integral T>
    void number(const T& value) {
        const auto bytes = std::as_bytes(std::span(&value, 1));
        pending_.insert(pending_.end(), bytes.begin(), bytes.end());
        if (pending_.size() >= bytes_noted_at_once) flush();
    }
    void kind(Comparison::Kind value) { number(static_cast<std::uint8_t>(value)); }
    template <class Each>
    void list(const Renamings::Entry& origins, const Each& each) {
        number(std::uint64_t{origins.size()});
        for (std::size_t i = 0; i < origins.size(); ++i) {
            const Origin one = origins.origin(i);
            each(one);
        }
    }
    template <class T, class Each>
    void list(const std::vector<T>& items, const Each& each) {
        number(std::uint64_t{items.size()});
        for (const T& item : items) {
            if constexpr (std::is_pointer_v<T>)
                each(*item);
            else
                each(item);
        }
    }
    void flush() {
        sink_(pending_);
        pending_.clear();
    }

   private:
    const NotesSink& sink_;
    std::vector<std::byte> pending_;
};

/// A list that is handed on as it is read.
template <class T>
struct Passing {
    NotesReader& reader;
};

class Reader {
   public:
    Reader(const NotesSource& source, NotesReader& reader) : source_(source), reader_(reader) {}

    template <std::unsigned_integral T>
    void number(T& value) {
        value = 0;
        const auto out = std::as_writable_bytes(std::span(&value, 1));
        for (std::size_t filled = 0; filled < out.size() && good();) {
            if (bytes_.empty()) bytes_ = source_();
            if (bytes_.empty()) state_ = NotesRead::Broken;
            const std::size_t count = std::min(bytes_.size(), out.size() - filled);
            if (count > 0) std::memcpy(out.data() + filled, bytes_.data(), count);
            bytes_ = bytes_.subspan(count);
            filled += count;
        }
    }
    void kind(Comparison::Kind& kind) {
        std::uint8_t value = 0;
        number(value);
        if (value > static_cast<std::uint8_t>(Comparison::Kind::Within)) {
            state_ = NotesRead::Broken;
            value = 0;
        }
        kind = static_cast<Comparison::Kind>(value);
    }
    template <class T, class Each>
    void list(std::vector<T>& items, const Each& each) {
        // Each item takes a byte at least, so that a wrong count ends soon.
        for_each([&] { each(items.emplace_back()); });
    }
    template <class T, class Each>
    void list(const Passing<T>& to, const Each& each) {
        T item;
        for_each([&] {
            item = {};
            each(item);
            if constexpr (std::is_same_v<T, std::vector<Origin>>) {
                if (item.size() > Renamings::most_origins) state_ = NotesRead::Broken;
            }
            if (good()) to.reader.met(std::as_const(item));
        });
    }
    NotesRead end() {
        if (good() && (!bytes_.empty() || !source_().empty())) state_ = NotesRead::Broken;
        return state_;
    }
    bool good() const { return state_ == NotesRead::Whole; }

   private:
    template <class One>
    void for_each(const One& one) {
        std::uint64_t count = 0;
        number(count);
        for (std::uint64_t i = 0; i < count && good(); ++i) {
            if (i % items_between_questions == 0 && reader_.enough())
                state_ = NotesRead::Enough;
            else
                one();
        }
    }

    const NotesSource& source_;
    NotesReader& reader_;
    std::span<const std::byte> bytes_;
    NotesRead state_ = NotesRead::Whole;
};

/// met: the lists of WorldSystem::Notes, or whom to tell of their items.  `begins` is called when known and
/// cut_by are there.
template <class Pass, class Notes, class Comparisons, class Draws, class Renamed, class Begins>
void notes_fields(Pass& pass, Notes& notes, Comparisons&& comparisons, Draws&& draws, Renamed&& renamed,
                  const Begins& begins) {
    const auto comparison = [&](auto& c) {
        pass.kind(c.kind);
        pass.number(c.left);
        pass.number(c.right);
        pass.number(c.offset);
        pass.number(c.size);
    };
    const auto origin = [&](auto& o) {
        pass.number(o.role);
        pass.number(o.value);
    };
    pass.list(notes.known, comparison);
    pass.list(notes.cut_by, comparison);
    begins();
    pass.list(comparisons, comparison);
    pass.list(draws, [&](auto& draw) {
        pass.number(draw.role);
        pass.list(draw.live, origin);
    });
    pass.list(renamed, [&](auto& origins) { pass.list(origins, origin); });
    pass.number(notes.looked_at);
    pass.number(notes.restart_at);
}

}  // namespace

void write_notes(const SearchNotes& notes, const WorldSystem::Notes& met, const NotesSink& sink) {
    Writer writer(sink);
    notes_fields(writer, notes, met.comparisons, met.draws, met.renamed, [] {});
    writer.flush();
}

NotesRead read_notes(const NotesSource& source, NotesReader& reader, SearchNotes& notes) {
    Reader in(source, reader);
    notes = {};
    notes_fields(in, notes, Passing<Comparison>{reader}, Passing<WorldSystem::DrawContext>{reader},
                 Passing<std::vector<Origin>>{reader}, [&] {
                     if (in.good()) reader.begins(notes.known, notes.cut_by);
                 });
    return in.end();
}

}  // namespace halfopen
