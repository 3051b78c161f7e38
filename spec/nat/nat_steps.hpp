/// outbound(), inbound(), restore(): the pipeline around the tracker.  Included by nat.hpp.
#pragma once

#include "spec/nat/nat.hpp"
#include "spec/nat/tracker.hpp"

namespace halfopen {

/// The mapping of a new connection (get_unique_tuple() of nf_nat_core.c; others differ by
/// PortChoiceSettings).
struct Mapping {
    std::optional<Address> outside;  ///< nothing: a random port must be chosen first
    std::vector<PortChoice> ports;   ///< where a port was searched for
    std::uint16_t search_start = 0;
    bool taken = false;  ///< the tuple belongs to another connection: inserting the entry will fail
};

/// table: without the connection's own former entry.
template <class R>
Mapping choose_mapping(const Nat& nat, const NatAddresses& addresses, const NatTable<R>& table,
                       const Address& inside, const Address& destination,
                       std::span<const std::uint16_t> interesting, std::optional<std::uint16_t> port) {
    Mapping m;
    m.search_start = table.search_start;
    const PortChoiceSettings& settings = nat.settings().ports;
    const auto busy = [&](std::uint16_t p) {
        const Address outside{addresses.outside_ip, p};
        return find_reply(table, destination, outside) != nullptr ||
               (!settings.overloading && is_anothers(table, inside, outside)) ||
               std::find(addresses.busy_ports.begin(), addresses.busy_ports.end(), p) !=
                   addresses.busy_ports.end();
    };
    const auto settle = [&](std::uint16_t p) {
        m.outside = Address{addresses.outside_ip, p};
        m.taken = busy(p);
        return m;
    };
    if (addresses.outside_ip == 0) {  // a firewall that translates nothing
        m.outside = inside;
        return m;
    }
    if (const auto fixed = addresses.fixed_ports.find(inside.ip); fixed != addresses.fixed_ports.end())
        return settle(fixed->second);  // a range of one port is taken without a look at who has it
    // find_appropriate_src(): the same client port keeps its mapping towards further destinations.
    for (const auto& e : table.entries)
        if (settings.mapping != MappingReuse::PerConnection && e.inside == inside &&
            e.outside.ip == addresses.outside_ip &&
            (settings.mapping == MappingReuse::EndpointIndependent || !busy(e.outside.port)))
            return settle(e.outside.port);
    const PortRange range = port_range(settings, addresses, inside);
    if (keeps_port(settings.preservation, range, inside.port) &&
        (settings.preservation == PortPreservation::OrFail || !busy(inside.port)))
        return settle(inside.port);

    const PortSearch search = settings.search;
    auto found = search_port(search, range, table.search_start, interesting, [&](std::uint16_t p) {
        return !busy(p) && (!settings.parity || p % 2 == inside.port % 2);
    });
    m.search_start = found.search_start;
    m.ports = std::move(found.choices);
    if (m.ports.empty()) return settle(range.last);  // "last candidate": its insertion fails
    if (search != PortSearch::Random) return settle(m.ports.front().port);
    if (port) return settle(*port);
    return m;
}

/// A segment that is INVALID, from inside.
template <class R>
void refuse_outbound(const Nat& nat, NatStep<R>& step) {
    step.outcome = nat.settings().invalid_leaks ? NatOutcome::Leaked : NatOutcome::DroppedInvalid;
}

/// Whether a segment from outside for nobody is INVALID: the tracker takes its sender for the original side
/// of a connection with the NAT host itself, and picks one up as it does from inside.
template <Reading R>
bool invalid_towards_host(R& r, const Nat& nat, const Segment<R>& segment) {
    ConntrackEntry<R> entry = new_entry(r, segment.source, segment.source, segment.destination);
    return track(r, nat, entry, segment, original).verdict == TrackVerdict::Invalid;
}

/// A segment from outside that belongs to no entry: to a mapping made for another destination where the NAT
/// filters less, or else to nobody, and the table's row NONE says what becomes of it.
template <Reading R>
NatStep<R> inbound_new(R& r, const Nat& nat, const NatAddresses& addresses, NatTable<R>& table,
                       const Segment<R>& segment) {
    const bool translates = addresses.outside_ip != 0;
    NatStep<R> step{NatOutcome::Dropped, segment};
    const Filtering filtering = nat.settings().ports.filtering;
    const auto mapped = std::find_if(table.entries.begin(), table.entries.end(), [&](const auto& e) {
        return e.outside == segment.destination &&
               (filtering == Filtering::EndpointIndependent ||
                (filtering == Filtering::Address && e.destination.ip == segment.source.ip));
    });
    const bool let_in = translates && mapped != table.entries.end();
    ConntrackEntry<R> entry =
        new_entry(r, let_in ? mapped->inside : Address{}, segment.destination, segment.source);
    const Tracked tracked = track(r, nat, entry, segment, reply, &step.sent);
    switch (tracked.verdict) {
        case TrackVerdict::Accept:
            if (!let_in) {
                step.reason = "no mapping";
                break;
            }
            step.rule = tracked.rule;
            step.outcome = NatOutcome::Forwarded;
            step.segment.destination = entry.inside;
            insert(table, std::move(entry));
            break;
        case TrackVerdict::Drop:
            step.rule = tracked.rule;
            break;
        case TrackVerdict::Ignore:
        case TrackVerdict::Repeat:
        case TrackVerdict::Invalid:
            if (translates && !nat.settings().invalid_leaks && invalid_towards_host(r, nat, segment)) {
                step.outcome = NatOutcome::DroppedInvalid;
                step.reason = "no entry";
                break;
            }
            // nf_conntrack makes an entry towards the NAT host, which lives no longer than the host's RST.
            step.outcome = translates ? NatOutcome::ToHost : NatOutcome::Dropped;
            step.reason = translates ? "no entry" : "no entry: nothing is let in from outside";
            break;
    }
    return step;
}

/// A segment that opens a connection, or tries to.
template <Reading R>
NatStep<R> outbound_new(R& r, const Nat& nat, const NatAddresses& addresses, NatTable<R>& table,
                        const Segment<R>& segment, std::span<const std::uint16_t> interesting,
                        std::optional<std::uint16_t> port) {
    NatStep<R> step{NatOutcome::Dropped, segment};
    ConntrackEntry<R> entry = new_entry(r, segment.source, Address{}, segment.destination);
    const Tracked tracked = track(r, nat, entry, segment, original, &step.sent);
    step.rule = tracked.rule;
    if (tracked.verdict == TrackVerdict::Drop) return step;
    if (tracked.verdict != TrackVerdict::Accept) {
        refuse_outbound(nat, step);
        return step;
    }
    Mapping mapping =
        choose_mapping(nat, addresses, table, segment.source, segment.destination, interesting, port);
    step.ports = std::move(mapping.ports);
    if (!mapping.outside) {
        step.needs_port = true;
        return step;
    }
    table.search_start = mapping.search_start;
    if (mapping.taken) {
        step.outcome = NatOutcome::Dropped;
        step.reason = "insertion failed: the outside port is taken";
        return step;
    }
    entry.outside = *mapping.outside;
    step.segment.source = entry.outside;
    step.outcome = NatOutcome::Forwarded;
    insert(table, std::move(entry));
    return step;
}

template <Reading R>
NatStep<R> outbound(R& r, const Nat& nat, const NatAddresses& addresses, NatTable<R>& table,
                    const Segment<R>& segment, std::span<const std::uint16_t> interesting,
                    std::optional<std::uint16_t> port) {
    ConntrackEntry<R>* const found = find_original(table, segment.source, segment.destination);
    if (found == nullptr) return outbound_new(r, nat, addresses, table, segment, interesting, port);

    NatStep<R> step{NatOutcome::Dropped, segment};
    const ConntrackEntry<R> before = *found;
    const Tracked tracked = track(r, nat, *found, segment, original, &step.sent);
    step.rule = tracked.rule;
    const Address outside = found->outside;
    if (tracked.delete_entry) erase(table, found);
    switch (tracked.verdict) {
        case TrackVerdict::Accept:
        case TrackVerdict::Ignore:
            step.outcome = NatOutcome::Forwarded;
            step.segment.source = outside;
            step.ignored = tracked.verdict == TrackVerdict::Ignore;
            break;
        case TrackVerdict::Invalid:
            refuse_outbound(nat, step);
            break;
        case TrackVerdict::Drop:
            step.outcome = NatOutcome::Dropped;
            break;
        case TrackVerdict::Repeat: {
            // A new entry with a freshly chosen port, which may be another than before.
            auto again = outbound_new(r, nat, addresses, table, segment, interesting, port);
            if (again.needs_port) insert(table, before);
            again.reason = "the old entry was deleted and the segment looked up again";
            return again;
        }
    }
    return step;
}

template <Reading R>
NatStep<R> inbound(R& r, const Nat& nat, const NatAddresses& addresses, NatTable<R>& table,
                   const Segment<R>& segment) {
    const bool translates = addresses.outside_ip != 0;
    ConntrackEntry<R>* const found = find_reply(table, segment.source, segment.destination);
    if (found == nullptr) return inbound_new(r, nat, addresses, table, segment);
    NatStep<R> step{NatOutcome::Dropped, segment};
    const Tracked tracked = track(r, nat, *found, segment, reply, &step.sent);
    step.rule = tracked.rule;
    const Address inside = found->inside;
    if (tracked.delete_entry) erase(table, found);
    switch (tracked.verdict) {
        case TrackVerdict::Accept:
        case TrackVerdict::Ignore:
            step.outcome = NatOutcome::Forwarded;
            step.segment.destination = inside;
            step.ignored = tracked.verdict == TrackVerdict::Ignore;
            break;
        case TrackVerdict::Invalid:
            step.outcome = !nat.settings().invalid_leaks ? NatOutcome::DroppedInvalid
                           : translates                  ? NatOutcome::ToHost
                                                         : NatOutcome::Leaked;
            break;
        case TrackVerdict::Drop:
            step.outcome = NatOutcome::Dropped;
            break;
        case TrackVerdict::Repeat:
            step.outcome = NatOutcome::ToHost;  // looked up again, it belongs to no entry any more
            break;
    }
    return step;
}

template <Reading R>
std::vector<Segment<R>> expire(R& r, const Nat& nat, NatTable<R>& table) {
    std::vector<Segment<R>> sent;
    for (const auto& e : table.entries) {
        if (e.timeout != 0 || !nat.settings().expiry_resets) continue;
        // Of a side that never spoke no number is known that the other would believe.
        if (nothing_known(r, nat.settings(), e.peers[original]) ||
            nothing_known(r, nat.settings(), e.peers[reply]))
            continue;
        sent.push_back(expiry_reset(r, e, original));
        sent.push_back(expiry_reset(r, e, reply));
    }
    std::erase_if(table.entries, [](const auto& e) { return e.timeout == 0; });
    return sent;
}

template <Reading R>
void restore(R& r, const Nat& nat, NatTable<R>& table, const Address& inside, const Address& outside,
             const Address& destination, const IdleSide<R>& client, const IdleSide<R>& server, Restored how) {
    ConntrackEntry<R> e = new_entry(r, inside, outside, destination);
    e.state = TrackState::Established;
    e.timeout = nat.settings().timeout(TrackState::Established);
    e.seen_reply = e.assured = nat.settings().packet_memory;
    const bool tracked = how == Restored::Tracked;
    const auto side = [&](const IdleSide<R>& own, const IdleSide<R>& peer) {
        Peer<R> p = unknown_side(r);
        if (nat.settings().side_states) p.side = SideState::Established;
        if (!tracked || !nat.settings().keeps_numbers()) return p;
        p.td_end = own.next;
        p.td_maxend = r.advance(own.next, at_least_one(r, peer.window));
        p.td_maxwin = at_least_one(r, own.window);
        p.maxack_set = nat.settings().maxack;
        if (p.maxack_set) p.td_maxack = peer.next;
        return p;
    };
    e.peers[original] = side(client, server);
    e.peers[reply] = side(server, client);
    // The last packet of an idle connection is the acknowledgement of the last data: here the client's.
    if (tracked && nat.settings().packet_memory) {
        e.last_class = SegmentClass::Ack;
        e.last_seq = e.last_end = client.next;
        e.last_ack = server.next;
        e.last_win = client.window;
    }
    insert(table, std::move(e));
}

}  // namespace halfopen
