#include "explorer/components.hpp"

#ifdef BOOST_RECURSIVE_DFS
#error "state graphs are too deep for the recursive depth-first search of Boost.Graph"
#endif

#include <boost/graph/strong_components.hpp>
#include <boost/graph/two_bit_color_map.hpp>

namespace halfopen::explorer {

StrongComponents strong_components(const GraphView& view) {
    const std::uint32_t nodes = view.node_count();
    StrongComponents result;
    if (nodes == 0) {
        return result;
    }
    using Index = boost::typed_identity_property_map<std::uint32_t>;
    result.component.resize(nodes);
    std::vector<std::uint32_t> root(nodes);
    std::vector<std::uint32_t> discovered(nodes);
    const std::uint32_t count = boost::strong_components(
        view, boost::make_iterator_property_map(result.component.begin(), Index()),
        boost::root_map(boost::make_iterator_property_map(root.begin(), Index()))
            .discover_time_map(boost::make_iterator_property_map(discovered.begin(), Index()))
            .color_map(boost::two_bit_color_map<Index>(nodes)));
    result.cyclic.assign(count, false);
    result.timed.assign(count, false);
    for (std::uint32_t node = 0; node < nodes; ++node) {
        const std::uint32_t own = result.component[node];
        for (const Edge edge : OutEdges(view, node)) {
            if (result.component[edge.target] == own) {
                result.cyclic[own] = true;
                result.timed[own] = result.timed[own] || edge.duration > 0;
            }
        }
    }
    return result;
}

}  // namespace halfopen::explorer
