#include "tests/conformance/conntrack_replay.hpp"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>

namespace halfopen::conformance {
namespace {

using nlohmann::json;

// Where the vectors were recorded (shared/conformance/README.md).
constexpr std::uint32_t client_ip = 0x0a010001;  // 10.1.0.1
constexpr std::uint32_t nat_ip = 0xc0000201;     // 192.0.2.1
constexpr Address server{0xc0000202, 2049};      // 192.0.2.2
const NatAddresses addresses{client_ip & 0xffffff00U, 0xffffff00U, nat_ip, {}, {}};

std::uint8_t flags_from(const std::string& letters) {
    std::uint8_t flags = 0;
    for (const char letter : letters) {
        switch (letter) {
            case 'F':
                flags |= flag::fin;
                break;
            case 'S':
                flags |= flag::syn;
                break;
            case 'R':
                flags |= flag::rst;
                break;
            case 'P':
                flags |= flag::psh;
                break;
            case 'A':
                flags |= flag::ack;
                break;
            default:
                throw InputError(fmt::format("unknown flag letter '{}'", letter));
        }
    }
    return flags;
}

std::optional<std::uint32_t> ip_from(const json& value) {
    return value.is_null() ? std::nullopt : parse_ip(value.get<std::string>());
}

ObservedStep step_from(const json& j) {
    ObservedStep s;
    s.direction = j.at("dir") == "orig" ? original : reply;
    s.flags = flags_from(j.at("flags"));
    s.seq = j.at("seq");
    s.ack = j.at("ack");
    s.window = j.at("win");
    s.length = j.at("len");
    s.forwarded = j.at("forwarded");
    if (const auto ip = ip_from(j.at("source"))) s.source = Address{*ip, j.at("sport").get<std::uint16_t>()};
    s.destination = ip_from(j.at("destination"));
    if (const json& e = j.at("entry"); !e.is_null())
        s.entry = ObservedEntry{e.at("state"), e.at("timeout"), e.at("assured"), e.at("unreplied")};
    return s;
}

ObservedSequence sequence_from(const json& j) {
    ObservedSequence q;
    q.name = fmt::format("{} {}, seed {}", j.at("script").get<std::string>(), j.at("id").get<int>(),
                         j.at("seed").get<int>());
    const json& config = j.at("config");
    q.be_liberal = config.at("be_liberal") != 0;
    q.ignore_invalid_rst = config.at("ignore_invalid_rst") != 0;
    q.loose = config.at("loose") != 0;
    q.client_port = j.at("sport");
    for (const json& step : j.at("steps")) q.steps.push_back(step_from(step));
    return q;
}

/// The kernel's timers run while its table is read: a timer just set to 120 s shows 119 s, or 120 s when it
/// is read within the same tick.  All of conntrack's timers are at least 10 s apart.
bool same_timer(std::uint32_t kernel_s, std::uint32_t model_s) {
    return kernel_s == model_s || kernel_s + 1 == model_s;
}

bool same(const std::optional<ObservedEntry>& kernel, const std::optional<ObservedEntry>& model) {
    if (!kernel || !model) return !kernel && !model;
    return kernel->state == model->state && kernel->assured == model->assured &&
           kernel->unreplied == model->unreplied && same_timer(kernel->timeout, model->timeout);
}

std::string text(const std::optional<ObservedEntry>& e) {
    if (!e) return "no entry";
    return fmt::format("{} {} s{}{}", e->state, e->timeout, e->assured ? " assured" : "",
                       e->unreplied ? " unreplied" : "");
}

std::optional<ObservedEntry> entry_of(const NatTable<ConcreteReading>& table) {
    if (table.entries.empty()) return std::nullopt;
    const auto& e = table.entries.front();
    return ObservedEntry{std::string(to_string(e.state)), e.timeout / 1000, e.assured, !e.seen_reply};
}

/// One sequence against one table.
class Replay {
   public:
    Replay(const Policy& policy, const ObservedSequence& sequence)
        : nat_(policy), client_{client_ip, sequence.client_port}, outside_port_(sequence.client_port) {}

    std::vector<std::string> play(const ObservedStep& observed) {
        ConcreteSegment segment;
        segment.flags = observed.flags;
        segment.seq = reading_.literal(observed.seq);
        segment.ack = reading_.literal(observed.ack);
        segment.window = observed.window;
        segment.length = observed.length;
        const bool out = observed.direction == original;
        segment.source = out ? client_ : server;
        segment.destination = out ? server : Address{nat_ip, outside_port_};
        // Where the kernel drew a port at random, the draw is the environment's.
        std::optional<std::uint16_t> drawn;
        if (out && observed.source) drawn = observed.source->port;
        const auto step = out ? outbound(reading_, nat_, addresses, table_, segment, {}, drawn)
                              : inbound(reading_, nat_, addresses, table_, segment);
        if (out && observed.source) outside_port_ = observed.source->port;
        return compare(observed, step, out);
    }

   private:
    std::vector<std::string> compare(const ObservedStep& observed, const NatStep<ConcreteReading>& step,
                                     bool out) const {
        std::vector<std::string> differences;
        const auto note = [&](std::string kernel, std::string model) {
            differences.push_back(fmt::format("kernel: {}; model: {} (rule {})", kernel, model,
                                              step.rule != nullptr ? step.rule->id : "none"));
        };
        const bool forwarded = step.outcome == NatOutcome::Forwarded || step.outcome == NatOutcome::Leaked;
        if (forwarded != observed.forwarded) {
            note(observed.forwarded ? "forwarded" : "not forwarded",
                 forwarded ? "forwarded" : "not forwarded");
        } else if (forwarded) {
            if (observed.source && *observed.source != step.segment.source)
                note("source " + to_string(*observed.source), "source " + to_string(step.segment.source));
            if (observed.destination && *observed.destination != step.segment.destination.ip)
                note("destination " + ip_to_string(*observed.destination),
                     "destination " + to_string(step.segment.destination));
            if (!out && step.segment.destination.port != client_.port)
                note(fmt::format("port {}", client_.port), to_string(step.segment.destination));
        }
        const auto entry = entry_of(table_);
        if (!same(observed.entry, entry)) note(text(observed.entry), text(entry));
        return differences;
    }

    Nat nat_;
    ConcreteReading reading_;
    NatTable<ConcreteReading> table_;
    Address client_;
    std::uint16_t outside_port_;
};

}  // namespace

std::vector<ObservedSequence> read_conntrack_vectors(const std::filesystem::path& file) {
    std::ifstream in(file);
    if (!in)
        throw InputError(Place{file.string()}, "cannot be read; it should be a file of conntrack vectors");
    std::vector<ObservedSequence> sequences;
    std::string line;
    for (std::uint32_t number = 1; std::getline(in, line); ++number) {
        try {
            sequences.push_back(sequence_from(json::parse(line)));
        } catch (const json::exception& e) {
            throw InputError(Place{file.string(), number}, e.what());
        }
    }
    return sequences;
}

std::vector<std::string> replay(const Policy& policy, const ObservedSequence& sequence) {
    Policy configured = policy;
    const auto set = [&](std::string_view name, bool value) {
        configured.set(name, value ? "true" : "false");
    };
    set("nf_conntrack_tcp_be_liberal", sequence.be_liberal);
    set("nf_conntrack_tcp_ignore_invalid_rst", sequence.ignore_invalid_rst);
    set("nf_conntrack_tcp_loose", sequence.loose);
    Replay replay(configured, sequence);
    for (std::size_t i = 0; i < sequence.steps.size(); ++i) {
        auto differences = replay.play(sequence.steps[i]);
        if (differences.empty()) continue;
        for (auto& d : differences)
            d = fmt::format("{}, segment {} ({} {}): {}", sequence.name, i + 1,
                            sequence.steps[i].direction == original ? "out" : "in",
                            flags_to_string(sequence.steps[i].flags), d);
        return differences;
    }
    return {};
}

}  // namespace halfopen::conformance
