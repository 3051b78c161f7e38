// Any text whatever is either a policy that can be used, or a fix, or an InputError of one line: never a
// crash, never another exception.  Target `fuzz` of tests/CMakeLists.txt.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "spec/nat/entered_states.hpp"
#include "spec/nat/nat.hpp"
#include "spec/policy/decision_table.hpp"
#include "spec/policy/fix.hpp"
#include "spec/policy/policy_library.hpp"
#include "spec/tcp/endpoint.hpp"
#include "tests/spec/policy/sample_vocabulary.hpp"

namespace {

using namespace halfopen;

template <class Parse>
void parse_or_explain(Parse parse) {
    try {
        parse();
    } catch (const InputError& error) {
        if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
    }
}

/// A shipped policy by its name: which files a fuzzer would name is none of our business.
ParentResolver shipped(PolicyKind kind) {
    return [kind](const std::string& name, const Place& place) {
        static const PolicyLibrary library(HALFOPEN_SOURCE_DIR "/spec/policies");
        if (name != (kind == PolicyKind::Endpoint ? "lwip" : "vignat"))
            throw InputError(place, "not this one");
        return library.load(kind, name);
    };
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto parent = [](const std::string&, const Place&) {
        return test::parse(test::header + test::rule_line("a") + test::rule_line("b"));
    };
    for (const bool with_direction : {false, true}) {
        const Vocabulary words = test::sample_vocabulary(with_direction);
        parse_or_explain([&] { DecisionTable(parse_policy(words, text, "f.toml", parent), words); });
    }
    for (const PolicyKind kind : {PolicyKind::Endpoint, PolicyKind::Nat})
        parse_or_explain([&] {
            const Policy policy = parse_policy(vocabulary(kind), text, "f.toml", shipped(kind));
            if (kind == PolicyKind::Endpoint) {
                Endpoint{policy};
            } else {
                Nat{policy};
                entered_states(policy);
            }
        });
    parse_or_explain([&] { parse_fix(text, "f.toml"); });
    return 0;
}
