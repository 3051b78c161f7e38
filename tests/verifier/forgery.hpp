/// Certificates of real searches, taken apart, changed and put together again with a digest that fits: what a
/// search with a fault in it, or somebody who wants to be believed, could write.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "check/certificate.hpp"
#include "check/check.hpp"
#include "spec/policy/policy_library.hpp"
#include "verifier/fingerprint.hpp"
#include "verifier/verifier.hpp"

namespace halfopen::test {

using verifier::Certificate;
using verifier::CertificateWriter;
using verifier::Claim;
using verifier::Counts;
using verifier::Verification;

using Settings = std::vector<std::pair<std::string, std::string>>;
using Bytes = std::vector<std::byte>;

inline const std::string spec_folder = HALFOPEN_SOURCE_DIR "/spec";

inline const PolicyLibrary& library() {
    static const PolicyLibrary shipped(spec_folder + "/policies");
    return shipped;
}

inline Scenario shipped(const std::string& name, const Settings& settings = {}) {
    Scenario scenario = read_scenario(spec_folder + "/scenarios/" + name + ".toml");
    for (const auto& [key, value] : settings) apply_setting(scenario, key, value);
    return scenario;
}

/// What `check --certificate` writes, with what it is about.
struct Certified {
    Model model;
    Bytes file;
    explorer::Verdict verdict = explorer::Verdict::Inconclusive;

    /// memory: that the search may take; where it needs more there is no verdict and no file.
    explicit Certified(const Scenario& scenario, bool complete_isn = false,
                       std::optional<std::uint64_t> memory = {})
        : model(scenario, library()) {
        CheckOptions options;
        options.limits.memory_bytes = memory;
        options.isn = complete_isn ? IsnMode::Complete : IsnMode::Generic;
        options.corners = options.trace = options.attempts = options.prove_coverage = false;
        options.merge_commuting_steps = false;
        options.symmetry = false;
        options.judged = [&](const WorldExploration& exploration, const explorer::Judgement& judgement) {
            verdict = judgement.verdict;
            file = written({scenario.name, {}, {}, {}, complete_isn}, exploration, judgement);
        };
        check(model, options);
    }

    static Bytes written(const verifier::Question& question, const WorldExploration& exploration,
                         const explorer::Judgement& judgement) {
        Bytes bytes;
        write_certificate(question, {{"a file", "its digest"}}, exploration, judgement,
                          [&](std::string_view piece) {
                              const auto more = std::as_bytes(std::span(piece));
                              bytes.insert(bytes.end(), more.begin(), more.end());
                          });
        return bytes;
    }
};

/// Throws InputError where the bytes are no certificate.
inline Verification verified(const Bytes& file, const Model& model) {
    return verifier::verify(Certificate(file, "test.cert"), model);
}

/// What the verifier objects to; empty where it believes everything.
inline std::string lie_in(const Bytes& file, const Model& model) {
    const Verification result = verified(file, model);
    return result.lie ? result.lie->what : std::string();
}

/// All parts of a certificate, to be changed at will.
struct Forgery {
    Claim claim;
    std::vector<Comparison> comparisons;
    std::vector<Bytes> path;
    std::uint64_t loop_begin = 0;
    std::vector<std::uint32_t> roots;
    struct State {
        Bytes packed;
        std::vector<std::uint32_t> targets;
        std::vector<std::uint64_t> measures;
    };
    std::vector<State> states;

    explicit Forgery(const Bytes& file) {
        const Certificate certificate(file, "test.cert");
        const auto copy = [](std::span<const std::byte> bytes) { return Bytes(bytes.begin(), bytes.end()); };
        const Counts& counts = certificate.counts();
        claim = certificate.claim();
        comparisons = certificate.comparisons();
        loop_begin = counts.loop_begin;
        for (std::uint64_t i = 0; i < counts.path_states; ++i) path.push_back(copy(certificate.path(i)));
        for (std::uint64_t i = 0; i < counts.roots; ++i) roots.push_back(certificate.root(i));
        for (std::uint64_t id = 0; id < counts.states; ++id) {
            State state{copy(certificate.state(id)), {}, {}};
            certificate.targets(id, state.targets);
            for (const verifier::Measure measure : verifier::measures_of(claim.verdict))
                state.measures.push_back(certificate.measure(id, measure));
            states.push_back(std::move(state));
        }
    }

    /// As a file whose digest fits.
    Bytes sealed() const {
        Counts counts;
        counts.comparisons = comparisons.size();
        counts.path_states = path.size();
        for (const Bytes& state : path) counts.path_bytes += state.size();
        counts.loop_begin = loop_begin;
        counts.roots = roots.size();
        counts.states = states.size();
        for (const State& state : states) {
            counts.state_bytes += state.packed.size();
            counts.targets += state.targets.size();
        }
        Bytes bytes;
        CertificateWriter writer([&](std::string_view piece) {
            const auto more = std::as_bytes(std::span(piece));
            bytes.insert(bytes.end(), more.begin(), more.end());
        });
        writer.head(claim, counts);
        writer.comparisons(comparisons);
        std::uint64_t end = 0;
        for (const Bytes& state : path) writer.add_number(end += state.size());
        writer.end_section();
        for (const Bytes& state : path) writer.add(state);
        writer.end_section();
        for (const std::uint32_t root : roots) writer.add_number(root);
        writer.end_section();
        end = 0;
        for (const State& state : states) writer.add_number(end += state.packed.size());
        writer.end_section();
        for (const State& state : states) writer.add(state.packed);
        writer.end_section();
        end = 0;
        for (const State& state : states) writer.add_number(end += state.targets.size());
        writer.end_section();
        for (const State& state : states)
            for (const std::uint32_t target : state.targets) writer.add_number(target);
        writer.end_section();
        for (const State& state : states)
            for (const std::uint64_t measure : state.measures) writer.add_number(measure);
        writer.end_section();
        writer.finish();
        return bytes;
    }

    /// Leaves a state out, and every step to it; the others move up.
    void leave_out(std::uint32_t id) {
        states.erase(states.begin() + id);
        for (State& state : states) {
            std::erase(state.targets, id);
            for (std::uint32_t& target : state.targets) target -= target > id ? 1 : 0;
        }
        std::erase(roots, id);
        for (std::uint32_t& root : roots) root -= root > id ? 1 : 0;
    }
};

/// The file with a digest that fits its other bytes.
inline Bytes resealed(Bytes file) {
    if (file.size() < sizeof(verifier::Digest)) return file;
    const std::size_t body = file.size() - sizeof(verifier::Digest);
    const verifier::Digest digest = verifier::sha256(std::span(file).first(body));
    std::copy(digest.begin(), digest.end(), file.begin() + static_cast<std::ptrdiff_t>(body));
    return file;
}

}  // namespace halfopen::test
