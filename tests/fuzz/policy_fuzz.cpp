// Any text whatever is either a policy or an InputError of one line: never a crash, never another exception.
//
//   clang++ -std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined -I. -DTOML_HEADER_ONLY=1 \
//       tests/fuzz/policy_fuzz.cpp spec/policy/*.cpp spec/tcp/endpoint_vocabulary.cpp \
//       spec/nat/nat_vocabulary.cpp -lfmt -o policy_fuzz
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "spec/policy/decision_table.hpp"
#include "spec/policy/fix.hpp"
#include "tests/spec/policy/sample_vocabulary.hpp"

namespace {

template <class Parse>
void parse_or_explain(Parse parse) {
    try {
        parse();
    } catch (const halfopen::InputError& error) {
        if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace halfopen;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto parent = [](const std::string&, const Place&) {
        return test::parse(test::header + test::rule_line("a") + test::rule_line("b"));
    };
    for (const bool with_direction : {false, true}) {
        const Vocabulary words = test::sample_vocabulary(with_direction);
        parse_or_explain([&] { DecisionTable(parse_policy(words, text, "f.toml", parent), words); });
    }
    parse_or_explain([&] { parse_fix(text, "f.toml"); });
    return 0;
}
