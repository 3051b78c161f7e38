/// A NAT in front of one server, spoken to segment by segment.
#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <utility>

#include "spec/nat/nat.hpp"
#include "spec/policy/policy_library.hpp"

namespace halfopen::test {

inline constexpr Address client{0x0a010001, 903};        // 10.1.0.1
inline constexpr Address other_client{0x0a010002, 903};  // 10.1.0.2
inline constexpr Address server{0xc0000202, 2049};       // 192.0.2.2
inline constexpr std::uint32_t nat_ip = 0xc0000201;      // 192.0.2.1

/// Both sides' initial sequence numbers, and a distance beyond any window.
inline constexpr std::uint32_t iss = 0x5000'0000, irs = 0x9123'4567, far = 0x3000'0000;

inline const std::initializer_list<const char*> eras{"linux-2.6.18", "linux-2.6.31", "linux-3.6",
                                                     "linux-5.10",   "linux-5.18",   "linux-6.18"};

using Overrides = std::initializer_list<std::pair<const char*, const char*>>;

inline Nat nat_of(const std::string& era, Overrides overrides = {}) {
    Policy policy = PolicyLibrary(std::filesystem::path(HALFOPEN_SOURCE_DIR) / "spec/policies")
                        .load(PolicyKind::Nat, era);
    for (const auto& [name, value] : overrides) policy.set(name, value);
    return Nat(std::move(policy));
}

inline constexpr std::uint8_t S = flag::syn, SA = flag::syn | flag::ack, A = flag::ack, R = flag::rst,
                              RA = flag::rst | flag::ack, FA = flag::fin | flag::ack;

using Step = NatStep<ConcreteReading>;
using Entry = ConntrackEntry<ConcreteReading>;

class Network {
   public:
    explicit Network(const std::string& era, Overrides overrides = {}) : nat(nat_of(era, overrides)) {
        addresses.inside_net = 0x0a010000;
        addresses.inside_mask = 0xffffff00;
        addresses.outside_ip = nat_ip;
    }

    Step out(std::uint8_t flags, std::uint32_t seq, std::uint32_t ack = 0, std::uint32_t length = 0,
             const Address& from = client, std::optional<std::uint16_t> port = std::nullopt,
             std::uint32_t window = 64240) {
        return outbound(reading, nat, addresses, table,
                        segment(from, server, flags, seq, ack, length, window), interesting, port);
    }

    Step in(std::uint8_t flags, std::uint32_t seq, std::uint32_t ack = 0, std::uint32_t length = 0,
            std::uint16_t port = 903, std::uint32_t window = 65535) {
        return inbound(reading, nat, addresses, table,
                       segment(server, Address{nat_ip, port}, flags, seq, ack, length, window));
    }

    /// SYN, SYN-ACK, ACK.
    void shake_hands(std::uint32_t client_isn, std::uint32_t server_isn) {
        out(S, client_isn);
        in(SA, server_isn, client_isn + 1);
        out(A, client_isn + 1, server_isn + 1);
        REQUIRE(entry().state == TrackState::Established);
    }

    const Entry& entry(const Address& from = client) const {
        const Entry* found = find_original(table, from, server);
        REQUIRE(found != nullptr);
        return *found;
    }

    Nat nat;
    NatAddresses addresses;
    NatTable<ConcreteReading> table;
    std::vector<std::uint16_t> interesting;
    ConcreteReading reading;

   private:
    ConcreteSegment segment(const Address& from, const Address& to, std::uint8_t flags, std::uint32_t seq,
                            std::uint32_t ack, std::uint32_t length, std::uint32_t window) const {
        return {from, to, flags, reading.literal(seq), reading.literal(ack), window, length};
    }
};

/// Forwarded with the outside address.
inline bool translated(const Step& step) {
    return step.outcome == NatOutcome::Forwarded && step.segment.source.ip == nat_ip;
}
/// Forwarded with the client's own address.
inline bool leaked(const Step& step) {
    return step.outcome == NatOutcome::Leaked && step.segment.source == client;
}

/// The port that NATs of these tests take where they take a random one.
inline constexpr std::uint16_t random_port = 51'000;

/// The outside port of the client's SYN.
inline std::uint16_t syn(Network& network, const Address& from = client, std::uint16_t wanted = random_port) {
    const auto step = network.out(S, iss, 0, 0, from, wanted);
    REQUIRE(translated(step));
    return step.segment.source.port;
}

/// With an established connection.
inline Network connected(const std::string& name, Overrides overrides = {}) {
    Network network(name, overrides);
    const auto outside = syn(network);
    REQUIRE(network.in(SA, irs, iss + 1, 0, outside).outcome == NatOutcome::Forwarded);
    REQUIRE(translated(network.out(A, iss + 1, irs + 1)));
    REQUIRE(network.entry().state == TrackState::Established);
    return network;
}

}  // namespace halfopen::test
