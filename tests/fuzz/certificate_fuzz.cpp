// Any bytes whatever are refused with one line, or are a certificate in which the verifier finds a lie, or
// say what is true of their scenario: never a crash, never a falsehood believed.  Each input is also given a
// digest that fits, since nobody would find one by chance.
//
// The target `fuzz` (tests/CMakeLists.txt) begins with certificates of the four scenarios below.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "spec/policy/input_error.hpp"
#include "verifier/verifier.hpp"

namespace {

using namespace halfopen;
using verifier::Certificate;
using verifier::Claim;
using verifier::Verdict;

/// A scenario with what is true of it.
struct Subject {
    Model model;
    Verdict verdict;
    std::optional<std::uint64_t> best_ms, worst_ms;
    std::optional<verifier::SideProperties> properties;

    bool bears_out(const Claim& claim) const {
        return claim.verdict == verdict && claim.best_ms == best_ms && claim.worst_ms == worst_ms &&
               claim.properties == properties;
    }
};

Model model_of(const std::string& name,
               const std::vector<std::pair<std::string, std::string>>& settings = {}) {
    Scenario scenario = read_scenario(HALFOPEN_SOURCE_DIR "/spec/scenarios/" + name + ".toml");
    for (const auto& [key, value] : settings) apply_setting(scenario, key, value);
    return {scenario, PolicyLibrary(HALFOPEN_SOURCE_DIR "/spec/policies")};
}

const std::array<Subject, 4>& subjects() {
    static const std::array<Subject, 4> all{
        {{model_of("time-wait-mismatch"), Verdict::Bounded, 0, 8, verifier::SideProperties{}},
         {model_of("keepalive-refreshed"),
          Verdict::Unbounded,
          3000,
          {},
          verifier::SideProperties{true, false, false}},
         {model_of("ack-war", {{"left.data_retransmit", "200ms"}, {"network.loss", "1"}}),
          Verdict::Storm,
          13200,
          {},
          verifier::SideProperties{}},
         {model_of("founding", {{"scenario.clients", "1"}, {"client.syn_never_gives_up", "true"}}),
          Verdict::Permanent,
          {},
          {},
          {}}}};
    return all;
}

void read_and_verify(std::span<const std::byte> file, const Subject& subject) {
    try {
        const Certificate certificate(file, "fuzz");
        const verifier::Verification result = verifier::verify(certificate, subject.model);
        const bool generic = !certificate.claim().question.complete_isn;
        if (!result.lie && generic && !subject.bears_out(certificate.claim())) std::abort();
    } catch (const InputError& error) {
        if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
    }
}

}  // namespace

/// The first byte chooses the scenario.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const Subject& subject = subjects()[data[0] % subjects().size()];
    std::vector<std::byte> file(size - 1);
    std::transform(data + 1, data + size, file.begin(), [](std::uint8_t b) { return std::byte{b}; });
    read_and_verify(file, subject);
    if (file.size() < sizeof(verifier::Digest)) return 0;
    const std::size_t body = file.size() - sizeof(verifier::Digest);
    const verifier::Digest digest = verifier::sha256(std::span(file).first(body));
    std::copy(digest.begin(), digest.end(), file.begin() + static_cast<std::ptrdiff_t>(body));
    read_and_verify(file, subject);
    return 0;
}
