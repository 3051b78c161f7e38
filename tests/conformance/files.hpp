/// What the tests of conformance share: where the vectors lie, and policies by name.
#pragma once

#include <filesystem>
#include <string>

#include "conformance/conform.hpp"
#include "spec/policy/policy_library.hpp"

namespace halfopen::test {

inline const std::filesystem::path source_folder = HALFOPEN_SOURCE_DIR;

inline std::string vectors(const std::string& name) {
    return (source_folder / "tests/conformance/vectors" / name).string();
}

inline Policy policy(PolicyKind kind, std::string_view name) {
    return PolicyLibrary(source_folder / "spec/policies").load(kind, name);
}

inline conformance::FileVerdict conform(const conformance::Vectors& observed, std::string_view name) {
    return conformance::conform(observed, policy(observed.kind, name),
                                policy(PolicyKind::Endpoint, "linux-6.18"));
}

}  // namespace halfopen::test
