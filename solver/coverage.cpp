#include "solver/coverage.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <vector>

#include "solver/comparison_holds.hpp"
#include "solver/in_arc.hpp"
#include "solver/z3_reading.hpp"
#include "spec/numbers/concrete_reading.hpp"

namespace halfopen {
namespace {

/// A comparison between the number and one live origin.
struct Question {
    Comparison comparison;
    std::uint32_t live = 0;
    bool drawn_is_left = true;

    template <Reading R>
    typename R::Bool answer(R& r, const typename R::Word& drawn, const typename R::Word& other) const {
        return drawn_is_left ? comparison_holds(r, comparison, drawn, other)
                             : comparison_holds(r, comparison, other, drawn);
    }

    bool answer_for(std::uint32_t drawn) const {
        ConcreteReading r;
        return answer(r, r.literal(drawn), r.literal(live));
    }
};

std::vector<Question> questions(std::span<const Comparison> comparisons, OriginRole drawn,
                                std::span<const Origin> live) {
    std::vector<Question> result;
    for (const Comparison& c : comparisons)
        for (const Origin& origin : live) {
            if (c.left == drawn && c.right == origin.role) result.push_back({c, origin.value, true});
            if (c.right == drawn && c.left == origin.role) result.push_back({c, origin.value, false});
        }
    return result;
}

/// value in one of those cells that `chosen` picks by index.
template <class Chosen>
z3::expr in_any(Z3Reading& r, z3::context& context, const z3::expr& value, std::span<const Cell> cells,
                Chosen chosen) {
    z3::expr_vector arcs(context);
    for (std::size_t i = 0; i < cells.size();) {
        if (!chosen(i)) {
            ++i;
            continue;
        }
        const std::uint32_t first = cells[i].first;
        std::uint64_t size = cells[i].size;
        for (++i; i < cells.size() && chosen(i) && cells[i].first == static_cast<std::uint32_t>(first + size);
             ++i)
            size += cells[i].size;
        arcs.push_back(in_arc(context, value, {first, size}));
    }
    return arcs.empty() ? r.truth(false) : z3::mk_or(arcs);
}

/// A value for which a cell is missing or wrong.
std::optional<std::uint32_t> find_violation(z3::context& context, std::span<const Cell> cells,
                                            std::span<const Question> asked, bool any_live_value) {
    Z3Reading r(context);
    const Z3Reading::Word drawn = r.unknown("value");
    const z3::expr value = r.term(drawn);
    // Asking about value + shift and live + shift for all shifts, the representatives included (each is a
    // value of some cell), ties every answer to the one at shift 0, which is computed here.
    const Z3Reading::Size shift = any_live_value ? r.unknown_size("live") : r.size(0);

    z3::expr_vector violations(context);
    violations.push_back(!in_any(r, context, value, cells, [](std::size_t) { return true; }));
    std::vector<std::uint8_t> said(cells.size());
    for (const Question& question : asked) {
        for (std::size_t i = 0; i < cells.size(); ++i) said[i] = question.answer_for(cells[i].representative);
        const z3::expr holds =
            question.answer(r, r.advance(drawn, shift), r.advance(r.literal(question.live), shift));
        const auto said_yes = [&](std::size_t i) { return said[i] != 0; };
        const auto said_no = [&](std::size_t i) { return said[i] == 0; };
        violations.push_back(z3::ite(holds, in_any(r, context, value, cells, said_no),
                                     in_any(r, context, value, cells, said_yes)));
    }

    z3::solver solver(context, "QF_BV");
    solver.add(z3::mk_or(violations));
    switch (solver.check()) {
        case z3::unsat:
            return std::nullopt;
        case z3::sat:
            return static_cast<std::uint32_t>(solver.get_model().eval(value, true).get_numeral_uint64());
        case z3::unknown:
            break;
    }
    throw std::runtime_error("Z3 cannot settle whether cells cover: " + solver.reason_unknown());
}

CoverageResult prove_each(z3::context& context, std::span<const Cell> cells, std::span<const Question> asked,
                          bool any_live_value) {
    CoverageResult result;
    result.witness = find_violation(context, cells, asked, any_live_value);
    result.proved = !result.witness;
    if (result.proved) return result;
    for (const Cell& cell : cells) {
        if (!cell.contains(*result.witness)) continue;
        for (const Question& question : asked) {
            if (question.answer_for(*result.witness) == question.answer_for(cell.representative)) continue;
            result.distinguished_by = question.comparison;
            result.representative = cell.representative;
            return result;
        }
    }
    return result;
}

std::string describe(const Comparison& c) {
    const std::string difference = fmt::format("(role {} - role {} + {})", c.left, c.right, c.offset);
    switch (c.kind) {
        case Comparison::Kind::Before:
            return fmt::format("(int32){} < 0", difference);
        case Comparison::Kind::Equal:
            return fmt::format("{} = 0", difference);
        case Comparison::Kind::Within:
            return fmt::format("{} < {}", difference, c.size);
    }
    return {};
}

}  // namespace

struct CoverageProver::Engine {
    z3::context context;
};

CoverageProver::CoverageProver() : engine_(std::make_unique<Engine>()) {}
CoverageProver::~CoverageProver() = default;

CoverageResult CoverageProver::prove(std::span<const Cell> cells, std::span<const Comparison> comparisons,
                                     OriginRole drawn, std::span<const Origin> live) {
    return prove_each(engine_->context, cells, questions(comparisons, drawn, live), false);
}

CoverageResult CoverageProver::prove_pair(std::span<const Cell> cells,
                                          std::span<const Comparison> comparisons, OriginRole drawn,
                                          OriginRole live) {
    const Origin zero{live, 0};
    return prove_each(engine_->context, cells, questions(comparisons, drawn, std::span(&zero, 1)), true);
}

CoverageResult prove_coverage(std::span<const Cell> cells, std::span<const Comparison> comparisons,
                              OriginRole drawn, std::span<const Origin> live) {
    return CoverageProver().prove(cells, comparisons, drawn, live);
}

CoverageResult prove_pair_coverage(std::span<const Cell> cells, std::span<const Comparison> comparisons,
                                   OriginRole drawn, OriginRole live) {
    return CoverageProver().prove_pair(cells, comparisons, drawn, live);
}

std::string CoverageResult::explain() const {
    if (proved) return "proved: every value has a representative that no comparison tells from it";
    if (!witness) return "not proved";
    if (!distinguished_by) return fmt::format("not proved: {} lies in no cell", *witness);
    return fmt::format("not proved: {} is told from its representative {} by {}", *witness,
                       representative.value_or(0), describe(*distinguished_by));
}

}  // namespace halfopen
