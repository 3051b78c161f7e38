#include "check/search_notes.hpp"

#include <concepts>
#include <cstring>
#include <limits>
#include <utility>

namespace halfopen {

namespace {

// One description of the layout, notes_fields(), for both directions.

class Writer {
   public:
    template <std::unsigned_integral T>
    void number(T value) {
        const auto bytes = std::as_bytes(std::span(&value, 1));
        out_.insert(out_.end(), bytes.begin(), bytes.end());
    }
    void kind(Comparison::Kind value) { number(static_cast<std::uint8_t>(value)); }
    template <class T, class Each>
    void list(const std::vector<T>& items, const Each& each) {
        number(std::uint64_t{items.size()});
        for (const T& item : items) each(item);
    }
    std::vector<std::byte> take() { return std::move(out_); }

   private:
    std::vector<std::byte> out_;
};

class Reader {
   public:
    explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}

    template <std::unsigned_integral T>
    void number(T& value) {
        value = 0;
        good_ = good_ && bytes_.size() >= sizeof value;
        if (!good_) return;
        std::memcpy(&value, bytes_.data(), sizeof value);
        bytes_ = bytes_.subspan(sizeof value);
    }
    void kind(Comparison::Kind& kind) {
        std::uint8_t value = 0;
        number(value);
        good_ = good_ && value <= static_cast<std::uint8_t>(Comparison::Kind::Within);
        kind = static_cast<Comparison::Kind>(value);
    }
    template <class T, class Each>
    void list(std::vector<T>& items, const Each& each) {
        std::uint64_t count = 0;
        number(count);
        // Each item takes a byte at least, so that a wrong count ends soon.
        for (std::uint64_t i = 0; i < count && good_; ++i) each(items.emplace_back());
    }
    bool all_read() const { return good_ && bytes_.empty(); }

   private:
    std::span<const std::byte> bytes_;
    bool good_ = true;
};

template <class Pass, class Notes>
void notes_fields(Pass& pass, Notes& notes) {
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
    pass.list(notes.met.comparisons, comparison);
    pass.list(notes.met.draws, [&](auto& draw) {
        pass.number(draw.role);
        pass.list(draw.live, origin);
    });
    pass.list(notes.met.renamed, [&](auto& origins) { pass.list(origins, origin); });
    pass.number(notes.looked_at);
    pass.number(notes.restart_at);
}

}  // namespace

std::vector<std::byte> to_bytes(const SearchNotes& notes) {
    Writer writer;
    notes_fields(writer, notes);
    return writer.take();
}

std::optional<SearchNotes> notes_from(std::span<const std::byte> bytes) {
    SearchNotes notes;
    Reader reader(bytes);
    notes_fields(reader, notes);
    if (!reader.all_read()) return std::nullopt;
    return notes;
}

}  // namespace halfopen
