#pragma once

#include <algorithm>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/two_bit_color_map.hpp>
#include <boost/pending/queue.hpp>
#include <cstdint>
#include <span>
#include <vector>

#include "explorer/boost_adaptor.hpp"

namespace halfopen::explorer {

/// The tree a breadth-first search leaves behind: shortest paths (fewest edges) from a set of roots.
struct BreadthFirstTree {
    std::vector<std::uint32_t> order;   ///< the nodes found, nearest first
    std::vector<std::uint32_t> parent;  ///< per node: no_node if not found; a root is its own parent
    std::vector<std::uint32_t> depth;   ///< per node: edges from the nearest root; no_node if not found

    [[nodiscard]] bool found(std::uint32_t node) const { return parent[node] != no_node; }

    /// From the nearest root to `node`, which must have been found, both included.
    [[nodiscard]] std::vector<std::uint32_t> path_to(std::uint32_t node) const {
        std::vector<std::uint32_t> path{node};
        while (parent[path.back()] != path.back()) {
            path.push_back(parent[path.back()]);
        }
        std::ranges::reverse(path);
        return path;
    }
};

namespace detail {

class TreeRecorder : public boost::default_bfs_visitor {
   public:
    explicit TreeRecorder(BreadthFirstTree& tree) : tree_(&tree) {}

    template <class View>
    void discover_vertex(std::uint32_t node, const View& /*view*/) const {
        tree_->order.push_back(node);
        if (!tree_->found(node)) {  // a root: tree_edge comes before discover_vertex for the others
            tree_->parent[node] = node;
            tree_->depth[node] = 0;
        }
    }
    template <class View>
    void tree_edge(const Edge& edge, const View& /*view*/) const {
        tree_->parent[edge.target] = edge.source;
        tree_->depth[edge.target] = tree_->depth[edge.source] + 1;
    }

   private:
    BreadthFirstTree* tree_;
};

}  // namespace detail

/// Searches `view` (GraphView or ReverseView) from `roots`, which must be distinct.  O(nodes + edges).
template <class View>
[[nodiscard]] BreadthFirstTree breadth_first(const View& view, std::span<const std::uint32_t> roots) {
    const std::size_t nodes = num_vertices(view);
    BreadthFirstTree tree;
    tree.parent.assign(nodes, no_node);
    tree.depth.assign(nodes, no_node);
    boost::queue<std::uint32_t> queue;
    const boost::two_bit_color_map<boost::typed_identity_property_map<std::uint32_t>> color(nodes);
    boost::breadth_first_visit(view, roots.begin(), roots.end(), queue, detail::TreeRecorder(tree), color);
    return tree;
}

/// Whether the initial nodes of a graph are those that its search began with: then every node is in reach,
/// and they stand in the order of their distance.
[[nodiscard]] bool is_as_found(const StateGraph& graph);

/// From the initial nodes.  Where nothing is left out of a graph that is_as_found() that takes one look at
/// each edge.
[[nodiscard]] BreadthFirstTree breadth_first_from_initial(const GraphView& view);

}  // namespace halfopen::explorer
