#include "solver/recovery/isolation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "solver/path_explorer.hpp"
#include "solver/unknowns.hpp"
#include "spec/nat/entry_invariant.hpp"
#include "spec/tcp/segment_fields.hpp"

namespace halfopen {
namespace {

using R = Z3Reading;

constexpr std::array<std::uint8_t, 7> flag_sets{
    flag::syn, flag::syn | flag::ack, flag::fin | flag::ack, flag::ack, flag::rst, flag::rst | flag::ack, 0};

Segment<R> unknown_segment_of(const Z3Reading& r, const Address& source, const Address& destination,
                              std::uint8_t flags) {
    Segment<R> segment;
    UnknownNumbers unknown(r, "seg.");
    fields(unknown, segment);
    segment.source = source;
    segment.destination = destination;
    segment.flags = flags;
    if (!segment.has(flag::ack)) segment.ack = r.literal(0);
    return segment;
}

ConntrackEntry<R> unknown_entry_of(const Z3Reading& r, const Nat& nat, const Address& inside,
                                   const Address& outside, const Address& server) {
    ConntrackEntry<R> entry;
    UnknownNumbers unknown(r, "entry.");
    fields(unknown, entry);
    entry.inside = inside;
    entry.outside = outside;
    entry.destination = server;
    entry.state = TrackState::Established;
    entry.timeout = nat.settings().timeout(entry.state);
    entry.seen_reply = entry.assured = nat.settings().packet_memory;
    if (nat.settings().side_states) entry.peers[0].side = entry.peers[1].side = SideState::Established;
    return entry;
}

std::string text_of(const Address& a) {
    return fmt::format("{}.{}.{}.{}:{}", a.ip >> 24U, (a.ip >> 16U) & 255U, (a.ip >> 8U) & 255U, a.ip & 255U,
                       a.port);
}

}  // namespace

Isolation cannot_interfere(z3::context& context, const Nat& nat, const NatAddresses& addresses,
                           const Address& server, const TwoClients& two,
                           const std::function<void(const std::string&)>& record) {
    Isolation found;
    const Z3Reading names(context);
    const Address theirs{addresses.outside_ip == 0 ? two.others.ip : addresses.outside_ip,
                         two.others_outside};
    const ConntrackEntry<R> other = unknown_entry_of(names, nat, two.others, theirs, server);
    const auto fails = [&](const std::string& how) {
        if (!found.witness)
            found.witness = fmt::format("{} is mapped to {} towards {}; {} {}", text_of(two.others),
                                        text_of(theirs), text_of(server), text_of(two.mine), how);
    };
    const auto alone = [&](const NatTable<R>& table) {
        const auto* entry = find_original(table, two.others, server);
        if (entry == nullptr || !(*entry == other)) fails("changes that entry");
    };
    const auto explore = [&](auto&& run, auto&& done) {
        PathExplorer paths(context);
        if (record) paths.record(record);
        ++found.cases;
        Z3Reading r(context);
        paths.assume(possible_numbers(r, other));
        found.paths += paths.explore(run, done);
    };
    for (const std::uint8_t flags : flag_sets) {
        struct Sent {
            NatTable<R> table;
            NatStep<R> step;
        };
        explore(
            [&](Z3Reading& r) {
                Sent sent;
                insert(sent.table, other);
                const auto segment = unknown_segment_of(r, two.mine, server, flags);
                sent.step = outbound(r, nat, addresses, sent.table, segment, {}, std::nullopt);
                if (sent.step.needs_port)
                    sent.step =
                        outbound(r, nat, addresses, sent.table, segment, {}, sent.step.ports.front().port);
                return sent;
            },
            [&](const z3::expr&, const Sent& sent) {
                alone(sent.table);
                const auto* own = find_original(sent.table, two.mine, server);
                if (own != nullptr && own->outside == theirs) fails("gets the same: two tuples become one");
                if (flags == flag::syn && sent.step.outcome != NatOutcome::Forwarded)
                    fails("gets none: its SYN is dropped as long as that entry lives");
            });
        // With an entry of my own, whatever goes through it, out or in.
        const Address mine_outside{
            addresses.outside_ip == 0 ? two.mine.ip : addresses.outside_ip,
            static_cast<std::uint16_t>(two.others_outside == 65535 ? 65534 : two.others_outside + 1)};
        for (const bool out : {true, false})
            explore(
                [&](Z3Reading& r) {
                    NatTable<R> table;
                    insert(table, other);
                    insert(table, unknown_entry_of(r, nat, two.mine, mine_outside, server));
                    if (out)
                        outbound(r, nat, addresses, table, unknown_segment_of(r, two.mine, server, flags), {},
                                 std::optional(mine_outside.port));
                    else
                        inbound(r, nat, addresses, table, unknown_segment_of(r, server, mine_outside, flags));
                    return table;
                },
                [&](const z3::expr&, const NatTable<R>& table) { alone(table); });
    }
    return found;
}

Isolation other_clients_cannot_interfere(z3::context& context, const Model& model,
                                         const std::function<void(const std::string&)>& record,
                                         const Deadline& deadline) {
    const ClientNode& client = model.clients().front();
    const NatNode& node = model.nats()[model.links()[client.uplink].to.index];
    const Address mine{client.spec.ip, client.spec.port};
    const NatAddresses& addresses = node.addresses;
    Isolation all;
    const auto add = [&](const TwoClients& two) {
        deadline.check();
        const Isolation one = cannot_interfere(context, node.nat, addresses, client.server, two, record);
        all.cases += one.cases;
        all.paths += one.paths;
        if (!all.witness) all.witness = one.witness;
    };
    for (const ClientNode& other : model.clients())
        if (other.spec.ip != mine.ip && other.server == client.server)
            add({mine,
                 {other.spec.ip, other.spec.port},
                 addresses.outside_ip == 0 ? other.spec.port : other.spec.outside_port});
    const Address others{mine.ip ^ 1U, mine.port};
    if (addresses.outside_ip == 0) {
        add({mine, others, mine.port});
        return all;
    }
    // The port that mine would keep, the ends of its range and where a search begins, and any other.
    const PortRange range = port_range(node.nat.settings().ports, addresses, mine);
    std::set<std::uint16_t> ports{mine.port, range.first, range.last,
                                  static_cast<std::uint16_t>(range.first + 1)};
    if (const auto fixed = addresses.fixed_ports.find(mine.ip); fixed != addresses.fixed_ports.end())
        ports.insert(fixed->second);
    for (const std::uint16_t port : ports) add({mine, others, port});
    return all;
}

}  // namespace halfopen
