#include "gate/fingerprint.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace halfopen::gate {
namespace {

template <class Visit>
void each_policy(const Model& model, Visit&& visit) {
    for (const ClientNode& client : model.clients()) visit(client.spec.name, client.endpoint.policy());
    for (const NatNode& nat : model.nats()) {
        visit(nat.spec.name, nat.nat.policy());
        visit(nat.spec.name, nat.host.policy());
    }
    for (const ServerNode& server : model.servers()) visit(server.spec.name, server.endpoint.policy());
}

}  // namespace

std::string behaviour_text(const Policy& policy) {
    std::string text;
    for (const auto& [name, value] : policy.parameters) {
        if (const auto* number = std::get_if<std::int64_t>(&value))
            text += fmt::format("{}={}\n", name, *number);
        else
            text += fmt::format("{}={}\n", name, fmt::join(std::get<std::vector<std::int64_t>>(value), ","));
    }
    for (const Rule& rule : policy.rules) {
        text += fmt::format("rule {:x} {:x} {}", rule.states, rule.segments, rule.directions);
        for (const Condition& c : rule.when)
            text += fmt::format(" ?{}{}{}", c.negated ? "!" : "", static_cast<int>(c.kind), c.index);
        for (const Action& a : rule.actions) text += fmt::format(" >{}.{}", a.verb, a.state);
        text += "\n";
    }
    return text;
}

std::string behaviour_text(const Model& model) {
    std::string text;
    each_policy(model, [&](const std::string& node, const Policy& policy) {
        text += "node " + node + "\n" + behaviour_text(policy);
    });
    return text;
}

std::string rule_names(const Model& model) {
    std::string text;
    each_policy(model, [&](const std::string&, const Policy& policy) {
        for (const Rule& rule : policy.rules) text += rule.id + "\n";
    });
    return text;
}

std::string fingerprint(std::string_view text) {
    std::uint64_t hash = 0xcbf2'9ce4'8422'2325U;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100'0000'01b3U;
    return fmt::format("{:016x}", hash);
}

}  // namespace halfopen::gate
