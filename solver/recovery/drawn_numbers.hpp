/// The numbers of a search by their roles, and the ranges between two of them that its claim leaves out.
#pragma once

#include <z3++.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "solver/easy_questions.hpp"
#include "solver/recovery/left_behind.hpp"
#include "solver/recovery/proof.hpp"
#include "solver/z3_reading.hpp"

namespace halfopen {

/// A number that somebody has drawn, or that was there before.
struct NamedNumber {
    std::string role;
    Z3Reading::Word word;
    std::string unknown{};  ///< drawn_name(); none of one that was there before
};

class DrawnNumbers {
   public:
    static constexpr const char* client_role = "ISS";
    static constexpr const char* server_role = "the server's new ISS";

    /// context and start must outlive it.
    DrawnNumbers(z3::context& context, const LeftBehind& start, std::vector<LeftOut> left_out);

    /// Any number at all.  It is told by its distance from that of the old connection, so that Z3 has no sums
    /// to compare, and by how many of its role there are, so that it is the same unknown on many paths.
    NamedNumber fresh(const std::string& role) const;
    void push(const NamedNumber& drawn) { drawn_.push_back(drawn); }
    void pop() { drawn_.pop_back(); }
    /// As before the first one.
    void clear() { drawn_.clear(); }
    /// Those that were there before, then the drawn ones.
    std::vector<NamedNumber> all() const;

    /// Decides whether a number that is about to be drawn lies where the claim leaves it out, as seen from
    /// those that were there before and from those drawn ones that are there still.  Of what lies close to a
    /// number that is gone nothing is left out: it has to recover as well.
    /// there: unknowns of the connection at hand.
    bool is_left_out(Z3Reading& r, const NamedNumber& number, const std::vector<z3::expr>& there) const;

    /// Whether the numbers of a path are few because one lies close to another: the least such range that may
    /// be left out (may_be_left_out()); once to find ranges has been hard all that lies near (all_near()).
    /// path: what is known of it; has been checked.
    std::optional<LeftOut> corner(EasyQuestions& path);
    /// The same of the last number beside those that were there before: of a path that draws number after
    /// number, a corner that each attempt has hit is the last one's as well.
    std::optional<LeftOut> corner_of_last(EasyQuestions& path);
    /// All that lies near another number, where the claim holds for the other numbers of a path: that many
    /// may be left out even though more of them than that take the path. path: what is known of it; has been
    /// checked.
    std::optional<LeftOut> corner_unless(EasyQuestions& path, const z3::expr& claim);

    const std::vector<LeftOut>& left_out() const { return left_out_; }
    /// False where it would be one range too many.
    bool leave_out(const LeftOut& range);

   private:
    using Numbers = std::vector<NamedNumber>;
    using Models = std::vector<z3::model>;  ///< of the path under way
    std::optional<z3::expr> left_out_between(const Z3Reading& r, const NamedNumber& number,
                                             const NamedNumber& other) const;
    void find_corner(EasyQuestions& path, Models& models, const NamedNumber& drawn, const Numbers& others,
                     std::optional<LeftOut>& least);
    std::optional<LeftOut> range_around(EasyQuestions& path, Models& models, const NamedNumber& drawn,
                                        const NamedNumber& other, const std::optional<LeftOut>& least);

    z3::context& context_;
    const LeftBehind& start_;
    Z3Reading r_;
    Numbers before_, drawn_;
    std::vector<LeftOut> left_out_;
    std::uint64_t work_on_exactness_ = 0;
};

}  // namespace halfopen
