/// Actors of which nothing is known: every number a Z3 constant, every mark that a predicate may read a small
/// one.
///
/// Step functions branch on members that are no numbers (`orphan`, `last_class`, …).  A predicate is
/// therefore read once for each value of those that it looks at, and the readings are joined by cases.  Whole
/// runs leave the marks of an entry unknown instead, until a step looks at one (solver/z3_mark.hpp).
#pragma once

#include <z3++.h>

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "solver/z3_reading.hpp"

namespace halfopen {

/// A member with few values: value i of the Z3 constant stands for what set(actor, i) makes of it.
template <class Actor>
struct Mark {
    const char* name;
    unsigned values;
    void (*set)(Actor&, unsigned);
};

/// As bit i: the mark of index i.
using MarkSet = std::uint32_t;

inline z3::expr mark_constant(z3::context& context, const char* name) { return context.bv_const(name, 4); }
inline z3::expr mark_is(z3::context& context, const char* name, unsigned value) {
    return mark_constant(context, name) == context.bv_val(value, 4);
}

/// Makes every Word and Size an unknown of its member's name, and knows which members those are.
class UnknownNumbers {
   public:
    UnknownNumbers(const Z3Reading& r, std::string prefix) : r_(r), prefix_(std::move(prefix)) {}
    template <class T>
    void operator()(const char* name, T& member) {
        const std::string full = prefix_ + name;
        if constexpr (std::is_same_v<T, Z3Reading::Word>)
            member = r_.unknown(full.c_str());
        else if constexpr (std::is_same_v<T, Z3Reading::Size>)
            member = r_.unknown_size(full.c_str());
        else
            return;
        names.insert(full);
    }

    std::set<std::string> names;

   private:
    const Z3Reading& r_;
    std::string prefix_;
};

/// formula(actor) for an actor whose marks in `read` are unknown, by cases.
template <class Actor, class Formula>
z3::expr by_cases(z3::context& context, std::span<const Mark<Actor>> marks, MarkSet read, Actor actor,
                  const Formula& formula) {
    std::size_t first = 0;
    while (first < marks.size() && ((read >> first) & 1U) == 0) ++first;
    if (first >= marks.size()) return formula(actor);
    const Mark<Actor>& mark = marks[first];
    const MarkSet rest = read & ~(MarkSet{1} << first);
    mark.set(actor, mark.values - 1);
    z3::expr joined = by_cases(context, marks, rest, actor, formula);
    for (unsigned value = mark.values - 1; value-- > 0;) {
        mark.set(actor, value);
        const z3::expr one = by_cases(context, marks, rest, actor, formula);
        if (!z3::eq(one, joined)) joined = z3::ite(mark_is(context, mark.name, value), one, joined);
    }
    return joined;
}

/// Gives the numbers of an actor the values that a model has for them.
class NumbersOf {
   public:
    /// names: of those members that are numbers (UnknownNumbers::names).
    NumbersOf(z3::context& context, const z3::model& model, std::string prefix,
              const std::set<std::string>& names)
        : context_(context), model_(model), prefix_(std::move(prefix)), names_(names) {}
    template <class T>
    void operator()(const char* name, T& member) {
        if constexpr (std::is_same_v<T, Number> || std::is_same_v<T, std::uint32_t>) {
            const std::string full = prefix_ + name;
            if (!names_.contains(full)) return;
            const auto value = static_cast<std::uint32_t>(
                model_.eval(context_.bv_const(full.c_str(), 32), true).get_numeral_uint64());
            if constexpr (std::is_same_v<T, Number>)
                member = Number{value, 0};
            else
                member = value;
        }
    }

   private:
    z3::context& context_;
    const z3::model& model_;
    std::string prefix_;
    const std::set<std::string>& names_;
};

/// "As in this actor", member by member.
template <class Actor>
class WishesOf {
   public:
    /// numbers: names of the members that are numbers.  marks: those with few values.
    WishesOf(z3::context& context, const std::set<std::string>& numbers, std::span<const Mark<Actor>> marks,
             std::vector<z3::expr>& wishes)
        : context_(context), numbers_(numbers), marks_(marks), wishes_(wishes) {}
    template <class T>
    void operator()(const char* name, const T& member) {
        if constexpr (std::is_same_v<T, Number>) {
            wishes_.push_back(context_.bv_const(name, 32) == context_.bv_val(member.value, 32));
        } else if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) {
            const auto value = static_cast<unsigned>(member);
            if (numbers_.contains(name))
                wishes_.push_back(context_.bv_const(name, 32) == context_.bv_val(value, 32));
            for (const Mark<Actor>& mark : marks_)
                if (std::string_view(mark.name) == name) wishes_.push_back(mark_is(context_, name, value));
        }
    }

   private:
    z3::context& context_;
    const std::set<std::string>& numbers_;
    std::span<const Mark<Actor>> marks_;
    std::vector<z3::expr>& wishes_;
};

}  // namespace halfopen
