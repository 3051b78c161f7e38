#include "solver/recovery/isolation.hpp"

#include <fmt/format.h>

#include <set>

#include "solver/flag_sets.hpp"
#include "solver/path_explorer.hpp"
#include "solver/recovery/unknown_entry.hpp"
#include "solver/unknown_segment.hpp"
#include "spec/nat/entry_invariant.hpp"
#include "spec/nat/usual_entry.hpp"
#include "spec/tcp/tcb_invariant.hpp"

namespace halfopen {
namespace {

using R = Z3Reading;

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
          nat_(nat),
          addresses_(addresses),
          server_(server),
          two_(two),
          record_(record),
          states_(entry_states(nat)),
          theirs_{two.others, {outside_ip(two.others), two.others_outside}, server} {}

    /// Mine has no entry: what it sends is given a port, which is not the other's.
    void without_an_entry() {
        PathExplorer paths(context_);
        begin(paths, context_.bool_val(true));
        for (const TrackState state : states_)
            each_segment([&](std::uint8_t flags, std::uint32_t length) {
                without_an_entry(paths, flags, length, state);
            });
    }
    /// Mine has one, in any state: whatever goes through it, out or in.
    void with_an_entry() {
        Z3Reading names(context_);
        for (const TrackState state : states_) {
            const ConntrackEntry<R> own = own_entry(names, state);
            each_segment([&](std::uint8_t flags, std::uint32_t length) {
                for (const bool out : {true, false}) {
                    PathExplorer paths(context_, record_ ? nullptr : &answered_);
                    begin(paths, reachable_numbers(names, own));
                    with_an_entry(paths, own, flags, length, out);
                }
            });
        }
    }

    Isolation found;

   private:
    std::uint32_t outside_ip(const Address& inside) const {
        return addresses_.outside_ip == 0 ? inside.ip : addresses_.outside_ip;
    }
    template <class Visit>
    static void each_segment(Visit&& visit) {
        for (const std::uint8_t flags : flag_sets_of_stacks)
            for (const std::uint32_t length : lengths_of_stacks(flags)) visit(flags, length);
    }
    void fails(const std::string& how) {
        if (!found.witness)
            found.witness = fmt::format("{} is mapped to {} towards {}; {} {}", text_of(two_.others),
                                        text_of(theirs_.outside), text_of(server_), text_of(two_.mine), how);
    }
    void is_left_alone(const ConntrackEntry<R>& other, const NatTable<R>& table) {
        const auto* entry = find_original(table, two_.others, server_);
        if (entry == nullptr || !(*entry == other)) fails("changes that entry");
    }

    /// Of the other's entry nothing is known but its state and its addresses.
    ConntrackEntry<R> others_entry(const Z3Reading& r, TrackState state) const {
        return unknown_entry(r, nat_, theirs_, state, "other");
    }

    /// Mine has any numbers and the usual marks.  With any marks it is ten times as many paths, on none of
    /// which the other's entry is looked at either.
    ConntrackEntry<R> own_entry(const Z3Reading& r, TrackState state) const {
        ConntrackEntry<R> entry;
        UnknownNumbers unknown(r, "own.");
        fields(unknown, entry);
        entry.inside = two_.mine;
        const std::uint32_t next = two_.others_outside + 1U;
        entry.outside = {outside_ip(two_.mine), static_cast<std::uint16_t>(next > 65535 ? next - 2 : next)};
        entry.destination = server_;
        const auto usual = usual_entry(nat_.settings(), state);
        entry.state = state;
        entry.timeout = usual.timeout;
        entry.seen_reply = usual.seen_reply;
        entry.assured = usual.assured;
        for (const std::uint8_t side : {original, reply}) entry.peers[side].side = usual.peers[side].side;
        return entry;
    }

    void without_an_entry(PathExplorer& paths, std::uint8_t flags, std::uint32_t length, TrackState state) {
        ++found.cases;
        const Z3Reading names(context_, &paths);
        const auto segment = unknown_segment(names, two_.mine, server_, flags, length);
        const ConntrackEntry<R> other = others_entry(names, state);
        struct Sent {
            NatTable<R> table;
            NatStep<R> step;
        };
        found.paths += paths.explore(
            [&](Z3Reading& r) {
                Sent sent;
                insert(sent.table, other);
                sent.step = outbound(r, nat_, addresses_, sent.table, segment, {}, std::nullopt);
                if (sent.step.needs_port)
                    sent.step =
                        outbound(r, nat_, addresses_, sent.table, segment, {}, sent.step.ports.front().port);
                return sent;
            },
            [&](const z3::expr&, const Sent& sent) {
                is_left_alone(other, sent.table);
                const auto* own = find_original(sent.table, two_.mine, server_);
                if (own != nullptr && own->outside == theirs_.outside)
                    fails("gets the same: two tuples become one");
                if (flags == flag::syn && sent.step.outcome != NatOutcome::Forwarded)
                    fails("gets none: its SYN is dropped as long as that entry lives");
            });
    }

    void with_an_entry(PathExplorer& paths, const ConntrackEntry<R>& own, std::uint8_t flags,
                       std::uint32_t length, bool out) {
        ++found.cases;
        const Z3Reading names(context_, &paths);
        const auto segment = out ? unknown_segment(names, two_.mine, server_, flags, length)
                                 : unknown_segment(names, server_, own.outside, flags, length);
        const ConntrackEntry<R> other = others_entry(names, TrackState::Established);
        found.paths += paths.explore(
            [&](Z3Reading& r) {
                NatTable<R> table;
                insert(table, other);
                insert(table, own);
                if (out)
                    outbound(r, nat_, addresses_, table, segment, {}, std::optional(own.outside.port));
                else
                    inbound(r, nat_, addresses_, table, segment);
                return table;
            },
            [&](const z3::expr&, const NatTable<R>& table) { is_left_alone(other, table); });
    }

    /// With what is true of any segment that comes.
    void begin(PathExplorer& paths, const z3::expr& known) {
        if (record_) paths.record(record_);
        Z3Reading r(context_);
        paths.assume(known && possible_segment(r, unknown_segment(r, {}, {}, flag::ack, 0)));
    }

    z3::context& context_;
    const Nat& nat_;
    const NatAddresses& addresses_;
    const Address server_;
    const TwoClients two_;
    const std::function<void(const std::string&)>& record_;
    const std::vector<TrackState> states_;
    const EntryOf theirs_;
    AnsweredQuestions answered_;  ///< much of what one segment meets, others meet too
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
