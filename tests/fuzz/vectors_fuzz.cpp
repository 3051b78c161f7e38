// Any text whatever is either a file of observations that can be held against a policy or an InputError of
// one line: never a crash, never another exception.  Target `fuzz` of tests/CMakeLists.txt.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "conformance/conform.hpp"
#include "spec/policy/policy_library.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace halfopen;
    static const PolicyLibrary library(HALFOPEN_SOURCE_DIR "/spec/policies");
    static const Policy endpoint = library.load(PolicyKind::Endpoint, "linux-6.18");
    static const Policy nat = library.load(PolicyKind::Nat, "linux-6.18");
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        const auto vectors = conformance::parse_vectors(text, "v.jsonl");
        const auto verdict = conform(vectors, vectors.kind == PolicyKind::Nat ? nat : endpoint, endpoint);
        conformance::conform_text({verdict}, 5);
        conformance::conform_json({verdict}, 5);
    } catch (const InputError& error) {
        if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
    }
    return 0;
}
