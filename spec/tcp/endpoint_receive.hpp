/// receive(): finds the rule, then does what it says.  Use it through endpoint.hpp.
#pragma once

#include "spec/tcp/endpoint_actions.hpp"
#include "spec/tcp/predicates.hpp"

namespace halfopen {

template <Reading R>
EndpointStep<R> receive(R& r, const Endpoint& endpoint, Tcb<R>& tcb, const Segment<R>& segment,
                        const std::optional<typename R::Word>& fresh_isn) {
    EndpointPredicates<R> predicates(r, tcb, segment);
    const CompiledRule* found = first_match(
        r,
        endpoint.table().rules(static_cast<std::size_t>(tcb.state),
                               static_cast<std::size_t>(segment_class(segment.flags)), direction_original),
        [&](std::uint16_t index) { return predicates.holds(static_cast<EndpointPredicate>(index)); });

    detail::EndpointActions<R> actions{{r, endpoint.settings(), tcb}, segment, fresh_isn};
    if (found == nullptr) {
        actions.step.reason = "no rule";
        return actions.step;
    }
    actions.step.rule = &endpoint.policy().rules[found->rule];
    if (!fresh_isn) {
        for (const Action& action : found->actions) {
            if (static_cast<EndpointAction>(action.verb) != EndpointAction::Open) continue;
            actions.step.needs_isn = true;
            return actions.step;
        }
    }
    // t_rcvtime of the BSDs is set before any validation (tcp_do_segment).
    if (endpoint.settings().keepalive_refresh == KeepaliveRefresh::AnySegment) actions.touch();
    for (const Action& action : found->actions) {
        actions.perform(action);
        if (actions.finished) break;
    }
    return actions.step;
}

}  // namespace halfopen
