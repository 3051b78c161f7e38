#include "counterexamples/netns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "counterexamples/page/page_parts.hpp"
#include "counterexamples/wording.hpp"

namespace halfopen {

namespace {

using Json = nlohmann::ordered_json;

/// Seconds for which a client that the model leaves hanging is watched: three transmissions of its SYN.
constexpr double hang_window = 8;
constexpr double longest_window = 60;

std::string commented(std::string_view text) {
    std::string line = "# ";
    for (const char c : text) line += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    return line + "\n";
}

/// In single quotes, as one word of the shell.
std::string shell_word(std::string_view text) {
    std::string word = "'";
    for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return word + "'";
}

Json address(const Address& a) { return Json::array({ip_to_string(a.ip), a.port}); }

/// "10.1.0.1:903" of a result, which has been checked.
Json address(const std::string& text) {
    const auto colon = text.find(':');
    return Json::array({text.substr(0, colon), std::stoi(text.substr(colon + 1))});
}

/// The sysctl of a parameter of a policy, with its value as the kernel takes it; empty where it is none.
std::string sysctl(const std::string& name, std::string value) {
    std::string key;
    if (name.rfind("nf_conntrack_", 0) == 0)
        key = "net.netfilter." + name;
    else if (name.rfind("tcp_", 0) == 0)
        key = "net.ipv4." + name;
    else
        return {};
    if (value == "true") value = "1";
    if (value == "false") value = "0";
    if (value.size() > 1 && value.back() == 's' && value[value.size() - 2] >= '0' &&
        value[value.size() - 2] <= '9')
        value.pop_back();
    if (value.empty() ||
        !std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return {};
    if (!std::all_of(key.begin(), key.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
        }))
        return {};
    return fmt::format("{}={}", key, value);
}

class NetnsScript {
   public:
    explicit NetnsScript(const Story& story) : story_(story) {}

    std::string write() {
        text_ = "#!/bin/sh\n";
        text_ += commented(fmt::format("{}: {}", story_.scenario, story_.title));
        text_ += commented(fmt::format(
            "The model's verdict: {}.  Plays it with this kernel, in network namespaces of its own.",
            story_.verdict));
        text_ += commented("Exit status: 0 the model's outcome was seen, 1 it was not, 77 not tried.");
        text_ +=
            "set -eu\n"
            "no() { echo \"halfopen: not tried: $*\"; exit 77; }\n"
            "[ \"$(id -u)\" = 0 ] || no 'root is needed'\n"
            "for tool in ip nft python3 sysctl; do command -v $tool >/dev/null || no \"$tool is not "
            "installed\"; done\n"
            "p=halfopen$$\n"
            "clean() {\n"
            "    trap - EXIT\n";
        text_ +=
            fmt::format("    for i in $(seq 0 {}); do ip netns del \"$p-$i\" 2>/dev/null || :; done\n}}\n",
                        story_.nodes.size() - 1);
        text_ +=
            "trap clean EXIT\n"
            "trap 'exit 130' INT TERM HUP\n"
            "on() { ip netns exec \"$p-$1\" sh -c \"$2\" || no \"$2\"; }\n"
            "# wire A DEVICE B DEVICE\n"
            "wire() {\n"
            "    ip link add name \"$2\" netns \"$p-$1\" type veth peer name \"$4\" netns \"$p-$3\" || no "
            "'no "
            "veth pair'\n"
            "    for end in \"$1 $2\" \"$3 $4\"; do\n"
            "        set -- $end\n"
            "        on \"$1\" \"ip link set dev $2 up; sysctl -qw net.ipv4.conf.$2.proxy_arp=1 "
            "net.ipv4.conf.$2.rp_filter=0\"\n"
            "    done\n"
            "}\n\n";
        nodes();
        wires();
        nats();
        text_ += "\n" + commented("Sockets: the old connections, the fault, the new ones.");
        text_ += "status=0\npython3 - " + shell_word(plan().dump()) + " \"$p\" <<'PLAY' || status=$?\n";
        text_ += netns_py;
        text_ += "PLAY\nexit $status\n";
        return std::move(text_);
    }

   private:
    void on(std::size_t node, const std::string& command) {
        text_ += fmt::format("on {} {}\n", node, shell_word(command));
    }

    void nodes() {
        for (std::size_t i = 0; i < story_.nodes.size(); ++i) {
            const StoryNode& node = story_.nodes[i];
            text_ += commented(
                fmt::format("{}: {}, {} in the model; here it is this kernel.", i, node.name, node.policy));
            text_ += fmt::format("ip netns add \"$p-{}\" || no 'no network namespace can be made'\n", i);
            on(i, fmt::format(
                      "ip link set lo up; ip addr add {}/32 dev lo; sysctl -qw net.ipv4.conf.all.rp_filter=0",
                      ip_to_string(node.ip)));
            if (node.kind == StoryNode::Kind::Nat) continue;
            const auto stamps = node.parameters.find("timestamps");
            on(i, fmt::format("sysctl -qw net.ipv4.tcp_timestamps={}",
                              stamps != node.parameters.end() && *stamps == "true" ? 1 : 0));
            parameters(i);
        }
    }
    void parameters(std::size_t node) {
        for (const auto& [name, value] : story_.nodes[node].parameters.items()) {
            const std::string setting = sysctl(name, value.get<std::string>());
            if (!setting.empty())
                on(node, fmt::format("sysctl -qw {0} || echo \"note: this kernel has no {0}\"", setting));
        }
    }
    std::optional<std::size_t> find(const std::string& name) const {
        for (std::size_t i = 0; i < story_.nodes.size(); ++i) {
            if (story_.nodes[i].name == name) return i;
        }
        return std::nullopt;
    }
    void wires() {
        text_ += "\n" +
                 commented("Wires: each host has its address on lo and answers for all others' (proxy_arp).");
        for (std::size_t i = 0; i < story_.nodes.size(); ++i) {
            const StoryNode& node = story_.nodes[i];
            if (node.kind == StoryNode::Kind::Server) continue;
            const auto outer = find(node.behind);
            if (outer) {
                wire(i, "out", *outer, fmt::format("in{}", i));
                // What the outer NAT sees of an inner one is its outside address; of a client its own.
                on(*outer, fmt::format("ip route add {}/32 dev in{}", ip_to_string(node.ip), i));
                on(i, fmt::format("ip route add default dev out src {}", ip_to_string(node.ip)));
                continue;
            }
            for (std::size_t s = 0; s < story_.nodes.size(); ++s) {
                const StoryNode& server = story_.nodes[s];
                if (server.kind != StoryNode::Kind::Server) continue;
                wire(i, fmt::format("out{}", s), s, fmt::format("in{}", i));
                on(i, fmt::format("ip route add {}/32 dev out{} src {}", ip_to_string(server.ip), s,
                                  ip_to_string(node.ip)));
                on(s, fmt::format("ip route add {}/32 dev in{} src {}", ip_to_string(node.ip), i,
                                  ip_to_string(server.ip)));
            }
        }
    }
    void wire(std::size_t a, const std::string& device_a, std::size_t b, const std::string& device_b) {
        text_ += fmt::format("wire {} {} {} {}\n", a, device_a, b, device_b);
    }
    void nats() {
        for (std::size_t i = 0; i < story_.nodes.size(); ++i) {
            const StoryNode& node = story_.nodes[i];
            if (node.kind != StoryNode::Kind::Nat) continue;
            text_ += fmt::format(
                "ip netns exec \"$p-{}\" nft -f - <<'RULES' || no 'the kernel takes no NAT rule'\n"
                "table ip halfopen {{\n"
                "    chain postrouting {{\n"
                "        type nat hook postrouting priority 100;\n"
                "        oifname \"out*\" ip saddr {} snat to {}\n"
                "    }}\n}}\nRULES\n",
                i, node.inside, ip_to_string(node.ip));
            on(i, "sysctl -qw net.ipv4.ip_forward=1");
            parameters(i);
        }
    }

    bool is_established(const StoryStep& after, const std::string& client) const {
        return after.states.at(client).at("state") == to_string(TcpState::Established);
    }
    Json plan() const {
        Json old = Json::array(), servers = Json::array(), connects = Json::array(), outcome = Json::object();
        for (std::size_t i = 0; i < story_.nodes.size(); ++i) {
            const StoryNode& node = story_.nodes[i];
            if (node.kind == StoryNode::Kind::Server)
                servers.push_back({{"node", i}, {"address", {ip_to_string(node.ip), node.port}}});
            if (node.kind != StoryNode::Kind::Client || !is_established(story_.initial, node.name)) continue;
            const Json& tcb = story_.initial.states.at(node.name);
            old.push_back(
                {{"node", i},
                 {"name", node.name},
                 {"local", address(tcb.at("local").get<std::string>())},
                 {"remote", address(tcb.at("remote").get<std::string>())},
                 {"isn", tcb.at("snd_nxt").get<std::uint32_t>() - 1},
                 {"lost", !story_.steps.empty() && !is_established(story_.steps.front(), node.name)}});
        }
        std::optional<std::uint64_t> begin;
        double window = 0;
        for (const StoryStep& step : story_.steps) {
            if (step.kind != Step::Kind::Connect) continue;
            const std::string& name = story_.nodes[*step.actor].name;
            if (outcome.contains(name)) continue;  // its first attempt is what is played
            const auto syn = std::find_if(step.sent.begin(), step.sent.end(),
                                          [](const StoryEmission& e) { return e.segment.has(flag::syn); });
            if (syn == step.sent.end()) continue;
            if (!begin) begin = step.at;
            connects.push_back({{"node", *step.actor},
                                {"name", name},
                                {"after", static_cast<double>(step.at - *begin) / 1000},
                                {"local", address(syn->segment.source)},
                                {"remote", address(syn->segment.destination)},
                                {"isn", syn->segment.seq.value}});
            const auto recovered = recovers(name);
            outcome[name] = recovered.has_value();
            window = std::max(window, recovered ? static_cast<double>(*recovered - *begin) / 1000 + 3
                                                : static_cast<double>(step.at - *begin) / 1000 + hang_window);
        }
        std::string reason;
        const bool all_recover =
            std::all_of(outcome.begin(), outcome.end(), [](const Json& one) { return one.get<bool>(); });
        if (outcome.empty())
            reason = "no client connects anew in this trace";
        else if (story_.loop && all_recover)
            reason = "the clients believe in their connections; what hangs is not seen from their side";
        else if (connects.back().at("after") > longest_window)
            reason = fmt::format("a client connects only {} s after the first",
                                 connects.back().at("after").dump());
        const auto nat = find(story_.fault.nat);
        return {{"not_tried", reason},
                {"servers", servers},
                {"old", old},
                {"nat", nat ? Json(*nat) : Json(nullptr)},
                {"table", story_.fault.table},
                {"connects", connects},
                {"window", std::min(window, longest_window)},
                {"outcome", outcome}};
    }
    /// When the client has its connection for good.
    std::optional<std::uint64_t> recovers(const std::string& client) const {
        std::optional<std::uint64_t> since;
        bool connected = false;
        for (const StoryStep& step : story_.steps) {
            if (step.kind == Step::Kind::Connect && story_.nodes[*step.actor].name == client)
                connected = true;
            if (!connected || !is_established(step, client))
                since.reset();
            else if (!since)
                since = step.at;
        }
        return since;
    }

    const Story& story_;
    std::string text_;
};

}  // namespace

std::string netns(const Story& story) { return NetnsScript(story).write(); }

}  // namespace halfopen
