#include "explorer/components.hpp"

#include <stack>

namespace halfopen::explorer {

namespace {

/// The depth-first search.  A step of its path is eight bytes, and neither stack asks for much at once.
class Tarjan {
   public:
    explicit Tarjan(const GraphView& view) : view_(view), low_(view.node_count(), unmet) {
        component_.assign(view.node_count(), no_node);
    }

    std::vector<std::uint32_t> components() && {
        for (std::uint32_t node = 0; node < view_.node_count(); ++node) {
            if (low_[node] != unmet) continue;
            enter(node);
            while (!path_.empty()) go_on();
        }
        return std::move(component_);
    }
    [[nodiscard]] std::uint32_t count() const { return count_; }

   private:
    static constexpr std::uint32_t unmet = 0;

    struct Step {
        std::uint32_t node;
        std::uint32_t taken : 31;         // edges, the one that the path goes on by not among them
        std::uint32_t comes_from_it : 1;  // no earlier node has been seen from here
    };

    void enter(std::uint32_t node) {
        low_[node] = ++met_;
        open_.push(node);
        path_.push({node, 0, 1});
    }

    /// At the end of the path: one step further, or one back.
    void go_on() {
        Step& here = path_.top();
        std::uint32_t& low = low_[here.node];
        // The edges that were taken are walked over once more: that is quicker than to keep where they stand.
        const OutEdges edges(view_, here.node);
        auto edge = edges.begin();
        for (std::uint32_t i = 0; i < here.taken; ++i) ++edge;
        for (; edge != edges.end(); ++edge) {
            const std::uint32_t target = (*edge).target;
            // It is looked at again when the path has come back from it.
            if (low_[target] == unmet) return enter(target);
            if (component_[target] == no_node && low_[target] < low) {
                low = low_[target];
                here.comes_from_it = 0;
            }
            ++here.taken;
        }
        if (here.comes_from_it == 1) close(here.node);
        path_.pop();
    }

    void close(std::uint32_t first) {
        std::uint32_t node = no_node;
        do {
            node = open_.top();
            open_.pop();
            component_[node] = count_;
        } while (node != first);
        ++count_;
    }

    const GraphView& view_;
    std::vector<std::uint32_t> low_;  // per node: when the earliest node known to be in reach was met
    std::vector<std::uint32_t> component_;
    std::stack<std::uint32_t> open_;  // met, and in no component yet
    std::stack<Step> path_;
    std::uint32_t met_ = 0;
    std::uint32_t count_ = 0;
};

}  // namespace

StrongComponents strong_components(const GraphView& view) {
    const std::uint32_t nodes = view.node_count();
    StrongComponents result;
    std::uint32_t count = 0;
    {
        Tarjan search(view);
        result.component = std::move(search).components();
        count = search.count();
    }
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
