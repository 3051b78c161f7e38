#include "conformance/conform.hpp"

#include <utility>

#include "conformance/endpoint_replay.hpp"
#include "conformance/nat_replay.hpp"

namespace halfopen::conformance {

namespace {

void add(FileVerdict& file, CaseVerdict verdict) {
    ++file.cases;
    if (!verdict.disagreement && verdict.outside == 0) ++file.cases_agreed;
    file.agreed += verdict.agreed;
    file.behind += verdict.behind;
    file.outside += verdict.outside;
    if (verdict.outside > 0) file.outside_reasons[verdict.outside_reason] += verdict.outside;
    file.tally.add(verdict.tally);
    if (!verdict.disagreement) return;
    ++file.disagreed;
    ++file.disagreeing_rules[verdict.disagreement->rule];
    file.disagreements.push_back(std::move(*verdict.disagreement));
}

/// A parameter that a recording names and the policy refuses is an error of that line.
template <class Replayer, class Case>
void add_cases(FileVerdict& file, Replayer& replayer, const std::vector<Case>& cases) {
    for (const Case& one : cases) {
        CaseVerdict verdict;
        try {
            verdict = replayer.replay(one);
        } catch (const InputError& error) {
            throw InputError(Place{file.file, one.line, 0}, error.what());
        }
        add(file, std::move(verdict));
    }
}

template <class Case>
void note_kernel(FileVerdict& file, const std::vector<Case>& cases) {
    for (const Case& one : cases)
        if (file.kernel.empty()) file.kernel = one.kernel;
}

}  // namespace

FileVerdict conform(const Vectors& vectors, const Policy& policy, const Policy& host) {
    FileVerdict file;
    file.file = vectors.file;
    file.kind = vectors.kind;
    file.policy = policy.name;
    note_kernel(file, vectors.nat_sequences);
    note_kernel(file, vectors.endpoint_sequences);
    if (vectors.kind == PolicyKind::Nat) {
        NatReplayer replayer(policy, host);
        add_cases(file, replayer, vectors.nat_sequences);
    } else {
        EndpointReplayer replayer(policy);
        add_cases(file, replayer, vectors.probes);
        add_cases(file, replayer, vectors.endpoint_sequences);
    }
    return file;
}

}  // namespace halfopen::conformance
