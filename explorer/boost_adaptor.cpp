#include "explorer/boost_adaptor.hpp"

namespace halfopen::explorer {

ReverseView::ReverseView(const GraphView& forward) : first_(forward.node_count() + std::size_t{2}, 0) {
    const std::uint32_t nodes = forward.node_count();
    for (std::uint32_t node = 0; node < nodes; ++node) {
        for (const Edge edge : OutEdges(forward, node)) {
            ++first_[edge.target + std::size_t{2}];
        }
    }
    for (std::size_t i = 1; i < first_.size(); ++i) {
        first_[i] += first_[i - 1];
    }
    source_.resize(first_.back());
    // Each entry runs from the beginning of its node's edges to their end, where the next node's begin.
    for (std::uint32_t node = 0; node < nodes; ++node) {
        for (const Edge edge : OutEdges(forward, node)) {
            source_[first_[edge.target + std::size_t{1}]++] = node;
        }
    }
}

}  // namespace halfopen::explorer
