/// A NAT: connection tracking, translation and port choice.
///
/// The tracker's verdict is the policy's decision table (tracker.hpp); what happens around it (lookup,
/// creation, translation, leak, delivery to the NAT host itself) is here.  A NAT is a deterministic function
/// of its table and the segment; a randomly chosen port is the environment's choice.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "spec/nat/nat_settings.hpp"
#include "spec/nat/nat_table.hpp"
#include "spec/nat/port_search.hpp"
#include "spec/numbers/reading.hpp"
#include "spec/policy/decision_table.hpp"
#include "spec/policy/policy.hpp"

namespace halfopen {

/// A NAT policy made ready for use.  Immutable.
class Nat {
   public:
    explicit Nat(Policy policy);

    const Policy& policy() const { return policy_; }
    const DecisionTable& table() const { return table_; }
    const NatSettings& settings() const { return settings_; }
    const Rule& rule(const CompiledRule& compiled) const { return policy_.rules[compiled.rule]; }

   private:
    Policy policy_;
    DecisionTable table_;
    NatSettings settings_;
};

enum class NatOutcome : std::uint8_t {
    Forwarded,  ///< translated
    Leaked,  ///< INVALID: leaves untranslated, with the inside address (nf_nat_inet_fn() without conntrack)
    DroppedInvalid,  ///< INVALID, and a rule of the administrator's drops it
    Dropped,         ///< by the tracker (which may have answered) or because the new entry's tuple was taken
    ToHost,          ///< inbound, delivered to the NAT host's own TCP
};

template <class R>
struct NatStep {
    NatOutcome outcome = NatOutcome::Dropped;
    Segment<R> segment{};             ///< as it leaves; as received for ToHost and where it was dropped
    const Rule* rule = nullptr;       ///< what the tracker decided by; null where it was not asked
    bool ignored = false;             ///< IGN: forwarded, but neither state nor timer changed
    std::string_view reason{};        ///< where no rule decided
    bool needs_port = false;          ///< choose one of `ports` and call again; nothing has been changed
    std::vector<PortChoice> ports{};  ///< where a port was searched for
    std::vector<Segment<R>> sent{};   ///< the NAT's own answers to the sender
};

/// A segment from inside.  interesting: outside ports worth telling apart (at which a server holds a
/// connection, …). port: the environment's choice where the search is random; not looked at otherwise.
template <Reading R>
NatStep<R> outbound(R& r, const Nat& nat, const NatAddresses& addresses, NatTable<R>& table,
                    const Segment<R>& segment, std::span<const std::uint16_t> interesting,
                    std::optional<std::uint16_t> port);

/// A segment from outside.
template <Reading R>
NatStep<R> inbound(R& r, const Nat& nat, const NatAddresses& addresses, NatTable<R>& table,
                   const Segment<R>& segment);

/// Drops the entries whose time is up.  Returns the resets that the NAT sends about it: conntrack and most
/// others tell neither end.
template <Reading R>
std::vector<Segment<R>> expire(R& r, const Nat& nat, NatTable<R>& table);

/// One end of a connection that has been idle for long: everything it sent is acknowledged.
template <class R>
struct IdleSide {
    typename R::Word next{};    ///< SND.NXT
    typename R::Size window{};  ///< RCV.WND
};

enum class Restored : std::uint8_t {
    Tracked,  ///< as the kernel holds it that saw the connection
    Saved,    ///< as `conntrack -R` brings it back: td_* zero, so windows are learnt again
};

/// Adds the ESTABLISHED, ASSURED entry of an idle connection.
template <Reading R>
void restore(R& r, const Nat& nat, NatTable<R>& table, const Address& inside, const Address& outside,
             const Address& destination, const IdleSide<R>& client, const IdleSide<R>& server,
             Restored how = Restored::Tracked);

}  // namespace halfopen

#include "spec/nat/nat_steps.hpp"  // the definitions
