/// How long a check may take, guessed before it is made.
#pragma once

#include "spec/world/model.hpp"

namespace halfopen {

/// Grows with the number of worlds that can be expected.  Good for putting checks in an order, and for
/// nothing else: what a policy does with the segments decides too, and is only known afterwards.
///
/// It is a product, since what one client can do meets everything that another can do.  Each client counts
/// once more for every moment at which it may begin to reconnect, for giving a connect() up (the next one
/// draws anew), for changing its port, and for ISNs that follow its clock (never renamed, so that the
/// sum of all timers counts).  Each loss or duplication may strike any segment.  Clients that are due
/// together come in any order unless the network keeps one.
double estimated_cost(const Model& model);

}  // namespace halfopen
