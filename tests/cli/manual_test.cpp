// The manual page is the command line's own words, and roff that no formatter complains of.
#include <catch2/catch.hpp>

#include "tests/cli/shell.hpp"

using namespace halfopen::test;
using Catch::Contains;

TEST_CASE("The manual page has every subcommand and every option, and no warning") {
    const TemporaryFolder folder;
    const Ran ran = run({"man"});
    CHECK(ran.status == 0);
    folder.write("halfopen.1", ran.out);
    if (is_installed("mandoc")) {
        const Ran lint = run_shell("mandoc -T lint -W warning halfopen.1", folder.file(""));
        CHECK(lint.out + lint.err == "");
    }
    std::string formatter;
    if (is_installed("man"))
        formatter = "MANWIDTH=120 man --warnings -l";
    else if (is_installed("groff"))
        formatter = "groff -ww -man -Tascii";
    else {
        WARN("neither man nor groff is installed");
        return;
    }
    const Ran shown =
        run_shell(formatter + " halfopen.1 | sed 's/.\\x08//g; s/\\x1b[[0-9;]*m//g'", folder.file(""));
    CHECK(shown.err == "");
    for (const std::string& name : subcommands()) {
        CAPTURE(name);
        const auto begin = shown.out.find("\n   halfopen " + name);
        REQUIRE(begin != std::string::npos);
        const auto end =
            std::min(shown.out.find("\n   halfopen ", begin + 5), shown.out.find("\nEXIT STATUS"));
        const std::string section = shown.out.substr(begin, end - begin);
        for (const std::string& option : options_of(name))
            if (option != "--help") CHECK_THAT(section, Contains(option));
        CHECK_THAT(section, Contains("Example:"));
    }
    CHECK_THAT(shown.out, Contains("HALFOPEN_SPEC"));
}
