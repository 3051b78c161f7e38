#include "check/corners.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "explorer/outlook.hpp"

namespace halfopen {

namespace {

using explorer::is_worse;
using explorer::Verdict;

std::string role_name(OriginRole role) {
    const int owner = owner_of(role);
    if (owner < 0) return "server ISN";
    const auto client = static_cast<std::size_t>(owner);
    if (role == client_isn_role(client)) return "ISS";
    return role == old_client_role(client) ? "RCV.NXT" : "SND.NXT";
}

std::string with_offset(std::string_view name, std::int64_t offset) {
    if (offset == 0) return std::string(name);
    return offset < 0 ? fmt::format("{} - {}", name, -offset) : fmt::format("{} + {}", name, offset);
}

/// A reference point: a live number or its antipode, where the serial order turns over.
struct Reference {
    std::string name;
    std::uint32_t value = 0;
};

}  // namespace

std::string describe_cell(const Cell& cell, OriginRole drawn, std::span<const Origin> live) {
    std::vector<Reference> references;
    for (const Origin& origin : live) {
        if (origin.role == literal_role) {
            references.push_back({"0", 0});
            continue;
        }
        const std::string name =
            origin.role == drawn ? "earlier " + role_name(drawn) : role_name(origin.role);
        references.push_back({name, origin.value});
        references.push_back({name + " + 2^31", origin.value + 0x80000000U});
    }
    const Reference* nearest = nullptr;
    std::int64_t distance = 0;
    for (const Reference& reference : references) {
        const std::int64_t d = static_cast<std::int32_t>(cell.first - reference.value);
        if (nearest == nullptr || std::abs(d) < std::abs(distance)) {
            nearest = &reference;
            distance = d;
        }
    }
    const std::string drawn_name = role_name(drawn);
    if (nearest == nullptr) return drawn_name;
    if (cell.size == 1) return fmt::format("{} = {}", drawn_name, with_offset(nearest->name, distance));
    return fmt::format("{} - ({}) in [{}, {}]", drawn_name, nearest->name, distance,
                       distance + static_cast<std::int64_t>(cell.size) - 1);
}

std::vector<CornerReport> corner_reports(WorldExploration& exploration, Verdict headline,
                                         std::uint64_t headline_worst_ms) {
    const explorer::StateGraph& graph = exploration.found.graph;
    const explorer::Outlook ahead = explorer::outlook(graph, explorer::EdgeFilter{tag::corner});
    // Time that has gone by when the corner is drawn: the longest that generic numbers can take to get there.
    std::map<std::string, CornerReport> reports;
    for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
        const auto edges = graph.out_edges(node);
        if (std::none_of(edges.begin(), edges.end(),
                         [](const explorer::OutEdge& edge) { return (edge.tags & tag::corner) != 0; }))
            continue;
        const World world = explorer::state_at(*exploration.system, exploration.found, node);
        auto edge = edges.begin();
        exploration.system->successors(world, [&](const Step& step, const World&) {
            const std::uint32_t target = (edge++)->target;
            if ((step.tag_bits & tag::corner) == 0) return;
            for (const Draw& draw : step.draws) {
                if (!draw.corner) continue;
                const Cell cell{draw.value, draw.share, draw.value};
                CornerReport& report = reports[describe_cell(cell, draw.role, world.origins)];
                report.count = draw.share;
                if (is_worse(ahead.verdict[target], report.verdict)) report.verdict = ahead.verdict[target];
                report.worst_ms = std::max(report.worst_ms, ahead.worst_ms[target]);
            }
        });
    }
    std::vector<CornerReport> listed;
    for (auto& [condition, report] : reports) {
        report.condition = condition;
        const bool slower = report.verdict == Verdict::Bounded && headline == Verdict::Bounded &&
                            report.worst_ms > headline_worst_ms;
        if (is_worse(report.verdict, headline) || slower) listed.push_back(std::move(report));
    }
    std::stable_sort(listed.begin(), listed.end(), [](const CornerReport& a, const CornerReport& b) {
        if (a.verdict != b.verdict) return is_worse(a.verdict, b.verdict);
        return a.count > b.count;
    });
    return listed;
}

}  // namespace halfopen
