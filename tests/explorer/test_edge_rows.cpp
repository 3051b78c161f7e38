#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "explorer/edge_rows.hpp"
#include "explorer/state_graph.hpp"

namespace {

using namespace halfopen::explorer;

using Rows = std::vector<std::vector<OutEdge>>;

EdgeRows written(const Rows& rows) {
    EdgeRows edges;
    for (const auto& row : rows) {
        for (const OutEdge& edge : row) edges.add(edge);
        edges.end_row();
    }
    return edges;
}

void check_reads_as(const EdgeRows& edges, const Rows& rows) {
    REQUIRE(edges.size() == rows.size());
    std::uint64_t count = 0;
    bool same = true;
    for (std::uint32_t node = 0; node < rows.size(); ++node) {
        const EdgeRow row = edges[node];
        same = same && std::ranges::equal(row, rows[node]) && row.empty() == rows[node].empty() &&
               row.size() == rows[node].size();
        count += rows[node].size();
    }
    CHECK(same);
    CHECK(edges.edge_count() == count);
}

/// Up to `degree` edges a node, each to any of `targets` numbers, with one of so many labels.
Rows random_rows(std::uint32_t nodes, std::uint32_t degree, std::uint32_t targets, std::uint32_t labels) {
    std::mt19937 random(nodes + degree + labels);
    Rows rows(nodes);
    for (auto& row : rows) {
        row.resize(random() % (degree + 1));
        for (OutEdge& edge : row) {
            const auto label = static_cast<std::uint32_t>(random() % labels);
            edge = {static_cast<std::uint32_t>(random()) % targets, label * 1'000'003U,
                    static_cast<std::uint8_t>(label)};
        }
    }
    return rows;
}

TEST_CASE("rows give back the edges that were put in, in their order", "[explorer][edge_rows]") {
    for (const std::uint32_t labels : {1U, 2U, 300U}) {
        for (const std::uint32_t targets : {1U, 100U, 0xFFFF'FFFEU}) {
            const Rows rows = random_rows(3'000, 6, targets, labels);
            check_reads_as(written(rows), rows);
        }
    }
}

TEST_CASE("a row can be of any length", "[explorer][edge_rows]") {
    Rows rows = random_rows(100, 3, 5'000'000, 2);
    for (const std::size_t node : {std::size_t{0}, std::size_t{17}, std::size_t{18}, std::size_t{99}}) {
        rows[node] = random_rows(1, 1, 1, 1).front();
        rows[node].assign(60 * (node + 1), {static_cast<std::uint32_t>(3'000'000 - node), 7, 1});
    }
    rows[40].assign(700'000, {4'000'000'000U, 0, 0});  // more than a piece of the arena holds
    check_reads_as(written(rows), rows);
}

TEST_CASE("rows can be read while there are more to come", "[explorer][edge_rows]") {
    const Rows rows = random_rows(50, 4, 60, 3);
    EdgeRows edges;
    Rows so_far;
    for (const auto& row : rows) {
        for (const OutEdge& edge : row) edges.add(edge);
        CHECK(edges[edges.size()].empty());  // not ended yet
        edges.end_row();
        so_far.push_back(row);
        check_reads_as(edges, so_far);
    }
    CHECK(edges == written(rows));
    EdgeRows copy = edges;
    copy.add({1, 2, 3});
    copy.end_row();
    CHECK_FALSE(copy == edges);
    check_reads_as(edges, rows);
}

TEST_CASE("rows that were encoded apart, in pieces of any length, read as if written in one",
          "[explorer][edge_rows]") {
    std::mt19937 random(11);
    Rows rows = random_rows(3'000, 6, 4'000, 300);
    rows[700].assign(500, {3'999U, 7, 1});
    rows[701].assign(100, {3'999U, 7, 1});
    EdgeRows edges;
    for (std::uint32_t node = 0; node < rows.size();) {
        if (random() % 4 == 0) {  // one of the other kind between them
            for (const OutEdge& edge : rows[node]) edges.add(edge);
            edges.end_row();
            ++node;
            continue;
        }
        EncodedRows piece;
        piece.begin(node, 4'000, edges.base());
        const auto last = std::min<std::size_t>(rows.size(), node + random() % 70);
        for (; node < last; ++node) {
            for (const OutEdge& edge : rows[node])
                piece.add(edge.target, edges.code_of({edge.duration, edge.tags}));
            piece.end_row();
        }
        edges.append(piece);
    }
    check_reads_as(edges, rows);
    CHECK(edges == written(rows));
}

TEST_CASE("one different label, target or length makes rows unequal", "[explorer][edge_rows]") {
    const Rows rows{{{1, 5, 0}, {2, 0, 0}}, {}, {{0, 0, 0}}};
    for (const Rows& other :
         {Rows{{{1, 6, 0}, {2, 0, 0}}, {}, {{0, 0, 0}}}, Rows{{{1, 5, 0}, {2, 0, 0}}, {}, {{3, 0, 0}}},
          Rows{{{1, 5, 0}}, {{2, 0, 0}}, {{0, 0, 0}}}, Rows{{{1, 5, 0}, {2, 0, 1}}, {}, {{0, 0, 0}}}})
        CHECK_FALSE(written(rows) == written(other));
}

TEST_CASE("the labels are told, each once", "[explorer][edge_rows]") {
    const EdgeRows edges = written({{{1, 5, 0}, {2, 5, 0}}, {{0, 5, 1}, {0, 5, 0}}});
    CHECK(edges.labels() == std::vector<EdgeLabel>{{5, 0}, {5, 1}});
}

TEST_CASE("who found a node is told from the edges", "[explorer][edge_rows]") {
    std::mt19937 random(3);
    Rows rows;
    std::vector<std::uint32_t> source{no_node};  // by target; node 0 was there from the beginning
    for (std::uint32_t node = 0; node < source.size() && node < 2'000; ++node) {
        auto& row = rows.emplace_back();
        for (std::uint32_t degree = random() % 8; degree > 0 || node + 1 == source.size();
             degree -= degree > 0 ? 1 : 0) {
            if (random() % 4 == 0 || node + 1 == source.size()) {
                row.push_back({static_cast<std::uint32_t>(source.size()), 0, 0});
                source.push_back(node);
            } else {
                row.push_back({static_cast<std::uint32_t>(random() % source.size()), 0, 0});
            }
        }
    }
    const EdgeRows edges = written(rows);
    bool right = true;
    for (std::uint32_t target = 1; target < source.size(); ++target)
        right = right && edges.first_source_of(target) == source[target];
    CHECK(right);
}

}  // namespace
