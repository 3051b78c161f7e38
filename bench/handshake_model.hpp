/// The benchmark's model, for our own explorer.  bench/handshake.pml and bench/handshake.m are the same model
/// for SPIN and for Rumur: the same variables, the same rules, so the same states.
///
/// A client opens a connection through a NAT, sends data, closes; segments travel over four hops, each a FIFO
/// of a few segments, and any can be lost.  The NAT forgets its mapping at any time.  A challenge ACK that
/// meets a mapping which has seen no SYN-ACK is dropped: so a server that still holds the old connection can
/// no longer be reached, and some states have no way back to an established connection.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "explorer/transition_system.hpp"

namespace halfopen::bench {

enum Segment : std::uint8_t { none, syn, syn_ack, ack, data, fin, rst };

/// Up to five segments of 3 bits each, the oldest in the lowest bits.
class Hop {
   public:
    [[nodiscard]] Segment head() const { return static_cast<Segment>(bits_ & 7U); }
    [[nodiscard]] bool empty() const { return bits_ == 0; }
    [[nodiscard]] bool has_room(unsigned length) const { return (bits_ >> (3 * (length - 1))) == 0; }
    void push(Segment segment) {
        unsigned at = 0;
        while ((bits_ >> at) != 0) at += 3;
        bits_ = static_cast<std::uint16_t>(bits_ | (unsigned{segment} << at));
    }
    void pop() { bits_ >>= 3U; }
    [[nodiscard]] std::uint64_t bits() const { return bits_; }
    static Hop of(std::uint64_t bits) {
        Hop hop;
        hop.bits_ = static_cast<std::uint16_t>(bits & 0x7FFFU);
        return hop;
    }

   private:
    std::uint16_t bits_ = 0;
};

struct Handshake {
    enum Client : std::uint8_t { closed, syn_sent, established, unacknowledged, fin_wait };
    enum Server : std::uint8_t { listen, syn_received, open };
    enum Mapping : std::uint8_t { absent, half, full };  ///< half: has seen the client's SYN only

    Client client = closed;
    Server server = listen;
    Mapping mapping = absent;
    Hop to_nat, to_server, from_server, to_client;
};

struct Untimed {
    [[nodiscard]] std::uint32_t duration() const { return 0; }
    [[nodiscard]] std::uint8_t tags() const { return 0; }
};

class HandshakeSystem {
   public:
    using State = Handshake;
    using Label = Untimed;

    /// Hops of at most `length` (1 to 5) segments.
    explicit HandshakeSystem(unsigned length) : length_(length) {}

    template <class Sink>
    void initial(Sink&& sink) const {
        sink(Handshake{});
    }

    template <class Sink>
    void successors(const Handshake& now, Sink&& sink) const {
        const auto step = [&](auto&& change) {
            Handshake next = now;
            change(next);
            sink(Untimed{}, next);
        };
        client_acts(now, step);
        client_receives(now, step);
        server_receives(now, step);
        nat_forwards(now, step);
        if (!now.to_nat.empty()) step([](Handshake& s) { s.to_nat.pop(); });
        if (!now.to_server.empty()) step([](Handshake& s) { s.to_server.pop(); });
        if (!now.from_server.empty()) step([](Handshake& s) { s.from_server.pop(); });
        if (!now.to_client.empty()) step([](Handshake& s) { s.to_client.pop(); });
    }

    /// The goal: established at both ends, through a mapping.
    [[nodiscard]] std::uint32_t marks(const Handshake& s) const {
        return s.client == Handshake::established && s.server == Handshake::open &&
                       s.mapping != Handshake::absent
                   ? 1
                   : 0;
    }

    void pack(const Handshake& s, explorer::PackedState& out) const {
        const unsigned width = 3 * length_;
        std::uint64_t bits = s.client | unsigned{s.server} << 3U | unsigned{s.mapping} << 5U;
        bits |= s.to_nat.bits() << 7U;
        bits |= s.to_server.bits() << (7 + width);
        bits |= s.from_server.bits() << (7 + 2 * width);
        // Five segments in each hop are 66 bits: the last hop goes into a word of its own.
        std::uint64_t last = s.to_client.bits();
        const std::size_t first_bytes = (7 + 3 * width) / 8;
        last = last << ((7 + 3 * width) % 8) | bits >> (8 * first_bytes);
        for (std::size_t i = 0; i < first_bytes; ++i) out.push_back(static_cast<std::byte>(bits >> (8 * i)));
        for (std::size_t i = first_bytes; i < size(); ++i, last >>= 8U)
            out.push_back(static_cast<std::byte>(last));
    }
    [[nodiscard]] Handshake unpack(std::span<const std::byte> bytes) const {
        const unsigned width = 3 * length_;
        const std::uint64_t mask = (1ULL << width) - 1;
        const std::size_t first_bytes = (7 + 3 * width) / 8;
        std::uint64_t bits = 0;
        std::uint64_t last = 0;
        for (std::size_t i = 0; i <= first_bytes && i < bytes.size(); ++i)
            bits |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * i);
        for (std::size_t i = first_bytes; i < bytes.size(); ++i)
            last |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * (i - first_bytes));
        Handshake s;
        s.client = static_cast<Handshake::Client>(bits & 7U);
        s.server = static_cast<Handshake::Server>(bits >> 3U & 3U);
        s.mapping = static_cast<Handshake::Mapping>(bits >> 5U & 3U);
        s.to_nat = Hop::of(bits >> 7U & mask);
        s.to_server = Hop::of(bits >> (7 + width) & mask);
        s.from_server = Hop::of(bits >> (7 + 2 * width) & mask);
        s.to_client = Hop::of(last >> ((7 + 3 * width) % 8) & mask);
        return s;
    }

   private:
    [[nodiscard]] std::size_t size() const { return (7 + 12 * length_ + 7) / 8; }

    template <class Step>
    void client_acts(const Handshake& now, const Step& step) const {
        const bool idle = now.to_nat.empty();
        switch (now.client) {
            case Handshake::closed:
                if (idle) step([](Handshake& s) { s.to_nat.push(syn), s.client = Handshake::syn_sent; });
                break;
            case Handshake::syn_sent:
                step([](Handshake& s) { s.client = Handshake::closed; });
                break;
            case Handshake::established:
                if (idle)
                    step([](Handshake& s) { s.to_nat.push(data), s.client = Handshake::unacknowledged; });
                if (idle) step([](Handshake& s) { s.to_nat.push(fin), s.client = Handshake::fin_wait; });
                break;
            case Handshake::unacknowledged:
                if (idle) step([](Handshake& s) { s.to_nat.push(fin), s.client = Handshake::fin_wait; });
                break;
            case Handshake::fin_wait:
                step([](Handshake& s) { s.client = Handshake::closed; });
                break;
        }
    }

    template <class Step>
    void client_receives(const Handshake& now, const Step& step) const {
        const bool room = now.to_nat.has_room(length_);
        switch (now.to_client.head()) {
            case syn_ack:
                if (now.client == Handshake::syn_sent) {
                    if (room)
                        step([](Handshake& s) {
                            s.to_client.pop(), s.to_nat.push(ack), s.client = Handshake::established;
                        });
                } else {
                    step([](Handshake& s) { s.to_client.pop(); });
                }
                break;
            case ack:  // in SYN-SENT a challenge ACK, which is answered by a reset
                if (now.client == Handshake::syn_sent) {
                    if (room) step([](Handshake& s) { s.to_client.pop(), s.to_nat.push(rst); });
                } else {
                    step([](Handshake& s) {
                        s.to_client.pop();
                        if (s.client == Handshake::unacknowledged) s.client = Handshake::established;
                        if (s.client == Handshake::fin_wait) s.client = Handshake::closed;
                    });
                }
                break;
            case rst:
                step([](Handshake& s) { s.to_client.pop(), s.client = Handshake::closed; });
                break;
            default:
                break;
        }
    }

    template <class Step>
    void server_receives(const Handshake& now, const Step& step) const {
        const bool room = now.from_server.has_room(length_);
        const auto answer = [&](Segment segment, Handshake::Server then) {
            if (room)
                step([&](Handshake& s) { s.to_server.pop(), s.from_server.push(segment), s.server = then; });
        };
        const auto become = [&](Handshake::Server then) {
            step([&](Handshake& s) { s.to_server.pop(), s.server = then; });
        };
        switch (now.to_server.head()) {
            case syn:
                if (now.server == Handshake::open)
                    answer(ack, Handshake::open);
                else
                    answer(syn_ack, Handshake::syn_received);
                break;
            case ack:
                become(now.server == Handshake::syn_received ? Handshake::open : now.server);
                break;
            case data:
                if (now.server == Handshake::listen)
                    become(Handshake::listen);
                else
                    answer(ack, Handshake::open);
                break;
            case fin:
                if (now.server == Handshake::listen)
                    become(Handshake::listen);
                else
                    answer(ack, Handshake::listen);
                break;
            case rst:
                become(Handshake::listen);
                break;
            default:
                break;
        }
    }

    template <class Step>
    void nat_forwards(const Handshake& now, const Step& step) const {
        const Segment out = now.to_nat.head();
        if (out != none) {
            if (out != syn && now.mapping == Handshake::absent) {
                step([](Handshake& s) { s.to_nat.pop(); });
            } else if (now.to_server.has_room(length_)) {
                step([&](Handshake& s) {
                    s.to_nat.pop(), s.to_server.push(out);
                    if (s.mapping == Handshake::absent) s.mapping = Handshake::half;
                });
            }
        }
        const Segment in = now.from_server.head();
        if (in != none) {
            if (now.mapping == Handshake::absent || (now.mapping == Handshake::half && in == ack)) {
                step([](Handshake& s) { s.from_server.pop(); });
            } else if (now.to_client.has_room(length_)) {
                step([&](Handshake& s) {
                    s.from_server.pop(), s.to_client.push(in);
                    if (in == syn_ack) s.mapping = Handshake::full;
                });
            }
        }
        if (now.mapping != Handshake::absent) step([](Handshake& s) { s.mapping = Handshake::absent; });
    }

    unsigned length_;
};

}  // namespace halfopen::bench
