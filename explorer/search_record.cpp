#include "explorer/search_record.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "explorer/base128.hpp"

namespace halfopen::explorer {

namespace {

constexpr std::size_t bytes_at_once = std::size_t{1} << 16U;
constexpr unsigned digit_bits = 7;  // of a number (base128.hpp)
constexpr std::uint32_t nodes_between_questions = 1024;
constexpr std::uint64_t longest_state = (std::uint64_t{1} << 31U) - 1;

class Writer {
   public:
    Writer(const ByteSink& sink, const Translation& outwards) : sink_(sink), outwards_(outwards) {
        pending_.reserve(2 * bytes_at_once);
    }

    void number(std::uint64_t value) { append_base128(value, pending_); }
    void state(const Exploration& found, std::uint32_t node) {
        std::span<const std::byte> packed = found.states[node];
        if (outwards_) {
            translated_.clear();
            outwards_(packed, translated_);
            packed = translated_;
        }
        number(found.graph.marks[node]);
        number(packed.size());
        pending_.insert(pending_.end(), packed.begin(), packed.end());
        if (pending_.size() >= bytes_at_once) {
            flush();
        }
    }
    void flush() {
        sink_(pending_);
        pending_.clear();
    }

   private:
    const ByteSink& sink_;
    const Translation& outwards_;
    PackedState pending_;
    PackedState translated_;
};

class Reader {
   public:
    explicit Reader(const ByteSource& source) : source_(source) {}

    std::uint64_t number(std::uint64_t at_most, const char* what) {
        std::uint64_t value = 0;
        for (unsigned shift = 0;; shift += digit_bits) {
            const auto byte = std::to_integer<std::uint64_t>(next(what));
            const std::uint64_t digit = byte & 0x7FU;
            if (shift > 63 || (digit << shift) >> shift != digit || (byte == 0 && shift > 0)) {
                fail(what);
            }
            value |= digit << shift;
            if (byte < 0x80U) {
                break;
            }
        }
        if (value > at_most) {
            fail(what);
        }
        return value;
    }
    std::uint32_t small_number(const char* what) {
        return static_cast<std::uint32_t>(number(std::numeric_limits<std::uint32_t>::max(), what));
    }
    void bytes(std::uint64_t count, PackedState& out, const char* what) {
        out.clear();
        while (out.size() < count) {
            if (at_ == chunk_.size() && !refill()) {
                fail(what);
            }
            const std::size_t taken =
                std::min<std::uint64_t>(count - out.size(), static_cast<std::uint64_t>(chunk_.size() - at_));
            const auto piece = chunk_.subspan(at_, taken);
            out.insert(out.end(), piece.begin(), piece.end());
            at_ += taken;
        }
    }
    [[nodiscard]] bool at_end() { return at_ == chunk_.size() && !refill(); }
    [[noreturn]] static void fail(const std::string& what) { throw BrokenRecord(what); }

   private:
    std::byte next(const char* what) {
        if (at_ == chunk_.size() && !refill()) {
            fail(what);
        }
        return chunk_[at_++];
    }
    bool refill() {
        chunk_ = source_();
        at_ = 0;
        return !chunk_.empty();
    }

    const ByteSource& source_;
    std::span<const std::byte> chunk_;
    std::size_t at_ = 0;
};

/// Builds the graph up as the search did.
class Rebuilder {
   public:
    Rebuilder(Reader& in, Exploration& found, const Translation& inwards)
        : in_(in), found_(found), inwards_(inwards) {}

    void initial_states() {
        const std::uint64_t count = in_.number(StateStore::max_size, "the number of initial states");
        for (std::uint64_t i = 0; i < count; ++i) {
            found_.graph.initial.push_back(found_.states.size());
            state(0);
        }
    }
    void node() {
        StateGraph& graph = found_.graph;
        const std::uint32_t source = found_.expanded;
        if (source >= found_.states.size()) {
            Reader::fail("the edges of a state that there is not");
        }
        const std::uint64_t degree = in_.number(std::numeric_limits<std::uint64_t>::max(), "a degree");
        for (std::uint64_t i = 0; i < degree; ++i) {
            const std::uint32_t back = in_.small_number("an edge's end");
            if (back > found_.states.size()) {
                Reader::fail("an edge to a state that there is not");
            }
            const std::uint32_t target = found_.states.size() - back;
            if (back == 0) {
                state(graph.depth[source] + 1);
            }
            const std::uint32_t duration = in_.small_number("a duration");
            const auto tags = static_cast<std::uint8_t>(in_.number(0xFF, "the tags of an edge"));
            graph.rows.add({target, duration, tags});
        }
        graph.rows.end_row();
        ++found_.expanded;
    }

   private:
    void state(std::uint32_t depth) {
        const std::uint32_t marks = in_.small_number("a state's marks");
        in_.bytes(in_.number(longest_state, "a state's length"), packed_, "a state");
        if (inwards_) {
            translated_.clear();
            inwards_(packed_, translated_);
            packed_.swap(translated_);
        }
        if (found_.states.size() == StateStore::max_size || !found_.states.insert(packed_).second) {
            Reader::fail("a state twice");
        }
        found_.graph.marks.push_back(marks);
        found_.graph.depth.push_back(depth);
    }

    Reader& in_;
    Exploration& found_;
    const Translation& inwards_;
    PackedState packed_;
    PackedState translated_;
};

}  // namespace

Extent write_record(const Exploration& found, Extent from, const ByteSink& sink,
                    const Translation& outwards) {
    const StateGraph& graph = found.graph;
    Writer out(sink, outwards);
    if (from.states == 0) {
        out.number(graph.initial.size());
        for (; from.states < graph.initial.size(); ++from.states) {
            out.state(found, from.states);
        }
    }
    out.number(found.expanded - from.expanded);
    for (; from.expanded < found.expanded; ++from.expanded) {
        const EdgeRow edges = graph.out_edges(from.expanded);
        out.number(edges.size());
        for (const OutEdge& edge : edges) {
            // Ids are given in the order in which the search meets states: 0 is the one that is new here.
            out.number(from.states - edge.target);
            if (edge.target == from.states) {
                out.state(found, from.states++);
            }
            out.number(edge.duration);
            out.number(edge.tags);
        }
    }
    out.flush();
    return from;
}

bool read_record(const ByteSource& source, Exploration& found, const std::function<bool()>& enough,
                 const Translation& inwards) {
    Reader in(source);
    Rebuilder rebuilt(in, found, inwards);
    if (found.states.size() == 0) {
        rebuilt.initial_states();
    }
    const std::uint64_t nodes = in.number(StateStore::max_size, "the number of states expanded");
    for (std::uint64_t i = 0; i < nodes; ++i) {
        if (i % nodes_between_questions == 0 && enough && enough()) {
            return false;
        }
        rebuilt.node();
    }
    if (!in.at_end()) {
        Reader::fail("something after its end");
    }
    return true;
}

}  // namespace halfopen::explorer
