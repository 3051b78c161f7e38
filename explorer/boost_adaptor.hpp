#pragma once

#include <boost/graph/graph_traits.hpp>
#include <boost/graph/properties.hpp>
#include <boost/iterator/counting_iterator.hpp>
#include <boost/iterator/iterator_facade.hpp>
#include <boost/property_map/property_map.hpp>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "explorer/state_graph.hpp"

/// A StateGraph as Boost.Graph sees it.  GraphView and ReverseView both model VertexListGraph and
/// IncidenceGraph (and have the vertex_index property), so the algorithms of Boost.Graph run on them as they
/// are.
namespace halfopen::explorer {

/// An edge as a descriptor: it carries all that is known of it, so that an algorithm needs no look-up.
/// Parallel edges that do not differ are equal.
struct Edge {
    std::uint32_t source = no_node;
    std::uint32_t target = no_node;
    std::uint32_t duration = 0;

    bool operator==(const Edge&) const = default;
};

/// Walks over those edges of a node that View::keeps(OutEdge), as View::Row reads them.
template <class View>
class OutEdgeIterator
    : public boost::iterator_facade<OutEdgeIterator<View>, Edge, boost::forward_traversal_tag, Edge> {
   public:
    using Position = typename View::Row::iterator;

    OutEdgeIterator() = default;
    OutEdgeIterator(const View& view, std::uint32_t source, Position position)
        : view_(&view), position_(position), source_(source) {
        skip();
    }

   private:
    friend class boost::iterator_core_access;

    [[nodiscard]] Edge dereference() const { return {source_, position_->target, position_->duration}; }
    [[nodiscard]] bool equal(const OutEdgeIterator& other) const { return position_ == other.position_; }
    void increment() {
        ++position_;
        skip();
    }
    void skip() {
        while (position_ != Position() && !view_->keeps(*position_)) {
            ++position_;
        }
    }

    const View* view_ = nullptr;
    Position position_;
    std::uint32_t source_ = no_node;
};

struct ViewTraversal : virtual boost::incidence_graph_tag, virtual boost::vertex_list_graph_tag {};

/// The member types Boost.Graph wants; and, for everyone, the vertices: 0 to node_count() - 1.
template <class View>
struct ViewTypes {
    using vertex_descriptor = std::uint32_t;
    using edge_descriptor = Edge;
    using directed_category = boost::directed_tag;
    using edge_parallel_category = boost::allow_parallel_edge_tag;
    using traversal_category = ViewTraversal;
    using vertices_size_type = std::size_t;
    using edges_size_type = std::size_t;
    using degree_size_type = std::size_t;
    using vertex_iterator = boost::counting_iterator<std::uint32_t>;
    using out_edge_iterator = OutEdgeIterator<View>;
    using in_edge_iterator = void;
    using adjacency_iterator = void;
    using edge_iterator = void;

    static vertex_descriptor null_vertex() { return no_node; }

    friend std::pair<vertex_iterator, vertex_iterator> vertices(const View& view) {
        return {vertex_iterator(0), vertex_iterator(view.node_count())};
    }
    friend std::size_t num_vertices(const View& view) { return view.node_count(); }
    friend std::pair<out_edge_iterator, out_edge_iterator> out_edges(std::uint32_t node, const View& view) {
        return {out_edge_iterator(view, node, view.row(node).begin()), out_edge_iterator()};
    }
    friend std::size_t out_degree(std::uint32_t node, const View& view) {
        const auto [first, last] = out_edges(node, view);
        std::size_t count = 0;
        for (auto edge = first; edge != last; ++edge) {
            ++count;
        }
        return count;
    }
    friend std::uint32_t source(const Edge& edge, const View& /*view*/) { return edge.source; }
    friend std::uint32_t target(const Edge& edge, const View& /*view*/) { return edge.target; }
    friend boost::typed_identity_property_map<std::uint32_t> get(boost::vertex_index_t /*tag*/,
                                                                 const View& /*view*/) {
        return {};
    }
};

/// A subgraph of a StateGraph, without a copy: by itself, all nodes (whether or not they are in reach) and
/// the edges that pass a filter; within(), timeless() and stopping_at() give views of less.  Nodes left out
/// keep their number but have no edges.
///
/// Refers to the graph and the set of nodes, which must outlive the view; so must a view its iterators.
class GraphView : public ViewTypes<GraphView> {
   public:
    explicit GraphView(const StateGraph& graph, EdgeFilter filter = {}) : graph_(&graph), filter_(filter) {}
    explicit GraphView(StateGraph&&, EdgeFilter = {}) = delete;

    /// Only the edges between nodes of this set, which has an entry for each node.
    [[nodiscard]] GraphView within(const std::vector<bool>& nodes) const {
        GraphView view = *this;
        view.nodes_ = &nodes;
        return view;
    }
    GraphView within(std::vector<bool>&&) const = delete;

    /// Only the edges of duration 0.
    [[nodiscard]] GraphView timeless() const {
        GraphView view = *this;
        view.longest_ = 0;
        return view;
    }
    /// Without the edges that leave a node having any of these marks.
    [[nodiscard]] GraphView stopping_at(std::uint32_t mark_mask) const {
        GraphView view = *this;
        view.stop_marks_ = mark_mask;
        return view;
    }

    /// Whether nothing is left out.
    [[nodiscard]] bool is_whole() const {
        return filter_.without_tags == 0 && nodes_ == nullptr && stop_marks_ == 0 && longest_ == any_duration;
    }
    [[nodiscard]] const StateGraph& graph() const { return *graph_; }
    [[nodiscard]] std::uint32_t node_count() const { return graph_->node_count(); }
    [[nodiscard]] bool contains(std::uint32_t node) const { return nodes_ == nullptr || (*nodes_)[node]; }

    using Row = EdgeRow;
    /// Where to look for the edges of `node`.
    [[nodiscard]] EdgeRow row(std::uint32_t node) const {
        const bool has_edges = contains(node) && !graph_->has_mark(node, stop_marks_);
        return has_edges ? graph_->out_edges(node) : EdgeRow();
    }
    /// Whether an edge, one of those of its source, is in the view.
    [[nodiscard]] bool keeps(const OutEdge& edge) const {
        return filter_.admits(edge.tags) && contains(edge.target) && edge.duration <= longest_;
    }

   private:
    static constexpr std::uint32_t any_duration = std::numeric_limits<std::uint32_t>::max();

    const StateGraph* graph_;
    const std::vector<bool>* nodes_ = nullptr;
    std::uint32_t longest_ = any_duration;
    std::uint32_t stop_marks_ = 0;
    EdgeFilter filter_;
};

/// The edges of a GraphView turned round, as a copy of its own: 8 bytes a node and 4 bytes an edge.  Their
/// durations are not kept.
class ReverseView : public ViewTypes<ReverseView> {
   public:
    /// O(nodes + edges) by counting sort; the predecessors of a node come in ascending order.
    explicit ReverseView(const GraphView& forward);

    /// The edges that lead to one node.
    class Row {
       public:
        class iterator {
           public:
            iterator() = default;
            explicit iterator(std::span<const std::uint32_t> rest) : rest_(rest) { read(); }
            const OutEdge* operator->() const { return &edge_; }
            const OutEdge& operator*() const { return edge_; }
            iterator& operator++() {
                rest_ = rest_.subspan(1);
                read();
                return *this;
            }
            bool operator==(const iterator& other) const { return rest_.size() == other.rest_.size(); }

           private:
            void read() {
                if (!rest_.empty()) edge_.target = rest_.front();
            }

            std::span<const std::uint32_t> rest_;
            OutEdge edge_;
        };
        explicit Row(std::span<const std::uint32_t> sources) : sources_(sources) {}
        [[nodiscard]] iterator begin() const { return iterator(sources_); }

       private:
        std::span<const std::uint32_t> sources_;
    };

    [[nodiscard]] std::uint32_t node_count() const { return static_cast<std::uint32_t>(first_.size() - 2); }
    [[nodiscard]] bool keeps(const OutEdge& /*edge*/) const { return true; }
    [[nodiscard]] Row row(std::uint32_t node) const {
        return Row(std::span(source_).subspan(first_[node], first_[node + 1ULL] - first_[node]));
    }

   private:
    std::vector<std::uint64_t> first_;
    std::vector<std::uint32_t> source_;
};

/// For range-based for over what out_edges() gives.
template <class View>
class OutEdges {
   public:
    OutEdges(const View& view, std::uint32_t node) : ends_(out_edges(node, view)) {}
    [[nodiscard]] OutEdgeIterator<View> begin() const { return ends_.first; }
    [[nodiscard]] OutEdgeIterator<View> end() const { return ends_.second; }
    [[nodiscard]] bool empty() const { return ends_.first == ends_.second; }

   private:
    std::pair<OutEdgeIterator<View>, OutEdgeIterator<View>> ends_;
};

}  // namespace halfopen::explorer

namespace boost {

template <>
struct property_map<halfopen::explorer::GraphView, vertex_index_t> {
    using type = typed_identity_property_map<std::uint32_t>;
    using const_type = type;
};

template <>
struct property_map<halfopen::explorer::ReverseView, vertex_index_t> {
    using type = typed_identity_property_map<std::uint32_t>;
    using const_type = type;
};

}  // namespace boost
