#include "verifier/verifier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "spec/world/packing.hpp"
#include "verifier/cells_check.hpp"
#include "verifier/description.hpp"
#include "verifier/measures_check.hpp"
#include "verifier/path_check.hpp"

namespace halfopen::verifier {

namespace {

WorldOptions plain_steps(const Claim& claim) {
    WorldOptions options;
    options.corners = claim.question.complete_isn ? Corners::All : Corners::None;
    options.merge_commuting_steps = false;
    return options;
}

/// One pass over a certificate's states, in their order.
class Pass {
   public:
    Pass(const Certificate& certificate, const Model& model, std::stop_token stop)
        : certificate_(certificate), model_(model), stop_(std::move(stop)), system_(plain_system()) {}

    Verification run() {
        check_all();
        return std::move(result_);
    }

   private:
    WorldSystem plain_system() const {
        return {model_, Cuts(certificate_.comparisons()), plain_steps(certificate_.claim())};
    }

    /// Stops at the first lie.
    void check_all() {
        const Counts& counts = certificate_.counts();
        if (!check_roots()) return;
        for (std::uint64_t id = 0; id < counts.states; ++id) {
            if (stop_.stop_requested()) {
                result_.interrupted = true;
                return;
            }
            if (!check_state(id)) return;
            ++result_.states;
        }
        if (confirmed_ != counts.states) {
            lie("a state is listed that no step leads to");
            return;
        }
        if (const auto fault = fault_in_times(certificate_)) {
            lie(*fault);
            return;
        }
        if (!check_properties()) return;
        if (const auto fault = fault_in_cells(system_)) lie(*fault);
    }

    /// Where the states begin: the initial ones, or the end of the path into the trap.
    bool check_roots() {
        const Claim& claim = certificate_.claim();
        PathRun path;
        if (claim.verdict != Verdict::Bounded)
            path = run_path(plain_system(), certificate_);
        else if (certificate_.counts().path_states + certificate_.counts().loop_begin > 0)
            return lie("there is a path, though the verdict needs none");
        if (path.lie) {
            result_.lie = std::move(path.lie);
            return false;
        }
        std::uint64_t roots = 0;
        bool good = true;
        const auto root = [&](const World& world) {
            good = good && check_root(world, roots);
            ++roots;
        };
        if (claim.verdict == Verdict::Permanent)
            root(path.end);
        else
            system_.initial(root);
        if (good && roots != certificate_.counts().roots)
            return lie(
                fmt::format("there are {} states to begin with, not {}", roots, certificate_.counts().roots));
        return good;
    }

    bool check_root(const World& world, std::uint64_t i) {
        if (i >= certificate_.counts().roots) return lie("an initial state is left out", world);
        if (!name_target(certificate_.root(i)) || !is_state(world, certificate_.root(i)))
            return lie("an initial state is left out; another is listed in its place", world);
        return true;
    }

    /// A target may be a state named before, or else the next one: so each is reached, and each is compared
    /// with what the verifier has computed before its own turn comes.
    bool name_target(std::uint32_t id) {
        if (id > confirmed_ || id >= certificate_.counts().states) return false;
        if (id == confirmed_) ++confirmed_;
        return true;
    }

    bool is_state(const World& world, std::uint32_t id) {
        packed_.clear();
        pack_world(world, packed_);
        const auto state = certificate_.state(id);
        return std::equal(packed_.begin(), packed_.end(), state.begin(), state.end());
    }

    bool check_state(std::uint64_t id) {
        if (id >= confirmed_) return lie("a state is listed that no step leads to");
        unpack_world(certificate_.state(id), world_);
        certificate_.targets(id, targets_);
        for (std::size_t i = 0; i < targets_.size(); ++i) {
            const auto before = targets_.begin() + static_cast<std::ptrdiff_t>(i);
            if (!name_target(targets_[i]) || std::find(targets_.begin(), before, targets_[i]) != before)
                return lie(fmt::format("of state {} the step to {} is listed twice, or before its turn", id,
                                       targets_[i]),
                           world_);
        }
        return check_steps(id);
    }

    bool check_steps(std::uint64_t id) {
        successors_.clear();
        reached_.assign(targets_.size(), false);
        bool good = true;
        system_.successors(world_, [&](const Step& step, const World& next) {
            ++result_.transitions;
            properties_ |= step.tags();
            const auto target = std::find_if(targets_.begin(), targets_.end(),
                                             [&](std::uint32_t t) { return is_state(next, t); });
            if (target == targets_.end()) {
                good = good && lie(fmt::format("of state {} a step is left out, to this state", id), next);
                return;
            }
            reached_[static_cast<std::size_t>(target - targets_.begin())] = true;
            successors_.push_back({*target, step.duration()});
        });
        if (!good) return false;
        const auto missed = std::find(reached_.begin(), reached_.end(), false);
        if (missed != reached_.end())
            return lie(fmt::format("of state {} a step is listed that cannot be made, to state {}", id,
                                   targets_[static_cast<std::size_t>(missed - reached_.begin())]),
                       world_);
        const bool recovered = (system_.marks(world_) & 1U) != 0;
        if (const auto fault = fault_in_measures(certificate_, id, recovered, successors_))
            return lie(fmt::format("state {}: {}", id, *fault), world_);
        return true;
    }

    bool check_properties() {
        const SideProperties seen{(properties_ & tag::leak) != 0, (properties_ & tag::cross) != 0,
                                  (properties_ & tag::collateral) != 0};
        const auto& claimed = certificate_.claim().properties;
        const bool permanent = certificate_.claim().verdict == Verdict::Permanent;
        if (permanent ? !claimed.has_value() : claimed == seen) return true;
        return lie("the side properties are not those of the transitions");
    }

    /// Always false.
    bool lie(std::string what) {
        result_.lie = Lie{std::move(what), {}};
        return false;
    }
    bool lie(std::string what, const World& world) {
        result_.lie = Lie{std::move(what), describe(model_, world)};
        return false;
    }

    const Certificate& certificate_;
    const Model& model_;
    std::stop_token stop_;
    WorldSystem system_;
    Verification result_;
    std::uint64_t confirmed_ = 0;  ///< states that have been computed, or named as the next to be
    std::uint8_t properties_ = 0;
    World world_;
    std::vector<std::byte> packed_;
    std::vector<std::uint32_t> targets_;
    std::vector<bool> reached_;
    std::vector<Successor> successors_;
};

}  // namespace

Verification verify(const Certificate& certificate, const Model& model, std::stop_token stop) {
    return Pass(certificate, model, std::move(stop)).run();
}

}  // namespace halfopen::verifier
