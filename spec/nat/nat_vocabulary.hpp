/// The words of NAT policies, by index: what nat_vocabulary() lists, in the same order.
#pragma once

#include <cstddef>
#include <cstdint>

#include "spec/policy/vocabulary.hpp"

namespace halfopen {

enum class NatPredicate : std::uint16_t {
    FlagsValid,
    SeenReply,
    Assured,
    WindowAccepts,
    WindowIgnores,
    CloseInitiated,
    CloseInitiatedBySender,
    LastWasSyn,
    LastWasAck,
    LastWasRst,
    LastFromSameSide,
    LastFromOtherSide,
    AckIsLastEnd,
    SeqIsLastAck,
    SeqIsLastEnd,
    SeqIsZero,
    SeqAfterSenderEnd,
    PeerHasMaxack,
    SeqBeforePeerMaxack,
    SeqIsPeerMaxack,
    SimultaneousOpen,
    ChallengeAckExpected,
    BothSidesSynSent,
    SenderUnmarked,
    SenderMarkedSyn,
    SenderMarkedAck,
    SenderOpen,
    PeerOpen,
    CarriesAck,
};
inline constexpr std::size_t nat_predicate_count = 29;

enum class NatAction : std::uint16_t {
    Create,
    PickUp,
    Track,
    Enter,
    Accept,
    Ignore,
    Invalid,
    Drop,
    Repeat,
    DeleteEntry,
    DeleteUnanswered,
    Remember,
    RememberAck,
    NoteInvalid,
    Resynchronise,
    ExpectChallengeAck,
    ForgetChallengeAck,
    NoteSimultaneousOpen,
    MoveSides,
    MoveSidesLoosely,
    MarkSenderSyn,
    MarkSenderAck,
    MarkSenderOpen,
    MarkSenderClosed,
    UnmarkSides,
    ForgetSender,
    SendReset,
    SendBareReset,
    SendFullReset,
    SendChallengeAck,
};
inline constexpr std::size_t nat_action_count = 30;

}  // namespace halfopen
