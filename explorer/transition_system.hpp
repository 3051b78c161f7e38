#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// What the explorer asks of the system it explores: nothing but these two concepts.  The explorer never
/// looks inside a state or a label, so it serves a network protocol and a river-crossing puzzle alike.
namespace halfopen::explorer {

/// A state as a canonical string of bytes: two states are equal if and only if their strings are.
using PackedState = std::vector<std::byte>;

/// A label says which step was taken.
///  - duration(): the model time that passes during the step, in ms, counted towards recovery; may be 0.
///  - tags(): eight bits the system gives its own meaning; an analysis can leave out edges by tag
///  (EdgeFilter).
template <class L>
concept StepLabel = requires(const L& label) {
    { label.duration() } -> std::convertible_to<std::uint32_t>;
    { label.tags() } -> std::convertible_to<std::uint8_t>;
};

namespace detail {

/// The least a system may assume of the sinks it is given: callable, also when const.
template <class... Args>
struct NullSink {
    void operator()(const Args&...) const {}
};

}  // namespace detail

/// A transition system in the sense of Baier & Katoen, "Principles of Model Checking" (2008), def. 2.1, given
/// implicitly by its successor function.
///
///  - S::State is any copyable type, S::Label a StepLabel.
///  - initial(sink) calls sink(State) once or more; repeating a state does no harm.
///  - successors(state, sink) calls sink(Label, State) for each step from `state`, always in the same order.
///    A goal state normally has no successors.
///  - marks(state): bit 0 is set in goal states; other bits are the system's own (one per client, per
///  property).
///  - pack(state, out) appends the canonical bytes of `state` to `out`; unpack(bytes) gives the state back.
///
/// initial and successors may change the system object (caches, logs) but must behave as functions of the
/// state.
template <class S>
concept TransitionSystem = StepLabel<typename S::Label> && std::copyable<typename S::State> &&
    requires(S& system, const S& fixed, const typename S::State& state, PackedState& out,
             std::span<const std::byte> bytes, const detail::NullSink<typename S::State>& initial_sink,
             const detail::NullSink<typename S::Label, typename S::State>& successor_sink) {
    system.initial(initial_sink);
    system.successors(state, successor_sink);
    { fixed.marks(state) } -> std::convertible_to<std::uint32_t>;
    fixed.pack(state, out);
    { fixed.unpack(bytes) } -> std::convertible_to<typename S::State>;
};

}  // namespace halfopen::explorer
