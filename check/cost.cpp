#include "check/cost.hpp"

namespace halfopen {

namespace {

// Rounded from the founding scenario's variants and fixes, by the worlds that `halfopen check` counts in
// them: one client and one connect() 64, two clients 3777; giving up makes 638 and 68966 of these, a new port
// each time 24713 and 706436; one loss makes 21635 of the 3777, a fixed order 935.
constexpr double per_client = 60;
constexpr double per_giving_up = 5;
constexpr double per_new_port = 3;
constexpr double per_mishap = 6;
// Two clients with clock ISNs that give up do not come to an end within millions of worlds; one does at once.
constexpr double per_clock_beside_others = 100;

double cost_of(const ClientNode& client, bool alone) {
    double cost = per_client * static_cast<double>(client.spec.reconnect_at.size());
    if (client.endpoint.settings().port_choice != LocalPort::Same) cost *= per_new_port;
    if (client.endpoint.settings().syn_never_gives_up) return cost;
    cost *= per_giving_up;
    if (client.endpoint.settings().isn_source == IsnSource::Clock && !alone) cost *= per_clock_beside_others;
    return cost;
}

}  // namespace

double estimated_cost(const Model& model) {
    const NetworkSpec& network = model.scenario().network;
    double cost = 1;
    double clients = 0;
    for (const ClientNode& client : model.clients()) {
        cost *= cost_of(client, model.clients().size() == 1);
        ++clients;
        if (network.order == NetworkSpec::Order::Any) cost *= clients;  // in all, the number of orders
    }
    for (std::int64_t i = 0; i < network.loss + network.duplication; ++i) cost *= per_mishap;
    return cost;
}

}  // namespace halfopen
