/// What each event does to a world.  Which events are possible is said elsewhere (world_system.hpp).
#pragma once

#include "spec/world/choices.hpp"
#include "spec/world/client_symmetry.hpp"
#include "spec/world/failure.hpp"
#include "spec/world/model.hpp"
#include "spec/world/step.hpp"
#include "spec/world/world.hpp"

namespace halfopen {

/// Performs single events.  Each function changes the world and completes the step's label; one that needs a
/// choice that has not been made leaves Choices::need() set, and world and step in a state to be thrown away.
class Stepper {
   public:
    Stepper(const Model& model, ComparisonLog& log, const ClientSymmetry& symmetry)
        : model_(model), log_(log), symmetry_(symmetry) {}

    /// The scenario's fault, which comes first.
    void strike_fault(World& world, Step& step) const;
    /// One that comes later.
    void strike_again(World& world, Step& step, const Strike& strike) const;
    void pass_time(World& world, Step& step, std::uint32_t ms) const;
    void bring_nat_up(World& world, Step& step) const;
    void expire_entries(World& world, Step& step) const;
    void connect(World& world, Step& step, Choices& choices) const;
    void write(World& world, Step& step) const;
    /// The session of client step.node is over: the server closes its end of the connection.
    void end_session(World& world, Step& step) const;
    void fire_client_timer(World& world, Step& step, TcpTimer timer) const;
    void fire_server_timer(World& world, Step& step, TcpTimer timer, std::size_t connection) const;
    /// The oldest segment of step.link arrives.
    void deliver(World& world, Step& step, Choices& choices) const;

   private:
    /// What `conntrack -R` will bring back of a NAT's table.
    struct SavedMapping {
        Address inside, outside, destination;
    };
    void fail_nat(World& world, std::size_t index, const std::vector<SavedMapping>& saved) const;
    std::vector<SavedMapping> saved_of_scenario(std::size_t index) const;
    std::vector<SavedMapping> saved_now(const World& world, std::size_t index) const;
    void restart_server(World& world, std::size_t index) const;
    void lose_connection(World& world, std::size_t client) const;
    void lose_connection_again(World& world, const Strike& strike, std::size_t client) const;
    void restore_table(World& world, std::size_t index) const;
    ConcreteReading reading(const World& world) const { return ConcreteReading(world.origins, &log_); }
    std::optional<Number> draw_isn(World& world, Step& step, Choices& choices, OriginRole role,
                                   bool repeated) const;
    ConcreteTcb listener(ConcreteReading& r, const World& world, std::size_t server,
                         std::uint32_t peer_ip) const;
    void remember_peer(World& world, std::size_t server, const ConcreteTcb& tcb) const;
    std::optional<Number> client_isn(World& world, Step& step, Choices& choices, std::size_t client) const;
    std::optional<std::uint16_t> client_port(const World& world, Step& step, Choices& choices,
                                             std::size_t client) const;

    void deliver_to_client(World& world, Step& step, const InFlight& arrived) const;
    void deliver_to_server(World& world, Step& step, const InFlight& arrived, Choices& choices) const;
    void deliver_to_nat(World& world, Step& step, const InFlight& arrived, Choices& choices) const;
    void after_client(World& world, Step& step, std::size_t client,
                      const EndpointStep<ConcreteReading>& result) const;
    void after_server(World& world, Step& step, std::size_t server, const ConcreteTcb& tcb,
                      const EndpointStep<ConcreteReading>& result) const;
    void schedule_reconnect(World& world, std::size_t client) const;
    void send_from_client(World& world, Step& step, std::size_t client, const ConcreteSegment& segment) const;
    void send_from_server(World& world, Step& step, std::size_t server, Owner client,
                          const ConcreteSegment& segment) const;
    bool may_be_others(Owner a, Owner b) const;
    LinkIndex towards_server(std::size_t nat, const ConcreteSegment& segment) const;
    LinkIndex towards_inside(std::size_t nat, const ConcreteSegment& segment) const;
    void emit(World& world, Step& step, LinkIndex link, const ConcreteSegment& segment, Owner client) const;

    const Model& model_;
    ComparisonLog& log_;
    const ClientSymmetry& symmetry_;
};

}  // namespace halfopen
