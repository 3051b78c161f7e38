/// One recorded connection against an endpoint policy, step by step.  Use it through endpoint_replay.hpp.
#pragma once

#include "conformance/comparison_notes.hpp"
#include "conformance/vectors.hpp"
#include "conformance/verdict.hpp"
#include "spec/tcp/endpoint.hpp"

namespace halfopen::conformance {

class ConnectionReplay {
   public:
    ConnectionReplay(const Endpoint& endpoint, bool passive, Tally& tally);

    std::optional<Disagreement> play(const EndpointObservation& observed);

   private:
    using Step = EndpointStep<ConcreteReading>;

    Step perform(const EndpointObservation& observed, const ConcreteSegment& segment);
    Step receive_segment(const EndpointObservation& observed, const ConcreteSegment& segment);
    /// Lets timers fire as the recording shows it; adds what they send.
    void follow_timers(const EndpointObservation& observed, std::vector<ObservedReply>& model,
                       Comparison& comparison);
    bool fire_for(const ObservedReply& reply, std::uint32_t until, std::vector<ObservedReply>& model);
    void advance(std::uint32_t to, Comparison& comparison);
    void judge_timer(const EndpointObservation& observed, Comparison& comparison) const;
    void follow_window(const EndpointObservation& observed);
    void forget_if_gone();
    Number own_clock() const;
    void set_clock();
    void take_syn_timestamp(const ObservedReply& reply, bool first);
    ObservedReply sent_now(const ConcreteSegment& segment) const;
    /// When a timer has fired at the latest, from now on.
    std::uint32_t latest(TcpTimer timer) const;
    void measure_round_trip(const ConcreteTcb& before);
    void note_start(const ConcreteTcb& before);

    const Endpoint& endpoint_;
    const bool passive_;
    Tally& tally_;
    ConcreteReading reading_;
    ConcreteTcb tcb_;
    std::uint32_t now_ = 0;
    std::optional<std::uint32_t> clock_offset_;  ///< TSval less the time, once a reply has told it
    std::uint32_t started_ = 0,
                  started_with_ = 0;  ///< of the retransmission timer: when, and with which wait
    std::uint32_t outstanding_since_ = 0;
    std::uint32_t longest_round_trip_ = 0;
    std::string rule_;
};

}  // namespace halfopen::conformance
