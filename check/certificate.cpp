#include "check/certificate.hpp"

#include <algorithm>
#include <stdexcept>

#include "explorer/measures.hpp"
#include "spec/world/packing.hpp"

namespace halfopen {

namespace {

using explorer::Judgement;
using explorer::no_node;
using explorer::StateGraph;
using verifier::CertificateWriter;

verifier::Verdict certified(explorer::Verdict verdict) {
    switch (verdict) {
        case explorer::Verdict::Bounded:
            return verifier::Verdict::Bounded;
        case explorer::Verdict::Unbounded:
            return verifier::Verdict::Unbounded;
        case explorer::Verdict::Storm:
            return verifier::Verdict::Storm;
        case explorer::Verdict::Permanent:
            return verifier::Verdict::Permanent;
        case explorer::Verdict::Inconclusive:
            break;
    }
    throw std::logic_error("an inconclusive search has nothing to certify");
}

/// The states that a certificate lists, with numbers of its own: breadth first from its roots, each successor
/// that is new getting the next number.
class Listing {
   public:
    Listing(const StateGraph& graph, std::vector<std::uint32_t> roots)
        : graph_(graph), roots_(std::move(roots)) {
        number_.assign(graph.node_count(), no_node);
        for (const std::uint32_t root : roots_) number(root);
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            for (const explorer::OutEdge& edge : graph.out_edges(nodes_[i])) number(edge.target);
        }
    }

    const std::vector<std::uint32_t>& roots() const { return roots_; }
    /// In the order of their numbers.
    const std::vector<std::uint32_t>& nodes() const { return nodes_; }
    std::uint32_t number_of(std::uint32_t node) const { return number_[node]; }
    /// The numbers of a node's successors, each once, as they appear first.
    const std::vector<std::uint32_t>& targets(std::uint32_t node) const {
        targets_.clear();
        for (const explorer::OutEdge& edge : graph_.out_edges(node)) {
            const std::uint32_t target = edge.target;
            const std::uint32_t number = number_[target];
            if (std::find(targets_.begin(), targets_.end(), number) == targets_.end())
                targets_.push_back(number);
        }
        return targets_;
    }

   private:
    void number(std::uint32_t node) {
        if (number_[node] != no_node) return;
        number_[node] = static_cast<std::uint32_t>(nodes_.size());
        nodes_.push_back(node);
    }

    const StateGraph& graph_;
    std::vector<std::uint32_t> roots_;
    std::vector<std::uint32_t> nodes_, number_;
    mutable std::vector<std::uint32_t> targets_;
};

/// One for each initial world, in the order in which the system gives them.
std::vector<std::uint32_t> initial_nodes(const WorldExploration& exploration) {
    std::vector<std::uint32_t> nodes;
    std::vector<std::byte> packed;
    exploration.system->initial([&](const World& world) {
        packed.clear();
        exploration.system->pack(world, packed);
        nodes.push_back(exploration.found.states.find(packed).value());
    });
    return nodes;
}

/// A lasso's nodes, the first of the loop again at its end.
std::vector<std::uint32_t> path_of(const Judgement& judgement) {
    std::vector<std::uint32_t> path;
    if (judgement.verdict == explorer::Verdict::Bounded) return path;
    path = judgement.witness.prefix;
    if (judgement.verdict != explorer::Verdict::Permanent)
        path.insert(path.end(), judgement.witness.loop.begin(), judgement.witness.loop.end());
    return path;
}

/// The numbers of layout.hpp's Measure, for the verdicts that need them.
class Measures {
   public:
    Measures(const StateGraph& graph, verifier::Verdict verdict) : verdict_(verdict) {
        if (verdict != verifier::Verdict::Permanent) quickest_ = explorer::quickest_ways(graph);
        if (verdict == verifier::Verdict::Bounded) longest_ = explorer::longest_ways(graph);
        if (verdict == verifier::Verdict::Unbounded) timeless_ = explorer::longest_timeless_ways(graph);
    }

    void write(std::uint32_t node, CertificateWriter& writer) const {
        if (verdict_ == verifier::Verdict::Permanent) return;
        writer.add_number(quickest_[node].ms);
        writer.add_number(quickest_[node].steps);
        if (verdict_ == verifier::Verdict::Bounded) {
            writer.add_number(longest_[node].ms);
            writer.add_number(longest_[node].steps);
        }
        if (verdict_ == verifier::Verdict::Unbounded) writer.add_number(timeless_[node]);
    }
    std::uint64_t quickest_ms(std::uint32_t node) const { return quickest_[node].ms; }
    std::uint64_t longest_ms(std::uint32_t node) const { return longest_[node].ms; }

   private:
    verifier::Verdict verdict_;
    std::vector<explorer::Quickest> quickest_;
    std::vector<explorer::Longest> longest_;
    std::vector<std::uint64_t> timeless_;
};

void claim_times(verifier::Claim& claim, const Listing& listing, const Measures& measures) {
    if (claim.verdict == verifier::Verdict::Permanent) return;
    for (const std::uint32_t root : listing.roots()) {
        const std::uint64_t best = measures.quickest_ms(root);
        claim.best_ms = std::min(claim.best_ms.value_or(best), best);
        if (claim.verdict == verifier::Verdict::Bounded)
            claim.worst_ms = std::max(claim.worst_ms.value_or(0), measures.longest_ms(root));
    }
}

void claim_properties(verifier::Claim& claim, const StateGraph& graph) {
    if (claim.verdict == verifier::Verdict::Permanent) return;
    std::uint8_t seen = 0;
    for (const explorer::EdgeLabel& label : graph.rows.labels()) seen |= label.tags;
    claim.properties = {(seen & tag::leak) != 0, (seen & tag::cross) != 0, (seen & tag::collateral) != 0};
}

/// The states as the file has them.
class States {
   public:
    explicit States(const WorldExploration& exploration) : exploration_(exploration) {}

    /// Lasts until the next call.
    std::span<const std::byte> operator[](std::uint32_t node) {
        exploration_.system->unpack(exploration_.found.states[node], world_);
        packed_.clear();
        pack_world(world_, packed_);
        return packed_;
    }
    std::uint64_t bytes_of(const std::vector<std::uint32_t>& nodes) {
        std::uint64_t bytes = 0;
        for (const std::uint32_t node : nodes) bytes += (*this)[node].size();
        return bytes;
    }

   private:
    const WorldExploration& exploration_;
    World world_;
    std::vector<std::byte> packed_;
};

/// Where each of the packed states ends in a section of its own, then the states.
void write_states(States& states, const std::vector<std::uint32_t>& nodes, CertificateWriter& writer) {
    std::uint64_t end = 0;
    for (const std::uint32_t node : nodes) writer.add_number(end += states[node].size());
    writer.end_section();
    for (const std::uint32_t node : nodes) writer.add(states[node]);
    writer.end_section();
}

void write_targets(const Listing& listing, CertificateWriter& writer) {
    std::uint64_t end = 0;
    for (const std::uint32_t node : listing.nodes()) writer.add_number(end += listing.targets(node).size());
    writer.end_section();
    for (const std::uint32_t node : listing.nodes()) {
        for (const std::uint32_t target : listing.targets(node)) writer.add_number(target);
    }
    writer.end_section();
}

}  // namespace

CheckOptions without_reductions(CheckOptions options) {
    options.merge_commuting_steps = options.symmetry = false;
    return options;
}

// The listing: a number for each node, and the nodes, whose list doubles as it grows (12 bytes).  Beside it
// the quickest ways (16) with all edges turned round (8 and 8 an edge) and a queue; or, when these are gone,
// the longest ways too, with an order of all nodes (16 and 4).
std::uint64_t bytes_to_certify(const StateGraph& graph) {
    const std::uint64_t nodes = graph.node_count();
    return std::max(40 * nodes + 8 * graph.edge_count(), 48 * nodes);
}

void write_certificate(const verifier::Question& question, std::vector<verifier::NamedDigest> files,
                       const WorldExploration& exploration, const Judgement& judgement,
                       const CertificateWriter::Sink& sink) {
    const StateGraph& graph = exploration.found.graph;
    States states(exploration);
    verifier::Claim claim{question, std::move(files), certified(judgement.verdict), {}, {}, {}};
    const std::vector<std::uint32_t> path = path_of(judgement);
    const bool permanent = claim.verdict == verifier::Verdict::Permanent;
    // Of a trap all that can be reached from where the path enters it is enough.
    const Listing listing(graph, permanent ? std::vector{path.back()} : initial_nodes(exploration));
    const Measures measures(graph, claim.verdict);
    claim_times(claim, listing, measures);
    claim_properties(claim, graph);

    verifier::Counts counts;
    counts.comparisons = exploration.comparisons.size();
    counts.path_states = path.size();
    counts.path_bytes = states.bytes_of(path);
    const bool has_loop = !permanent && !path.empty();
    counts.loop_begin = has_loop ? judgement.witness.prefix.size() - 1 : path.size();
    counts.roots = listing.roots().size();
    counts.states = listing.nodes().size();
    counts.state_bytes = states.bytes_of(listing.nodes());
    for (const std::uint32_t node : listing.nodes()) counts.targets += listing.targets(node).size();

    CertificateWriter writer(sink);
    writer.head(claim, counts);
    writer.comparisons(exploration.comparisons);
    write_states(states, path, writer);
    for (const std::uint32_t root : listing.roots()) writer.add_number(listing.number_of(root));
    writer.end_section();
    write_states(states, listing.nodes(), writer);
    write_targets(listing, writer);
    for (const std::uint32_t node : listing.nodes()) measures.write(node, writer);
    writer.end_section();
    writer.finish();
}

}  // namespace halfopen
