// `halfopen new scenario`: a file to begin with, which works as it is and shows every key there is.
#include <catch2/catch.hpp>

#include "tests/cli/shell.hpp"

using namespace halfopen::test;
using Catch::Contains;

namespace {

/// The lines "# key = value   # meaning" of the tables.
bool is_a_default(const std::string& line) {
    const auto equals = line.find(" = ");
    return line.rfind("# ", 0) == 0 && equals != std::string::npos && line.find(' ', 2) == equals &&
           line.find(" # ", equals) != std::string::npos;
}

}  // namespace

TEST_CASE("A new scenario can be checked at once") {
    const TemporaryFolder folder;
    const Ran made = run_shell("halfopen new scenario office", folder.file(""));
    CHECK(made.status == 0);
    CHECK(made.out == "office.toml is written; next: halfopen check office.toml\n");
    CHECK(folder.content() == std::vector<std::string>{"office.toml"});
    const Ran checked = run({"check", folder.file("office.toml")});
    CHECK(checked.err == "");
    CHECK(checked.status == 0);
    CHECK_THAT(checked.out, Contains("office: "));
    CHECK(run({"check", folder.file("office.toml"), "--variant", "endless"}).err == "");
}

TEST_CASE("Nothing is written over") {
    const TemporaryFolder folder;
    folder.write("mine.toml", "mine");
    for (const char* name : {"mine", "mine.toml", "./mine.toml"}) {
        const Ran again = run_shell("halfopen new scenario " + std::string(name), folder.file(""));
        CHECK(again.status == 2);
        CHECK_THAT(again.err, Contains("mine.toml: exists, and is not written over; give another name"));
        CHECK(text_of(folder.file("mine.toml")) == "mine");
    }
    const Ran nowhere = run_shell("halfopen new scenario no/such/folder/x", folder.file(""));
    CHECK(nowhere.status == 2);
    CHECK_THAT(nowhere.err, Contains("no/such/folder/x.toml: cannot be written"));
    CHECK(folder.content() == std::vector<std::string>{"mine.toml"});
}

TEST_CASE("A new scenario has each key that there is, with the words of the list of settings") {
    const std::string text = run({"new", "scenario", "-"}).out;
    for (const std::string& line : lines_of(run({"list", "settings"}).out)) {
        const std::string name = line.substr(0, line.find(' '));
        if (name.rfind("scenario.", 0) == 0 || name.find('*') != std::string::npos) continue;
        CAPTURE(name);
        const std::string meaning = line.substr(line.find_first_not_of(' ', name.size()));
        CHECK_THAT(text, Contains(name.substr(name.find('.') + 1) + " = "));
        CHECK_THAT(text, Contains("# " + meaning + "\n"));
    }
}

TEST_CASE("Each line of a new scenario that is commented out can be let in") {
    const TemporaryFolder folder;
    const std::vector<std::string> lines = lines_of(run({"new", "scenario", "-"}).out);
    std::size_t let_in = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (!is_a_default(lines[i]) || lines[i].rfind("# behind", 0) == 0) continue;
        std::string text;
        for (std::size_t j = 0; j < lines.size(); ++j)
            text += (i == j ? lines[j].substr(2) : lines[j]) + "\n";
        CAPTURE(lines[i]);
        CHECK(run({"check", folder.write("x.toml", text), "--max-depth", "1", "-q"}).err == "");
        ++let_in;
    }
    CHECK(let_in >= 25);
}
