/// Writes down what a search found so that it can be checked without searching (verifier/verifier.hpp).
#pragma once

#include <cstdint>

#include "check/exploration_with_cells.hpp"
#include "explorer/verdict.hpp"
#include "verifier/certificate_writer.hpp"
#include "verifier/claim.hpp"

namespace halfopen {

/// The same check without any reduction of the search: a certificate is of every order of events.
CheckOptions without_reductions(CheckOptions options);

/// exploration: complete, of a check without_reductions().  files: what the question depends on
/// (fingerprint.hpp).
void write_certificate(const verifier::Question& question, std::vector<verifier::NamedDigest> files,
                       const WorldExploration& exploration, const explorer::Judgement& judgement,
                       const verifier::CertificateWriter::Sink& sink);

/// The most that write_certificate() takes, by the sizes of what it will allocate, whatever the verdict.
std::uint64_t bytes_to_certify(const explorer::StateGraph& graph);

}  // namespace halfopen
