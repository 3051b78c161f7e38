/// That what a NAT has of a connection stays within what left_behind() starts from where a table is kept,
/// whatever comes: the invariant of entries (spec/nat/entry_invariant.hpp) is inductive.
#pragma once

#include <functional>
#include <string>

#include "solver/answered_questions.hpp"
#include "solver/deadline.hpp"
#include "solver/recovery/induction.hpp"
#include "spec/nat/nat.hpp"

namespace halfopen {

/// Every event (each kind of segment with any numbers from either side, the timer) on every entry that the
/// invariant allows and on none; and that what restore() brings back is one.
/// answered: shared with other questions; not asked where somebody listens.  Throws OutOfTime.
Induction entry_invariant(z3::context& context, const Nat& nat,
                          const std::function<void(const std::string& smt_lib)>& record = {},
                          const Deadline& deadline = {}, AnsweredQuestions* answered = nullptr);

}  // namespace halfopen
