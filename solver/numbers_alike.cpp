#include "solver/numbers_alike.hpp"

#include <z3++.h>

#include <algorithm>
#include <map>
#include <string>

#include "solver/in_arc.hpp"
#include "spec/world/model.hpp"

namespace halfopen {
namespace {

/// A sum of up to 2^31 distances has room in it.
constexpr unsigned sum_bits = 63;

/// Without the distances that are in both sums, and with no other numbers than the rest is of: most steps of
/// a world with several clients then ask the same few questions.
struct Shortened {
    std::vector<Origin> origins;
    std::vector<Distance> before, after;

    Shortened(std::span<const Origin> all, std::span<const Distance> earlier, std::span<const Distance> later)
        : before(earlier.begin(), earlier.end()), after(later.begin(), later.end()) {
        std::erase_if(before, [&](const Distance& one) {
            const auto same = std::find(after.begin(), after.end(), one);
            if (same == after.end()) return false;
            after.erase(same);
            return true;
        });
        std::map<std::size_t, std::size_t> places;
        for (std::vector<Distance>* sum : {&before, &after})
            for (Distance& one : *sum)
                for (Distance::End* end : {&one.from, &one.to}) {
                    const auto [place, is_new] = places.try_emplace(end->origin, origins.size());
                    if (is_new) origins.push_back(all[end->origin]);
                    end->origin = place->second;
                }
    }
};

}  // namespace

struct NumbersAlike::Engine {
    /// All that an answer depends on: which values ungiven numbers have does not matter, their relations do.
    struct Question {
        std::vector<std::pair<OriginRole, std::uint32_t>> numbers;  ///< with the values of given ones
        std::vector<std::uint32_t> relations;
        std::vector<Distance> before, after;

        friend auto operator<=>(const Question&, const Question&) = default;
    };

    static Question question(const Cuts& cuts, std::span<const Origin> origins,
                             std::span<const Distance> before, std::span<const Distance> after) {
        Question asked{{}, {}, {before.begin(), before.end()}, {after.begin(), after.end()}};
        for (std::size_t i = 0; i < origins.size(); ++i) {
            asked.numbers.emplace_back(origins[i].role, is_given(origins[i].role) ? origins[i].value : 0);
            for (std::size_t j = 0; j < i; ++j)
                asked.relations.push_back(relation(cuts, origins[i], origins[j]));
        }
        return asked;
    }

    const Cuts& cuts;
    z3::context context{};
    std::map<Question, Growth> known{};

    std::vector<z3::expr> terms(std::span<const Origin> origins) {
        std::vector<z3::expr> values;
        for (std::size_t i = 0; i < origins.size(); ++i)
            values.push_back(is_given(origins[i].role)
                                 ? context.bv_val(origins[i].value, 32)
                                 : context.bv_const(("n" + std::to_string(i)).c_str(), 32));
        return values;
    }
    z3::expr sum(const std::vector<z3::expr>& values, std::span<const Distance> distances) {
        z3::expr all = context.bv_val(0, sum_bits);
        for (const auto& [from, to] : distances)
            all = all + z3::zext(values[to.origin] + context.bv_val(to.added, 32) - values[from.origin] -
                                     context.bv_val(from.added, 32),
                                 sum_bits - 32);
        return all;
    }
    Growth growth(std::span<const Origin> origins, std::span<const Distance> before,
                  std::span<const Distance> after) {
        z3::solver solver(context);
        const std::vector<z3::expr> values = terms(origins);
        for (std::size_t i = 0; i < origins.size(); ++i)
            for (std::size_t j = 0; j < i; ++j)
                solver.add(
                    in_arc(context, values[i] - values[j], differences_alike(cuts, origins[i], origins[j])));
        const z3::expr earlier = sum(values, before), later = sum(values, after);
        const auto always = [&](const z3::expr& claim) {
            solver.push();
            solver.add(!claim);
            const bool holds = solver.check() == z3::unsat;
            solver.pop();
            return holds;
        };
        if (always(z3::ult(later, earlier))) return Growth::Less;
        return always(z3::ule(later, earlier)) ? Growth::NotMore : Growth::Unknown;
    }
};

NumbersAlike::NumbersAlike(const Cuts& cuts) : engine_(std::make_unique<Engine>(cuts)) {}
NumbersAlike::~NumbersAlike() = default;

Growth NumbersAlike::growth(std::span<const Origin> origins, std::span<const Distance> before,
                            std::span<const Distance> after) {
    const Shortened asked(origins, before, after);
    if (asked.before == asked.after) return Growth::NotMore;
    const auto [known, is_new] = engine_->known.try_emplace(
        Engine::question(engine_->cuts, asked.origins, asked.before, asked.after), Growth::Unknown);
    if (is_new) known->second = engine_->growth(asked.origins, asked.before, asked.after);
    return known->second;
}

}  // namespace halfopen
