// The shells complete what there is: this program's subcommands, options, scenarios, policies and keys.
#include <catch2/catch.hpp>

#include "tests/cli/shell.hpp"

using namespace halfopen::test;
using Catch::Contains;
using Catch::StartsWith;
using Words = std::vector<std::string>;

namespace {

/// Candidates that `halfopen complete` has, without what they mean and what else may stand there.
Words candidates(Words words) {
    words.insert(words.begin(), {"complete", "--"});
    Words lines = lines_of(run(words).out);
    REQUIRE(!lines.empty());
    lines.erase(lines.begin());
    for (std::string& line : lines) line = line.substr(0, line.find('\t'));
    return lines;
}

bool has(const Words& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// What bash would offer after these words, as it cuts them.
Words in_bash(const std::string& words) {
    const TemporaryFolder folder;
    folder.write("here.toml", "");
    std::filesystem::create_directory(folder.file("policies"));
    const Ran ran = run_shell("halfopen completion bash > c; . ./c; COMP_WORDS=(" + words +
                                  "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _halfopen; printf '%s\\n' "
                                  "\"${COMPREPLY[@]}\"",
                              folder.file(""));
    CHECK(ran.status == 0);
    CHECK(ran.err.empty());
    return lines_of(ran.out);
}

}  // namespace

TEST_CASE("Each subcommand and each of its options is completed") {
    CHECK(candidates({""}).size() == subcommands().size());
    for (const std::string& name : subcommands()) {
        CAPTURE(name);
        CHECK(has(candidates({name.substr(0, 2)}), name));
        const Words offered = candidates({name, "--"});
        CHECK(offered.size() == options_of(name).size());
        for (const std::string& option : options_of(name)) CHECK(has(offered, option));
    }
}

TEST_CASE("bash completes values as well, across the '=' at which it cuts words") {
    CHECK(in_bash("halfopen che") == Words{"check"});
    CHECK(in_bash("halfopen check found") == Words{"founding"});
    CHECK(in_bash("halfopen check founding --variant one-client-c") == Words{"one-client-clock"});
    CHECK(in_bash("halfopen check founding --fix be") == Words{"be-liberal"});
    CHECK(in_bash("halfopen check founding --set nat.pol") == Words{"nat.policy="});
    CHECK(in_bash("halfopen check founding --set nat.policy = linux-3") == Words{"linux-3.6"});
    CHECK(has(in_bash("halfopen check founding --set nat.policy ="), "linux-6.18"));
    CHECK(in_bash("halfopen check founding --set client.syn_never_gives_up = t") == Words{"true"});
    CHECK(in_bash("halfopen check founding --isn co") == Words{"complete"});
    CHECK(in_bash("halfopen check founding --isn = co") == Words{"complete"});
    CHECK(in_bash("halfopen export r.json --to p") == Words{"packetdrill", "pcapng"});
    CHECK(in_bash("halfopen gate --format s") == Words{"sarif"});
    CHECK(in_bash("halfopen completion f") == Words{"fish"});
    CHECK(in_bash("halfopen show be-l") == Words{"be-liberal"});
    CHECK(in_bash("halfopen diff freebsd-7 freebsd-1") == Words{"freebsd-10", "freebsd-14"});
    CHECK(in_bash("halfopen check ./her") == Words{"./here.toml"});
    CHECK(in_bash("halfopen gate --candidate pol") == Words{"policies"});
}

TEST_CASE("A mistake in what has been typed offers nothing, and says nothing") {
    CHECK(candidates({"check", "nosuch", "--variant", ""}).empty());
    CHECK(candidates({"nosuch", "--"}) == candidates({"--"}));
    CHECK(candidates({"check", "founding", "founding", ""}).empty());
    const Ran none = run({"complete"});
    CHECK(none.status == 0);
    CHECK_THAT(none.out, Contains("check\t"));
    CHECK(none.err.empty());
}

TEST_CASE("zsh's completion runs in zsh") {
    if (!is_installed("zsh")) {
        WARN("zsh is not installed");
        return;
    }
    const TemporaryFolder folder;
    const Ran ran = run_shell(
        "compdef() { }\n"
        "compadd() { while [[ $1 != -- ]]; do shift; done; shift; print -l -- \"$@\"; }\n"
        "_files() { print files; }\n"
        "halfopen completion zsh > c; source ./c\n"
        "words=(halfopen check founding --set nat.policy=linux-3); CURRENT=5; _halfopen\n"
        "words=(halfopen check ist); CURRENT=3; _halfopen\n",
        folder.file(""), "zsh -f");
    CHECK(ran.err.empty());
    CHECK(lines_of(ran.out) == Words{"nat.policy=linux-3.6", "istio-sidecar", "files"});
}

TEST_CASE("fish's completion runs in fish") {
    if (!is_installed("fish")) {
        WARN("fish is not installed");
        return;
    }
    const TemporaryFolder folder;
    const Ran ran = run_shell(
        "halfopen completion fish > c; source ./c; complete -C 'halfopen check founding --variant "
        "one-client-c'",
        folder.file(""), "fish --no-config");
    CHECK_THAT(ran.out, StartsWith("one-client-clock\t"));
}
