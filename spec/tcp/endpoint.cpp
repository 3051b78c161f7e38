#include "spec/tcp/endpoint.hpp"

#include <utility>

#include "spec/tcp/endpoint_vocabulary.hpp"

namespace halfopen {

Endpoint::Endpoint(Policy policy)
    : policy_(std::move(policy)), table_(policy_), settings_(read_endpoint_settings(policy_)) {}

std::string_view to_string(ConnectionEvent event) {
    switch (event) {
        case ConnectionEvent::None:
            return "";
        case ConnectionEvent::Established:
            return "established";
        case ConnectionEvent::Refused:
            return "connection refused";
        case ConnectionEvent::Reset:
            return "connection reset";
        case ConnectionEvent::TimedOut:
            return "timed out";
        case ConnectionEvent::Closed:
            return "closed";
    }
    return "";
}

// The explorer's reading, compiled once here so that nothing in the templates goes unchecked.
template EndpointStep<ConcreteReading> receive(ConcreteReading&, const Endpoint&, ConcreteTcb&,
                                               const ConcreteSegment&, const std::optional<Number>&);
template EndpointStep<ConcreteReading> expire(ConcreteReading&, const Endpoint&, ConcreteTcb&, TcpTimer);
template EndpointStep<ConcreteReading> connect(ConcreteReading&, const Endpoint&, ConcreteTcb&, Address,
                                               Address, const Number&,
                                               const TimestampClock<ConcreteReading>&);
template EndpointStep<ConcreteReading> send(ConcreteReading&, const Endpoint&, ConcreteTcb&, std::uint32_t);
template EndpointStep<ConcreteReading> close(ConcreteReading&, const Endpoint&, ConcreteTcb&);
template EndpointStep<ConcreteReading> abort(ConcreteReading&, const Endpoint&, ConcreteTcb&);
template ConcreteTcb listening(ConcreteReading&, const Endpoint&, Address,
                               const TimestampClock<ConcreteReading>&, const std::optional<Number>&);
template ConcreteTcb established(ConcreteReading&, const Endpoint&, Address, Address, const Number&,
                                 const Number&, bool, const TimestampClock<ConcreteReading>&,
                                 const TimestampClock<ConcreteReading>&);
template void put_into_state(ConcreteReading&, const Endpoint&, ConcreteTcb&, TcpState);

}  // namespace halfopen
