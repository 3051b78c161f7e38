// Every verdict that the shipped scenarios state, and every one in their tables of variants and fixes, has a
// certificate that is verified.
#include <catch2/catch.hpp>
#include <filesystem>

#include "check/batch.hpp"
#include "tests/verifier/forgery.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

struct Subject {
    std::string name;
    Scenario scenario;
    std::optional<std::string> expected;
};

std::vector<Subject> subjects_of(const std::string& name) {
    const FixLibrary fixes(spec_folder + "/policies");
    const Scenario plain = shipped(name);
    std::vector<Subject> subjects{{name, plain, plain.expect}};
    for (const VariantSpec& variant : plain.variants) {
        subjects.push_back({name + " --variant " + variant.name, plain, variant.expect});
        apply_variant(subjects.back().scenario, variant);
    }
    for (const ExpectedFix& fix : plain.fixes) {
        subjects.push_back({name + " --fix " + fix.name, plain, fix.expect});
        apply_fix(subjects.back().scenario, fixes.load(fix.name));
        // The second column of `fixes`.
        subjects.push_back(
            {name + " --fix " + fix.name + ", endless", with_endless_connect(subjects.back().scenario), {}});
    }
    return subjects;
}

/// How many were verified, and how many have more states than fit into the memory.
struct Tally {
    std::size_t verified = 0, too_large = 0;
};

Tally verify_all_shipped(std::optional<std::uint64_t> memory) {
    Tally tally;
    for (const auto& entry : std::filesystem::directory_iterator(spec_folder + "/scenarios")) {
        for (const Subject& subject : subjects_of(entry.path().stem().string())) {
            INFO(subject.name);
            const Certified certified(subject.scenario, false, memory);
            if (memory && certified.verdict == explorer::Verdict::Inconclusive) {
                ++tally.too_large;
                continue;
            }
            if (subject.expected) CHECK(to_string(certified.verdict) == *subject.expected);
            REQUIRE(lie_in(certified.file, certified.model) == "");
            ++tally.verified;
        }
    }
    return tally;
}

}  // namespace

TEST_CASE("Shipped verdicts of up to some ten thousand states are verified") {
    const Tally tally = verify_all_shipped(std::uint64_t{2} << 20U);
    INFO(tally.too_large << " have more states");
    CHECK(tally.verified > 150);
}

TEST_CASE("Every shipped verdict is verified", "[.slow]") {
    const Tally tally = verify_all_shipped({});
    CHECK(tally.too_large == 0);
    WARN(tally.verified << " verdicts verified");
}
