/// A connection through a NAT, led from state to state by its two ends.
#pragma once

#include <string>

#include "tests/spec/nat/tracked_pair.hpp"

namespace halfopen::test {

/// The client's SYN is own - 1, the server's peer - 1; no text is sent.
struct Life {
    explicit Life(const std::string& nat, Overrides overrides = {}) : network(nat, overrides) {}

    Step out(std::uint8_t flags, std::uint32_t seq, std::uint32_t ack = 0, std::uint32_t length = 0) {
        const Step step = network.out(flags, seq, ack, length, client, std::uint16_t{51'000});
        if (step.outcome == NatOutcome::Forwarded) port = step.segment.source.port;
        return step;
    }
    Step in(std::uint8_t flags, std::uint32_t seq, std::uint32_t ack = 0, std::uint32_t length = 0) {
        return network.in(flags, seq, ack, length, port);
    }
    void syn() { out(S, own - 1); }
    void syn_ack() { in(SA, peer - 1, own); }
    void open() {
        syn();
        syn_ack();
        out(A, own, peer);
    }
    /// Of the client, and what follows it.
    void fin() { out(FA, own, peer); }
    void ack_of_fin() { in(A, peer, own + 1); }
    void fin_of_server() { in(FA, peer, own + 1); }
    void last_ack() { out(A, own + 1, peer + 1); }
    void reset() { out(R, own); }

    const Entry* entry() const { return find_original(network.table, client, server); }
    std::string seconds() const {
        return entry() == nullptr ? "gone" : std::to_string(entry()->timeout / 1000);
    }

    Network network;
    std::uint16_t port = 51'000;
};

}  // namespace halfopen::test
