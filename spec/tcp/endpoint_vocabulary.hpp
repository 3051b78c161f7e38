/// The words of endpoint policies as enums; endpoint_vocabulary() has the same words, in this order, with
/// their meanings.
#pragma once

#include <cstddef>
#include <cstdint>

#include "spec/policy/vocabulary.hpp"

namespace halfopen {

enum class EndpointPredicate : std::uint8_t {
    HasAck,
    HasData,
    SegmentAcceptable,
    DataAcceptable,
    GvisorAcceptable,
    LinuxSequence,
    Linux618Sequence,
    LinuxInWindow,
    SeqInWindow,
    SeqInWindowOrAtItsEdge,
    SeqLeftOfWindow,
    SeqRightOfWindow,
    SeqAfterRcvNxt,
    SeqIsRcvNxt,
    SeqIsRcvNxtMinusOne,
    SeqIsRcvNxtPlusOne,
    SeqIsIrs,
    SeqIsLastAckSent,
    SeqInWindowFromLastAckSent,
    SeqWithinOneOfRcvNxt,
    SeqWithinOneOfLastAckSent,
    SeqInBsdResetWindow,
    TextInOrder,
    TextAfterRcvNxt,
    DataEndsAfterRcvNxt,
    AckAcceptable,
    AckAboveSndNxt,
    AckAtOrBelowUna,
    AckBelowUna,
    AckTooOld,
    AckBeforeFirstOctet,
    AckBeforeIss,
    AckInSynSentAcceptable,
    AckIsSndNxt,
    OpenedActively,
    FirstTransmission,
    Orphan,
    HasTimestamp,
    TimestampMissing,
    TsBeforeRecent,
    TsMoreThanOneBeforeRecent,
    TsAfterRecent,
    TsWithinReplayWindow,
    AckIsSndUna,
    RequestSocket,
    HeaderPrediction,
    Count
};

enum class EndpointAction : std::uint8_t {
    Drop,
    SendAck,
    SendChallengeAck,
    SendReset,
    SendResetForSegment,
    SendResetAckForSegment,
    SendResetAcknowledgingSyn,
    SendAckForSegment,
    SendSynAck,
    ResendSynAck,
    Open,
    Reopen,
    AcceptSyn,
    AcceptAck,
    AcceptData,
    AcceptFin,
    Enter,
    Delete,
    ReportEstablished,
    ReportRefused,
    ReportReset,
    Touch,
    RetransmitSynSoon,
    ResendSyn,
    RestartSynSchedule,
    CountRetransmission,
    RestartTimeWait,
    RememberTimestamp,
    HandOver,
    Count
};

enum class EndpointParameter : std::uint8_t {
    Keepalive,
    KeepaliveIdle,
    KeepaliveInterval,
    KeepaliveCount,
    KeepaliveReset,
    KeepaliveRefresh,
    IdleClose,
    SynRetransmit,
    SynNeverGivesUp,
    QuickSyn,
    SynAckRetransmit,
    DataRetransmit,
    CrossedSynRetransmit,
    LateSynRetransmit,
    OrphanRetransmit,
    RetransmitsForEver,
    PartialAckRestartsTimer,
    DataTimeoutReset,
    TimeWait,
    FinWait2,
    TcpInvalidRatelimit,
    AckWarTimewindow,
    AckWarCnt,
    InsecureSyn,
    InsecureRst,
    TcpRfc1337,
    RcvWnd,
    IsnSource,
    IsnClockPerMs,
    Timestamps,
    TcpTwRecycle,
    TwRecycleTimeout,
    TolerateMissingTs,
    OldAckTimestamp,
    ApplicationReads,
    Count
};

inline constexpr std::size_t endpoint_predicate_count = static_cast<std::size_t>(EndpointPredicate::Count);
inline constexpr std::size_t endpoint_action_count = static_cast<std::size_t>(EndpointAction::Count);
inline constexpr std::size_t endpoint_parameter_count = static_cast<std::size_t>(EndpointParameter::Count);

}  // namespace halfopen
