/// The environment's choices within one step.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "spec/world/step.hpp"

namespace halfopen {

/// What a step cannot go on without.
struct Need {
    Draw::Kind kind = Draw::Kind::Isn;
    OriginRole role = 0;              ///< of an ISN
    std::vector<PortChoice> ports{};  ///< of a port
    bool repeated = false;            ///< of an ISN: the party has drawn before
};

/// Choices made so far, taken in order.  A step that finds none left says what it needs; it is then run again
/// from the start, once for each possible answer.
class Choices {
   public:
    void rewind() { next_ = 0; }
    void push(const Draw& draw) { made_.push_back(draw); }
    void pop() { made_.pop_back(); }

    /// Nothing (and need() set) where the next choice has not been made.
    std::optional<Draw> take(Need need) {
        if (next_ == made_.size()) {
            need_ = std::move(need);
            return std::nullopt;
        }
        return made_[next_++];
    }
    const std::optional<Need>& need() const { return need_; }
    void forget_need() { need_.reset(); }

   private:
    std::vector<Draw> made_;
    std::size_t next_ = 0;
    std::optional<Need> need_;
};

}  // namespace halfopen
