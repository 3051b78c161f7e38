#include "spec/policy/policy_library.hpp"

#include <catch2/catch.hpp>

#include "tests/spec/policy/sample_vocabulary.hpp"
#include "tests/temporary_folder.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

/// These tests read through the real vocabulary and need of it only some action without a state.
std::string some_action() {
    for (const ActionTerm& term : endpoint_vocabulary().actions)
        if (!term.takes_state) return std::string(term.name);
    return {};
}

std::string policy_text(const std::string& name, const std::string& parent = "",
                        const std::string& rule = "") {
    std::string text = "name = \"" + name + "\"\ntitle = \"T\"\n";
    if (!parent.empty()) text += "extends = \"" + parent + "\"\n";
    if (!rule.empty())
        text += "[[rule]]\nid = \"" + rule + "\"\nstate = \"*\"\nsegment = \"*\"\ndo = \"" + some_action() +
                "\"\nsource = \"s\"\n";
    return text;
}

struct Library {
    TemporaryFolder folder;
    PolicyLibrary library{folder.path()};

    std::string add(const std::string& name, const std::string& parent = "", const std::string& rule = "") {
        return folder.write("endpoints/" + name + ".toml", policy_text(name, parent, rule));
    }
    Policy load(const std::string& name) const { return library.load(PolicyKind::Endpoint, name); }
    std::string error(const std::string& name) const {
        return error_of([&] { load(name); });
    }
};

}  // namespace

TEST_CASE("Policies are found by name and listed sorted, endpoints and NATs apart") {
    Library l;
    l.add("linux-6", "", "a");
    l.add("freebsd-9", "", "a");
    l.folder.write("endpoints/readme.txt", "");
    l.folder.write("nats/conntrack.toml", policy_text("conntrack"));
    CHECK(l.library.names(PolicyKind::Endpoint) == std::vector<std::string>{"freebsd-9", "linux-6"});
    CHECK(l.library.names(PolicyKind::Nat) == std::vector<std::string>{"conntrack"});
    CHECK(l.load("linux-6").name == "linux-6");
    CHECK(l.library.load(PolicyKind::Nat, "conntrack").kind == PolicyKind::Nat);
}

TEST_CASE("A grandchild has the rules and names of its ancestors") {
    Library l;
    l.add("a", "", "ra");
    l.add("b", "a", "rb");
    l.add("c", "b", "rc");
    const Policy c = l.load("c");
    CHECK(ids_of(c) == "rc rb ra");
    CHECK(c.ancestry == std::vector<std::string>{"b", "a"});
    CHECK_THAT(c.rules[2].place.file, Catch::EndsWith("endpoints/a.toml"));
}

TEST_CASE("An unknown policy is answered with those that exist") {
    Library l;
    l.add("freebsd-9");
    l.add("linux-6");
    CHECK(l.error("freebsd-8") ==
          "unknown endpoint policy \"freebsd-8\"; did you mean \"freebsd-9\"? (allowed: freebsd-9, linux-6)");
    CHECK(l.error("") == "unknown endpoint policy \"\" (allowed: freebsd-9, linux-6)");
    CHECK(l.error("../endpoints/linux-6") ==
          "unknown endpoint policy \"../endpoints/linux-6\" (allowed: freebsd-9, linux-6); a path must end "
          "in .toml");
    CHECK(error_of([&] { l.library.load(PolicyKind::Nat, "x"); }) ==
          "unknown NAT policy \"x\" (there are none); looked in " + (l.folder.path() / "nats").string());
    const std::string child = l.add("child", "linux-5");
    CHECK_THAT(
        l.error("child"),
        Catch::StartsWith(child + ":3:11: unknown endpoint policy \"linux-5\"; did you mean \"linux-6\"?"));
}

TEST_CASE("A policy of the library is named as its file") {
    Library l;
    const std::string file = l.folder.write("endpoints/a.toml", policy_text("b"));
    CHECK(l.error("a") == file + ": the name is \"b\", but the file's is \"a\"; they must be the same");
}

TEST_CASE("Policies that extend one another in a circle are refused with the circle") {
    Library l;
    l.add("a", "b");
    l.add("b", "c");
    const std::string c = l.add("c", "b");
    CHECK(l.error("a") == c + ":3:11: extends itself: b -> c -> b");
    const std::string self = l.add("self", "self");
    CHECK(l.error("self") == self + ":3:11: extends itself: self -> self");
}

TEST_CASE("A very long line of ancestors is refused") {
    Library l;
    l.add("p0");
    for (int i = 1; i <= 40; ++i) l.add("p" + std::to_string(i), "p" + std::to_string(i - 1));
    CHECK(l.load("p31").ancestry.size() == 31);
    CHECK_THAT(l.error("p40"), Catch::EndsWith("extends more than 32 policies"));
}

TEST_CASE("A policy can be a path, and extends what is beside it or in the library") {
    Library l;
    l.add("linux-6", "", "library");
    l.add("beside", "", "hidden");
    l.folder.write("mine/beside.toml", policy_text("beside", "", "beside"));
    const std::string from_library = l.folder.write("mine/x.toml", policy_text("any-name", "linux-6", "x"));
    const std::string from_beside = l.folder.write("mine/y.toml", policy_text("y", "beside", "y"));
    CHECK(ids_of(l.load(from_library)) == "x library");
    CHECK(ids_of(l.load(from_beside)) == "y beside");
}

TEST_CASE("A file outside the library can extend the library's policy of its own name") {
    Library l;
    l.add("linux-6", "", "library");
    const std::string mine = l.folder.write("mine/linux-6.toml", policy_text("linux-6", "linux-6", "x"));
    CHECK(ids_of(l.load(mine)) == "x library");
}

TEST_CASE("A path that is missing, a folder or no text is an error with the path") {
    Library l;
    const std::string there = l.folder.write("mine/linux.toml", "\xff");
    const std::string missing = (l.folder.path() / "mine/linx.toml").string();
    CHECK(l.error(missing) == missing + ": no such file; did you mean \"" + there + "\"? (beside it: linux)");
    CHECK(l.error(there) == there + ":1:1: the byte 0xff is not UTF-8; save the file as UTF-8");
    l.folder.write("folder.toml/x", "");
    const std::string folder = (l.folder.path() / "folder.toml").string();
    CHECK(l.error(folder) == folder + ": is a directory; a file is wanted");
}
