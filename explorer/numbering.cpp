#include "explorer/numbering.hpp"

#include <algorithm>
#include <utility>

namespace halfopen::explorer {

namespace {

/// How many look-ups before its own a newcomer's place in the store is asked of the memory.
constexpr std::size_t ahead = 8;

}  // namespace

bool Numbering::begin(std::span<Expansion> batch) {
    batch_ = batch;
    strings_.clear();
    const std::uint64_t first = found_.states.size();
    for (Expansion& part : batch) {
        const std::uint64_t name = first + strings_.size();
        if (name + part.newcomers.size() > StateStore::max_size) return false;
        part.first_name = static_cast<std::uint32_t>(name);
        for (const Expansion::Newcomer& one : part.newcomers) strings_.push_back(part.packed(one));
    }
    found_.states.make_room_for_ids(first + strings_.size());
    return true;
}

void Numbering::make_room(std::size_t store_part) {
    std::uint32_t more = 0;
    for (const Expansion& part : batch_) more += part.in_part[store_part];
    found_.states.make_room(store_part, more);
}

void Numbering::sort_out(unsigned shard) {
    for (std::size_t i = 0; i < StateStore::parts_of_shard; ++i)
        make_room(shard * StateStore::parts_of_shard + i);
    for (Expansion& part : batch_) {
        const std::vector<std::uint32_t>& list = part.by_shard[shard];
        for (std::size_t i = 0; i < list.size(); ++i) {
            if (i + ahead < list.size()) found_.states.prefetch(part.newcomers[list[i + ahead]].hash);
            sort_out(part, list[i]);
        }
    }
}

void Numbering::sort_out() {
    for (std::size_t i = 0; i < StateStore::parts; ++i) make_room(i);
    for (Expansion& part : batch_) {
        for (std::uint32_t i = 0; i < part.newcomers.size(); ++i) {
            if (i + ahead < part.newcomers.size()) found_.states.prefetch(part.newcomers[i + ahead].hash);
            sort_out(part, i);
        }
    }
}

void Numbering::sort_out(Expansion& part, std::uint32_t newcomer) {
    const auto string_of = [this, first = found_.states.size()](std::uint32_t name) {
        return strings_[name - first];
    };
    Expansion::Newcomer& one = part.newcomers[newcomer];
    const StateStore::Place place = found_.states.place_of(part.packed(one), one.hash, string_of);
    if (place.id) {
        one.first = *place.id;
    } else if (max_depth_ == no_node || found_.graph.depth[one.source] < max_depth_) {
        one.first = part.first_name + newcomer;
        one.slot = place.slot;
        found_.states.take(place, one.hash, one.first);
    }
}

void Numbering::number() {
    const std::uint32_t first = found_.states.size();
    std::uint32_t next = first;
    nodes_.clear();
    for (Expansion& part : batch_) {
        part.first_new = next;
        bool whole = true;
        for (Expansion::Newcomer& one : part.newcomers) {
            if (one.is_new())
                one.node = next++;
            else if (one.first != no_node)
                one.node = nodes_[one.first - first];
            else
                whole = false;
            nodes_.push_back(one.node);
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
    auto one = part.newcomers.begin();
    std::uint32_t node = part.first_node;
    for (std::uint32_t& degree : part.degrees) {
        for (const auto last = edge + degree; edge != last; ++edge) {
            if (edge->target == no_node && (one++)->node == no_node) {
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
    std::erase_if(part.newcomers, [](const Expansion::Newcomer& each) { return each.node == no_node; });
}

void Numbering::encode(Expansion& part) {
    for (const Expansion::Newcomer& one : part.newcomers)
        if (one.is_new()) found_.states.settle(one.slot, one.node);
    part.rows.begin(part.first_node, part.first_new, found_.graph.rows.base());
    auto edge = part.edges.begin();
    auto newcomer = part.newcomers.begin();
    for (const std::uint32_t degree : part.degrees) {
        for (const auto last = edge + degree; edge != last; ++edge) {
            const std::uint32_t target = edge->target == no_node ? (newcomer++)->node : edge->target;
            part.rows.add(target, part.codes[edge->label]);
        }
        part.rows.end_row();
    }
}

void Numbering::enter() {
    StateGraph& graph = found_.graph;
    std::uint32_t source = no_node;
    std::uint32_t depth = 0;
    for (const Expansion& part : batch_) {
        for (const Expansion::Newcomer& one : part.newcomers) {
            if (!one.is_new()) continue;
            if (one.source != source) {
                source = one.source;
                depth = graph.depth[source];
            }
            found_.states.append(part.packed(one));
            graph.marks.push_back(one.marks);
            graph.depth.push_back(depth + 1);
        }
        graph.rows.append(part.rows);
    }
}

}  // namespace halfopen::explorer
