/// One client's connection after a fault, with numbers of which nothing need be known: the three parts that
/// it consists of (its TCB, its mapping, the server's TCB of its outside tuple) and what is on its way
/// between them.
///
/// The parts' own step functions do all the work.  What is said here is who hands what to whom, as Stepper
/// (spec/world) says it of whole worlds, and how long timers run of which only bounds are known.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "solver/recovery/timer_zone.hpp"
#include "solver/z3_reading.hpp"
#include "spec/nat/nat_table.hpp"
#include "spec/tcp/tcb.hpp"
#include "spec/world/model.hpp"

namespace halfopen {

/// The four queues of a connection, in the direction of a segment.
enum class Hop : std::uint8_t { ToNat, ToServer, FromServer, ToClient };
inline constexpr std::size_t hop_count = 4;

struct Connection {
    using R = Z3Reading;

    Tcb<R> client;
    std::uint32_t reconnect = timer_off;  ///< ms until the next connect()
    std::uint8_t failures = 0;            ///< as ClientState::failures
    NatTable<R> table;                    ///< the client's own mapping, or nothing
    std::optional<Tcb<R>> server;
    std::array<std::vector<Segment<R>>, hop_count> links;

    /// What is known of its timers, each of which shows the most that it can have left.
    TimerZone times;
    bool mapped = false;  ///< it has had a mapping
    /// The server's keepalive timer runs, and is not among its timers (FairRun::overlook_keepalive()).
    bool keepalive_overlooked = false;

    friend bool operator==(const Connection&, const Connection&) = default;
};

inline bool in_flight(const Connection& now) {
    return std::any_of(now.links.begin(), now.links.end(), [](const auto& link) { return !link.empty(); });
}

/// A counter of a TCB that was left behind may have any value; it stands for that until it is asked for.
inline constexpr std::uint8_t any_count = 0xFE;

struct FairEvent {
    enum class Kind : std::uint8_t { Connect, ClientTimer, ServerTimer, EntryExpires, Deliver };
    Kind kind = Kind::Connect;
    TcpTimer timer = TcpTimer::Retransmit;
    Hop hop = Hop::ToNat;
    std::uint32_t after_least = 0, after_most = 0;  ///< ms from now
    std::uint8_t count = 0;                         ///< what a counter that had any value is taken to be
};

/// What an event has brought about besides the new state.
struct Happened {
    std::vector<Segment<Z3Reading>> sent;  ///< by an end, as it was sent
    const Rule* rule = nullptr;
    std::string_view note{};
    bool leaked = false;
    bool remapped = false;  ///< the client had a mapping before, and its port has been chosen anew
    bool attempt = false;   ///< a connect(), with a fresh number
    bool syn = false;       ///< the client has sent a SYN
};

/// The environment and the actors around one connection.  Numbers that are drawn get names of their own.
class FairRun {
   public:
    /// Throws InputError where the scenario is none that a proof can be about.
    /// coincidences: a timer of which only bounds are known may expire even in the very moment in which
    /// segments are on their way, or another one does.
    explicit FairRun(const Model& model, bool coincidences = false, std::size_t client = 0);

    const ClientNode& client() const { return client_; }
    const NatNode& nat() const { return nat_; }
    const ServerNode& server() const { return server_; }
    /// The mapping of a connection whose NAT is free to choose a port may be another each time it is made.
    bool mapping_may_move() const;

    /// Whatever may happen next without a loss, in any order that the timers allow.  Empty: nothing ever
    /// will.
    std::vector<FairEvent> events(const Connection& now) const;
    /// isn: a number of which nothing is known, for whoever draws one.
    Happened perform(Z3Reading& r, Connection& now, const FairEvent& event, const Z3Reading::Word& isn) const;
    /// While anything is outstanding the server's keepalive timer, when it expires, is started anew, and
    /// nothing else comes of it.  As long as that is so it is not followed: once it counts again, it may have
    /// anything left.  So no order of its expiry and other events is ever looked at.
    void overlook_keepalive(Z3Reading& r, Connection& now) const;
    /// Whether all is as in a connection that works, but for the numbers.
    bool looks_recovered(Z3Reading& r, const Connection& now) const;

    TimerZone::Ties ties() const {
        return coincidences_ ? TimerZone::Ties::Possible : TimerZone::Ties::LeftOut;
    }

   private:
    void follow_keepalive(Connection& now) const;
    Happened hand_over(Z3Reading& r, Connection& now, const FairEvent& event,
                       const Z3Reading::Word& isn) const;
    void keep_what_was_less(Z3Reading& r, Connection& now, Connection before, const FairEvent& event,
                            const Z3Reading::Word& isn) const;
    void connect(Z3Reading& r, Connection& now, Happened& out, const Z3Reading::Word& isn) const;
    void deliver_to_client(Z3Reading& r, Connection& now, const Segment<Z3Reading>& s, Happened& out) const;
    void deliver_to_server(Z3Reading& r, Connection& now, const Segment<Z3Reading>& s, Happened& out,
                           const Z3Reading::Word& isn) const;
    void outbound_at_nat(Z3Reading& r, Connection& now, const Segment<Z3Reading>& s, Happened& out) const;
    void inbound_at_nat(Z3Reading& r, Connection& now, const Segment<Z3Reading>& s, Happened& out) const;
    template <class Step>
    void after_client(Z3Reading& r, Connection& now, const Step& result, Happened& out) const;
    template <class Step>
    void after_server(Z3Reading& r, Connection& now, const Step& result, Happened& out) const;
    void send(Connection& now, Hop hop, const Segment<Z3Reading>& s, Happened& out) const;

    const ClientNode& client_;
    const NatNode& nat_;
    const ServerNode& server_;
    bool coincidences_;
};

}  // namespace halfopen
