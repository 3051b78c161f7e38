#include "explorer/boost_adaptor.hpp"

namespace halfopen::explorer {

ReverseView::ReverseView(const GraphView& forward) : first_(forward.node_count() + std::size_t{1}, 0) {
    const std::uint32_t nodes = forward.node_count();
    for (std::uint32_t node = 0; node < nodes; ++node) {
        for (const Edge edge : OutEdges(forward, node)) {
            ++first_[edge.target + std::size_t{1}];
        }
    }
    for (std::size_t node = 0; node < nodes; ++node) {
        first_[node + 1] += first_[node];
    }
    source_.resize(first_.back());
    std::vector<std::uint64_t> next(first_.begin(), first_.end() - 1);
    for (std::uint32_t node = 0; node < nodes; ++node) {
        for (const Edge edge : OutEdges(forward, node)) {
            source_[next[edge.target]++] = node;
        }
    }
}

}  // namespace halfopen::explorer
