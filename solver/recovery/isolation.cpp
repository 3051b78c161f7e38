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
                                   const Address& outside, const Address& server, TrackState state) {
    ConntrackEntry<R> entry;
    UnknownNumbers unknown(r, "entry.");
    fields(unknown, entry);
    entry.inside = inside;
    entry.outside = outside;
    entry.destination = server;
    entry.state = state;
    entry.timeout = nat.settings().timeout(entry.state);
    entry.seen_reply = entry.assured = nat.settings().packet_memory && state != TrackState::SynSent;
    if (nat.settings().side_states) entry.peers[0].side = entry.peers[1].side = SideState::Established;
    return entry;
}

std::string text_of(const Address& a) {
    return fmt::format("{}.{}.{}.{}:{}", a.ip >> 24U, (a.ip >> 16U) & 255U, (a.ip >> 8U) & 255U, a.ip & 255U,
                       a.port);
}

/// One client's segments and another's entry, in every state that an entry can be in.
class TwoEntries {
   public:
    TwoEntries(z3::context& context, const Nat& nat, const NatAddresses& addresses, const Address& server,
               const TwoClients& two, const std::function<void(const std::string&)>& record)
        : context_(context),
          names_(context),
          nat_(nat),
          addresses_(addresses),
          server_(server),
          two_(two),
          record_(record),
          theirs_{outside_ip(two.others), two.others_outside} {}

    /// Mine has no entry: what it sends is given a port, which is not the other's.
    void without_an_entry() {
        for (const std::uint8_t flags : flag_sets)
            for (const TrackState state : entry_states) without_an_entry(flags, others_entry(state));
    }
    /// Mine has one, in any state: whatever goes through it, out or in.
    void with_an_entry() {
        const Address mine_outside{
            outside_ip(two_.mine),
            static_cast<std::uint16_t>(two_.others_outside == 65535 ? 65534 : two_.others_outside + 1)};
        const auto other = others_entry(TrackState::Established);
        for (const std::uint8_t flags : flag_sets)
            for (const TrackState state : entry_states)
                for (const bool out : {true, false})
                    explore(
                        other,
                        [&](Z3Reading& r) {
                            NatTable<R> table;
                            insert(table, other);
                            insert(table, unknown_entry_of(r, nat_, two_.mine, mine_outside, server_, state));
                            if (out)
                                outbound(r, nat_, addresses_, table,
                                         unknown_segment_of(r, two_.mine, server_, flags), {},
                                         std::optional(mine_outside.port));
                            else
                                inbound(r, nat_, addresses_, table,
                                        unknown_segment_of(r, server_, mine_outside, flags));
                            return table;
                        },
                        [&](const z3::expr&, const NatTable<R>& table) { is_left_alone(other, table); });
    }

    Isolation found;

   private:
    static constexpr std::array entry_states{
        TrackState::SynSent,  TrackState::SynRecv,   TrackState::Established,
        TrackState::FinWait,  TrackState::CloseWait, TrackState::LastAck,
        TrackState::TimeWait, TrackState::Close,     TrackState::SynSent2};

    std::uint32_t outside_ip(const Address& inside) const {
        return addresses_.outside_ip == 0 ? inside.ip : addresses_.outside_ip;
    }
    ConntrackEntry<R> others_entry(TrackState state) const {
        return unknown_entry_of(names_, nat_, two_.others, theirs_, server_, state);
    }
    void fails(const std::string& how) {
        if (!found.witness)
            found.witness = fmt::format("{} is mapped to {} towards {}; {} {}", text_of(two_.others),
                                        text_of(theirs_), text_of(server_), text_of(two_.mine), how);
    }
    void is_left_alone(const ConntrackEntry<R>& other, const NatTable<R>& table) {
        const auto* entry = find_original(table, two_.others, server_);
        if (entry == nullptr || !(*entry == other)) fails("changes that entry");
    }
    template <class Run, class Done>
    void explore(const ConntrackEntry<R>& other, Run&& run, Done&& done) {
        PathExplorer paths(context_);
        if (record_) paths.record(record_);
        ++found.cases;
        Z3Reading r(context_);
        paths.assume(possible_numbers(r, other));
        found.paths += paths.explore(run, done);
    }

    void without_an_entry(std::uint8_t flags, const ConntrackEntry<R>& other) {
        struct Sent {
            NatTable<R> table;
            NatStep<R> step;
        };
        explore(
            other,
            [&](Z3Reading& r) {
                Sent sent;
                insert(sent.table, other);
                const auto segment = unknown_segment_of(r, two_.mine, server_, flags);
                sent.step = outbound(r, nat_, addresses_, sent.table, segment, {}, std::nullopt);
                if (sent.step.needs_port)
                    sent.step =
                        outbound(r, nat_, addresses_, sent.table, segment, {}, sent.step.ports.front().port);
                return sent;
            },
            [&](const z3::expr&, const Sent& sent) {
                is_left_alone(other, sent.table);
                const auto* own = find_original(sent.table, two_.mine, server_);
                if (own != nullptr && own->outside == theirs_) fails("gets the same: two tuples become one");
                if (flags == flag::syn && sent.step.outcome != NatOutcome::Forwarded)
                    fails("gets none: its SYN is dropped as long as that entry lives");
            });
    }

    z3::context& context_;
    const Z3Reading names_;
    const Nat& nat_;
    const NatAddresses& addresses_;
    const Address server_;
    const TwoClients two_;
    const std::function<void(const std::string&)>& record_;
    const Address theirs_;
};

}  // namespace

Isolation cannot_interfere(z3::context& context, const Nat& nat, const NatAddresses& addresses,
                           const Address& server, const TwoClients& two,
                           const std::function<void(const std::string&)>& record) {
    TwoEntries entries(context, nat, addresses, server, two, record);
    entries.without_an_entry();
    entries.with_an_entry();
    return entries.found;
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
        TwoEntries entries(context, node.nat, addresses, client.server, two, record);
        entries.without_an_entry();
        if (all.cases == 0) entries.with_an_entry();  // then ports are not looked at any more
        const Isolation& one = entries.found;
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
