#include "explorer/numbering.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace halfopen::explorer {

bool Numbering::begin(std::span<Expansion> batch) {
    batch_ = batch;
    more_.fill(0);
    std::size_t newcomers = 0;
    for (Expansion& part : batch) {
        part.first_newcomer = newcomers;
        newcomers += part.newcomers.size();
        for (std::size_t i = 0; i < more_.size(); ++i) more_[i] += part.in_part[i];
    }
    const std::uint64_t first = found_.states.size();
    if (first + newcomers > StateStore::max_size) return false;
    found_.states.make_room_for_ids(first + newcomers);
    growing_.clear();
    for (std::size_t i = 0; i < more_.size(); ++i)
        if (!found_.states.has_room(i, more_[i])) growing_.push_back(i);
    return true;
}

std::uint64_t Numbering::bytes_to_come() const {
    std::uint64_t bytes = 0;
    for (const std::size_t part : growing_) bytes += found_.states.bytes_to_grow(part, more_[part]);
    // Lists of this one, of the parts, and what goes into the store and the graph.  Those that are there from
    // earlier batches are used again, and many newcomers are the same; so this is more than is taken.
    constexpr std::uint64_t names = sizeof(std::span<const std::byte>) + 2 * sizeof(std::uint32_t);
    constexpr std::uint64_t news = sizeof(Expansion::New) + sizeof(std::size_t);
    constexpr std::uint64_t edge = 4;
    for (const Expansion& part : batch_)
        bytes += part.newcomers.size() * (names + news) + part.bytes.size() + 2 * edge * part.edges.size();
    return bytes;
}

void Numbering::sort_out(unsigned shard) {
    Named& named = named_[shard];
    named.strings.clear();
    for (std::size_t i = 0; i < batch_.size(); ++i) {
        // The memory is told of the places in the table that the next part's newcomers will be looked up in.
        if (i + 1 < batch_.size())
            for (const Expansion::Candidate& one : batch_[i + 1].by_shard[shard])
                found_.states.prefetch(one.hash);
        for (Expansion::Candidate& one : batch_[i].by_shard[shard]) sort_out(batch_[i], one, named);
    }
}

void Numbering::sort_out(const Expansion& part, Expansion::Candidate& one, Named& named) {
    const std::uint32_t first = found_.states.size();
    const auto string_of = [&](std::uint32_t name) { return named.strings[name - first]; };
    const auto name = static_cast<std::uint32_t>(first + named.strings.size());
    named.strings.push_back(part.packed(one));
    const StateStore::Place place = found_.states.place_of(named.strings.back(), one.hash, string_of);
    if (place.id) {
        one.first = *place.id;
    } else if (max_depth_ == no_node || found_.graph.depth[one.source] < max_depth_) {
        one.first = name;
        one.slot = place.slot;
        found_.states.take(place, one.hash, name);
    }
}

void Numbering::number() {
    const std::uint32_t first = found_.states.size();
    std::uint32_t next = first;
    nodes_.clear();
    for (Named& named : named_) named.nodes.clear();
    for (Expansion& part : batch_) {
        part.first_new = next;
        bool whole = true;
        Expansion::Candidates candidates(part);
        for (const Expansion::Newcomer& newcomer : part.newcomers) {
            const Expansion::Candidate& one = candidates.next(newcomer);
            std::vector<std::uint32_t>& nodes = named_[newcomer.shard].nodes;
            std::uint32_t node = no_node;
            if (one.is_new())
                node = next++;
            else if (one.first != no_node)
                node = nodes[one.first - first];
            else
                whole = false;
            nodes.push_back(node);
            nodes_.push_back(node);
        }
        if (!whole) drop_what_is_not_entered(part);
        part.codes.clear();
        for (const EdgeLabel& label : part.labels) part.codes.push_back(found_.graph.rows.code_of(label));
    }
}

/// As if there were no edges to states that are not entered, and no labels that only they have.
void Numbering::drop_what_is_not_entered(Expansion& part) {
    const std::vector<Expansion::Edge> edges = std::exchange(part.edges, {});
    const std::vector<EdgeLabel> labels = std::exchange(part.labels, {});
    auto edge = edges.begin();
    const auto nodes = std::span(nodes_).subspan(part.first_newcomer);
    std::size_t newcomer = 0;
    std::uint32_t node = part.first_node;
    for (std::uint32_t& degree : part.degrees) {
        for (const auto last = edge + degree; edge != last; ++edge) {
            if (edge->target == no_node && nodes[newcomer++] == no_node) {
                --degree;
                first_cut_ = first_cut_.value_or(node);
                continue;
            }
            const auto label = std::ranges::find(part.labels, labels[edge->label]);
            part.edges.push_back({edge->target, static_cast<std::uint32_t>(label - part.labels.begin())});
            if (label == part.labels.end()) part.labels.push_back(labels[edge->label]);
        }
        ++node;
    }
}

void Numbering::encode(Expansion& part) {
    const auto nodes = std::span(nodes_).subspan(part.first_newcomer, part.newcomers.size());
    part.rows.begin(part.first_node, part.first_new, found_.graph.rows.base());
    auto edge = part.edges.begin();
    auto node = nodes.begin();
    for (const std::uint32_t degree : part.degrees) {
        for (const auto last = edge + degree; edge != last; ++edge) {
            std::uint32_t target = edge->target;
            // Edges to what is not entered are no longer there.
            while (target == no_node) target = *node++;
            part.rows.add(target, part.codes[edge->label]);
        }
        part.rows.end_row();
    }
    part.fresh.clear();
    part.ends.clear();
    std::size_t end = 0;
    Expansion::Candidates candidates(part);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const Expansion::Newcomer& newcomer = part.newcomers[i];
        const Expansion::Candidate& one = candidates.next(newcomer);
        if (!one.is_new()) continue;
        found_.states.settle(one.slot, nodes[i]);
        std::memmove(part.bytes.data() + end, part.bytes.data() + one.begin, one.end - one.begin);
        end += one.end - one.begin;
        part.ends.push_back(end);
        part.fresh.push_back({one.source, newcomer.marks});
    }
    part.bytes.resize(end);
}

void Numbering::enter() {
    StateGraph& graph = found_.graph;
    std::uint32_t source = no_node;
    std::uint32_t depth = 0;
    for (const Expansion& part : batch_) {
        found_.states.append(part.bytes, part.ends);
        for (const Expansion::New& one : part.fresh) {
            if (one.source != source) {
                source = one.source;
                depth = graph.depth[source];
            }
            graph.marks.push_back(one.marks);
            graph.depth.push_back(depth + 1);
        }
        graph.rows.append(part.rows);
    }
}

}  // namespace halfopen::explorer
