#include "check/proof_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "counterexamples/narration.hpp"

namespace halfopen {
namespace {

std::string text_of(const LeftOut& out) {
    const auto last = static_cast<std::uint32_t>(out.first + out.size - 1);
    return out.size == 1 ? fmt::format("{} - {} = {}", out.left, out.right, out.first)
                         : fmt::format("{} - {} in [{}, {}]", out.left, out.right, out.first, last);
}

std::string text_of(const std::vector<ProofStep>& run, std::size_t from) {
    std::string text;
    constexpr std::size_t most_lines = 60;
    std::size_t lines = 0;
    for (std::size_t i = 0; i < run.size() && lines < most_lines; ++i) {
        const ProofStep& step = run[i];
        if (i == from && from > 0) text += "           from here on it goes round\n";
        for (const std::string& packet : step.packets) {
            text += fmt::format("{:>9.3f}  {:<9} {}{}  # {}\n", static_cast<double>(step.ms) / 1000.0,
                                step.actor, packet, step.leaked ? " X" : "", step.note);
            ++lines;
        }
        if (step.packets.empty()) {
            text += fmt::format("{:>9.3f}  {:<9} -  # {}\n", static_cast<double>(step.ms) / 1000.0,
                                step.actor, step.note);
            ++lines;
        }
    }
    return text;
}

std::string text_of(const Induction& induction, std::string_view of_what) {
    if (induction.holds())
        return fmt::format("inductive: {} cases of {} and an event, {} paths", induction.cases, of_what,
                           induction.paths);
    return induction.failures.empty() ? "not checked: a limit of time was hit first"
                                      : "NOT inductive: " + induction.failures.front();
}

std::size_t questions_of(const RecoveryProof& proof) {
    return proof.questions + proof.induction.questions + (proof.entries ? proof.entries->questions : 0);
}

nlohmann::ordered_json json_of(const Induction& induction) {
    return {{"inductive", induction.holds()},
            {"cases", induction.cases},
            {"paths", induction.paths},
            {"failures", induction.failures}};
}

bool recovers(const StartResult& start) {
    return !start.failure && (!start.syn_sent || !start.syn_sent->failure);
}

/// Of the claim's starts before those that are no part of it.
const ProofFailure* first_failure(const RecoveryProof& proof) {
    const ProofFailure* found = nullptr;
    for (const StartResult& start : proof.starts) {
        if (recovers(start)) continue;
        const ProofFailure* here = start.failure ? &*start.failure : &*start.syn_sent->failure;
        if (!start.half_open) return here;
        if (found == nullptr) found = here;
    }
    return found;
}

std::string name_of(const StartResult& start) { return start.half_open ? start.what + " (*)" : start.what; }

std::string in_syn_sent(const StartResult& start) {
    if (!start.syn_sent) return "";
    if (start.syn_sent->failure) return std::string(why(start.syn_sent->failure->kind));
    return describe_duration(start.syn_sent->worst_ms);
}

bool only_alone(const StartResult& start) {
    return start.with_others || (start.syn_sent && start.syn_sent->with_others);
}

std::string table_of(const RecoveryProof& proof) {
    std::size_t width = 11;
    for (const StartResult& start : proof.starts) width = std::max(width, name_of(start).size());
    std::string text = fmt::format("\n  {:<{}}  paths  SYNs    at most  in SYN_SENT\n", "left behind", width);
    for (const StartResult& start : proof.starts) {
        text += fmt::format("  {:<{}}", name_of(start), width);
        text += start.failure ? fmt::format("  {}", why(start.failure->kind))
                              : fmt::format("  {:>5} {:>5} {:>10} {:>12}{}", start.paths, start.rounds,
                                            describe_duration(start.worst_ms), in_syn_sent(start),
                                            only_alone(start) ? "  if nobody else is given its port" : "");
        text += "\n";
    }
    if (std::any_of(proof.starts.begin(), proof.starts.end(), [](const auto& s) { return s.half_open; }))
        text += "  (*) only where a fault strikes in the middle of a handshake; no part of the claim\n";
    return text;
}

nlohmann::ordered_json json_of(const std::vector<ProofStep>& run) {
    auto list = nlohmann::ordered_json::array();
    for (const ProofStep& step : run)
        list.push_back({{"ms", step.ms},
                        {"actor", step.actor},
                        {"packets", step.packets},
                        {"leaked", step.leaked},
                        {"why", step.note}});
    return list;
}

void add_failure(nlohmann::ordered_json& one, const ProofFailure& failure) {
    one["why"] = why(failure.kind);
    if (failure.entry) one["mapping"] = to_string(*failure.entry);
    for (const auto& [name, value] : failure.numbers)
        one["numbers"].push_back({{"name", name}, {"value", value}});
    one["loop_from"] = failure.loop_from;
    one["run"] = json_of(failure.run);
}

}  // namespace

std::string_view why(FailureKind kind) {
    switch (kind) {
        case FailureKind::Loop:
            return "goes round for ever";
        case FailureKind::Stuck:
            return "nothing happens any more, and the connection does not work";
        case FailureKind::Moved:
            return "its mapping goes first, and somebody else may be given its port";
        case FailureKind::Vacuous:
            return "no run satisfies what is assumed";
        case FailureKind::Late:
            break;
    }
    return "a limit of time or events was hit first";
}

std::string beginning_of(const ProofFailure& failure) {
    return failure.start + (failure.entry ? fmt::format(" (in {})", to_string(*failure.entry)) : "") +
           (failure.syn_sent ? ", the client in SYN_SENT" : "");
}

std::string_view to_string(ProofStatus status) {
    switch (status) {
        case ProofStatus::Proved:
            return "proved";
        case ProofStatus::ProvedAlone:
            return "proved alone";
        case ProofStatus::NotProved:
            return "not proved";
        case ProofStatus::Inconclusive:
            break;
    }
    return "inconclusive";
}

std::string proof_report(const Model& model, const RecoveryProof& proof) {
    std::string text =
        fmt::format("{}: recovery of any number of clients, for all numbers\n\n", model.scenario().name);
    const auto line = [&](std::string_view name, const std::string& value) {
        text += fmt::format("  {:<12} {}\n", name, value);
    };
    std::size_t proved = 0, claimed = 0;
    for (const StartResult& start : proof.starts) {
        if (start.half_open) continue;
        ++claimed;
        proved += recovers(start) ? 1 : 0;
    }
    line(to_string(proof.status),
         fmt::format("from {} of {} things that can be left behind every path recovers{}", proved, claimed,
                     proof.status == ProofStatus::ProvedAlone
                         ? ", if no other client is given its port before it has"
                         : ""));
    if (proved > 0)
        line("time",
             fmt::format("{} at most from the first SYN, in {} SYN{} (each stale connection that its "
                         "mapping meets anew costs as much again)",
                         describe_duration(proof.worst_ms), proof.rounds, proof.rounds == 1 ? "" : "s"));
    if (proved > 0 && proof.syn_sent_worst_ms > 0)
        line("in SYN_SENT", fmt::format("{} at most where SYNs were lost before the first one that counts",
                                        describe_duration(proof.syn_sent_worst_ms)));
    for (const LeftOut& out : proof.left_out)
        line("left out", fmt::format("{} ({} of 2^32)", text_of(out), out.size));
    line("invariant", text_of(proof.induction, "a server's state"));
    if (proof.entries) line("of mappings", text_of(*proof.entries, "a mapping's state"));
    line("others",
         proof.isolation.holds()
             ? fmt::format("cannot touch it: {} cases of two clients' ports and a segment, {} paths",
                           proof.isolation.cases, proof.isolation.paths)
         : proof.isolation.witness ? "CAN touch it: " + *proof.isolation.witness
                                   : std::string("not checked: a limit of time was hit first"));
    line("asked", fmt::format("{} questions about numbers on {} paths", questions_of(proof), proof.paths));
    text += table_of(proof);
    text +=
        "\n  assumed: nothing is lost after the last fault; what can happen at once is not put off; links "
        "take "
        "no\n  time; no timer of the old connection expires while a segment is on its way; no further fault "
        "(docs/proofs.md)\n";
    const ProofFailure* failed = first_failure(proof);
    if (failed != nullptr && !failed->run.empty()) {
        text += fmt::format("\nA run that does not recover, from {}:\n", beginning_of(*failed));
        for (const auto& [name, value] : failed->numbers) text += fmt::format("  {} = {}\n", name, value);
        text += text_of(failed->run, failed->loop_from);
    } else if (failed == nullptr && !proof.example.empty()) {
        text += "\nA slowest run, with some numbers that take it:\n" + text_of(proof.example, 0);
    }
    return text;
}

nlohmann::ordered_json proof_json(const Model& model, const RecoveryProof& proof) {
    nlohmann::ordered_json json{{"scenario", model.scenario().name},
                                {"status", to_string(proof.status)},
                                {"worst_ms", proof.worst_ms},
                                {"syn_sent_worst_ms", proof.syn_sent_worst_ms},
                                {"rounds", proof.rounds},
                                {"paths", proof.paths},
                                {"questions", questions_of(proof)},
                                {"mapping_may_move", proof.may_move}};
    json["left_out"] = nlohmann::ordered_json::array();
    for (const LeftOut& out : proof.left_out)
        json["left_out"].push_back(
            {{"left", out.left}, {"right", out.right}, {"first", out.first}, {"size", out.size}});
    json["invariant"] = json_of(proof.induction);
    if (proof.entries) json["invariant_of_mappings"] = json_of(*proof.entries);
    json["isolation"] = {{"holds", proof.isolation.holds()},
                         {"cases", proof.isolation.cases},
                         {"paths", proof.isolation.paths}};
    if (proof.isolation.witness) json["isolation"]["witness"] = *proof.isolation.witness;
    json["starts"] = nlohmann::ordered_json::array();
    for (const StartResult& start : proof.starts) {
        nlohmann::ordered_json one{{"left_behind", start.what},
                                   {"half_open", start.half_open},
                                   {"recovers", !start.failure},
                                   {"alone_only", start.with_others.has_value()}};
        if (!start.failure) {
            one["paths"] = start.paths;
            one["worst_ms"] = start.worst_ms;
            one["rounds"] = start.rounds;
        } else {
            add_failure(one, *start.failure);
        }
        if (start.syn_sent) {
            nlohmann::ordered_json again{{"recovers", !start.syn_sent->failure},
                                         {"alone_only", start.syn_sent->with_others.has_value()}};
            if (start.syn_sent->failure)
                add_failure(again, *start.syn_sent->failure);
            else
                again["worst_ms"] = start.syn_sent->worst_ms;
            one["syn_sent"] = std::move(again);
        }
        json["starts"].push_back(std::move(one));
    }
    json["example"] = json_of(proof.example);
    return json;
}

}  // namespace halfopen
