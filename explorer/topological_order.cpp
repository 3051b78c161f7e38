#include "explorer/topological_order.hpp"

#include <boost/graph/topological_sort.hpp>
#include <boost/graph/two_bit_color_map.hpp>
#include <iterator>

namespace halfopen::explorer {

std::optional<std::vector<std::uint32_t>> targets_first(const GraphView& view) {
    using Index = boost::typed_identity_property_map<std::uint32_t>;
    std::vector<std::uint32_t> order;
    order.reserve(view.node_count());
    try {
        boost::topological_sort(view, std::back_inserter(order),
                                boost::color_map(boost::two_bit_color_map<Index>(view.node_count())));
    } catch (const boost::not_a_dag&) {
        return std::nullopt;
    }
    return order;
}

}  // namespace halfopen::explorer
