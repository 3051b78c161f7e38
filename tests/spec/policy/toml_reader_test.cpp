#include "spec/policy/toml_reader.hpp"

#include <catch2/catch.hpp>

#include "tests/spec/policy/sample_vocabulary.hpp"
#include "tests/temporary_folder.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

std::string syntax_error(const std::string& text) {
    return error_of([&] { parse_toml("f.toml", text); });
}

/// The error of reading a table from text.
template <class Read>
std::string reading_error(const std::string& text, Read read) {
    const toml::table root = parse_toml("f.toml", text);
    return error_of([&] { read(TableReader(root, "f.toml", "thing")); });
}

std::string repeated(const std::string& text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) all += text;
    return all;
}

}  // namespace

TEST_CASE("A text file is read whole") {
    const TemporaryFolder folder;
    CHECK(read_text_file(folder.write("a.toml", "a = \"é\"\n")) == "a = \"é\"\n");
    CHECK(read_text_file(folder.write("empty.toml", "")).empty());
}

TEST_CASE("What is no file of text is refused before it is read") {
    const TemporaryFolder folder;
    const std::string missing = (folder.path() / "missing.toml").string();
    CHECK(error_of([&] { read_text_file(missing); }) == missing + ": no such file");
    CHECK(error_of([&] { read_text_file(folder.path()); }) ==
          folder.path().string() + ": is a directory; a file is wanted");
    CHECK(error_of([] { read_text_file("/dev/zero"); }) == "/dev/zero: is not a regular file");
    const std::string in_file = folder.write("a", "x") + "/b";
    CHECK_THAT(error_of([&] { read_text_file(in_file); }), Catch::StartsWith(in_file + ": "));
}

TEST_CASE("A file of 1 MiB is read and a byte more is refused") {
    const TemporaryFolder folder;
    const std::string most(largest_input_file, ' ');
    CHECK(read_text_file(folder.write("most.toml", most)).size() == largest_input_file);
    const std::string large = folder.write("large.toml", most + " ");
    CHECK(error_of([&] { read_text_file(large); }) ==
          large + ": is larger than 1048576 bytes, the most an input file may have");
}

TEST_CASE("Bytes that are not UTF-8 text are shown with their place") {
    CHECK(syntax_error(std::string("a = 1\nb\0", 8)) == "f.toml:2:2: a NUL byte; this is not a text file");
    CHECK(syntax_error("a = \"é\xff\"") == "f.toml:1:7: the byte 0xff is not UTF-8; save the file as UTF-8");
    for (const char* bad : {"\xc0\xaf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
                            "\xf4\x90\x80\x80", "\x80", "\xe2\x82"})
        CHECK_THAT(syntax_error(bad), Catch::StartsWith("f.toml:1:1: the byte"));
}

TEST_CASE("A syntax error has its line and column") {
    CHECK(syntax_error("a = 1\nb = = 2\n") ==
          "f.toml:2:5: \"=\" cannot stand in a value; is it to be quoted?");
    CHECK_THAT(syntax_error("a = 1\nb = maybe\n"), Catch::StartsWith("f.toml:2:5: "));
    CHECK_THAT(syntax_error("a = 1\na = 2\n"), Catch::StartsWith("f.toml:2:") && Catch::Contains("redefine"));
    CHECK_THAT(syntax_error("a = \"open"), Catch::StartsWith("f.toml:1:"));
    CHECK_THAT(syntax_error("a = [1,\n\n"), Catch::StartsWith("f.toml:"));
}

TEST_CASE("Deep nesting of any kind is an error and no crash") {
    CHECK(syntax_error("a = " + std::string(100'000, '[')) == "f.toml:1:21: nested deeper than 16 brackets");
    CHECK(syntax_error("a = " + repeated("{a=", 100'000)) == "f.toml:1:53: nested deeper than 16 brackets");
    CHECK(syntax_error(repeated("a.", 300'000) + "a = 1") ==
          "f.toml:1:32: a dotted key of more than 16 parts");
    CHECK(syntax_error("[" + repeated("a.", 300'000) + "a]") ==
          "f.toml:1:33: a dotted key of more than 16 parts");
    CHECK(syntax_error("x = '''\n'''\n" + repeated("\"a\" . ", 300'000) + "a = 1") ==
          "f.toml:3:95: a dotted key of more than 16 parts");
}

TEST_CASE("A table header that begins with no name is an error and no abort of the parser") {
    CHECK(syntax_error("a = 1\n[[[a]]]") == "f.toml:2:3: a table's name must stand here");
    CHECK(syntax_error("  [ =") == "f.toml:1:5: a table's name must stand here");
    CHECK(syntax_error("[]") == "f.toml:1:2: a table's name must stand here");
    CHECK(syntax_error("\xef\xbb\xbf[[[a]]]") == "f.toml:1:3: a table's name must stand here");
    CHECK_THAT(syntax_error("["), Catch::StartsWith("f.toml:1:"));
    CHECK(syntax_error("[a]\n[ 'b' ]\n[[ c ]]\nd = [\n[[1]],\n[]]\n") == "no error");
}

TEST_CASE("A closing bracket closes one that is open") {
    CHECK(syntax_error("a = [}]") == "f.toml:1:6: \"}\" closes nothing here");
    CHECK(syntax_error("a = }") == "f.toml:1:5: \"}\" closes nothing here");
    CHECK(syntax_error("]") == "f.toml:1:1: \"]\" closes nothing here");
}

TEST_CASE("Dates and times are refused, because the parser aborts at some") {
    for (const char* text : {"a = 2000-01-01 0", "a = 2000-01-01T.5:0:00", "a = 2000-01-01"})
        CHECK(syntax_error(text) == "f.toml:1:9: a date or time is no value here; is it to be quoted?");
    CHECK(syntax_error("a = [07:32:00]") ==
          "f.toml:1:8: a date or time is no value here; is it to be quoted?");
    CHECK(syntax_error("2000-01-01 = -1\na = 1e-5\nb = [1 ,\n -2,\n 3 ]\n4 = '07:32'\n") == "no error");
}

TEST_CASE("Characters outside ASCII stand only in strings and comments") {
    CHECK(syntax_error("a = 1 # ä\nb = 'äҙ'\nc = \"ä\"\nd = \"\"\"\nä\"\"\"\n\"ä\" = 1\n") == "no error");
    CHECK(syntax_error("a = 1\nä = 2") == "f.toml:2:1: a character outside ASCII must stand in quotes");
    CHECK(syntax_error("a.ҙ = 2") == "f.toml:1:3: a character outside ASCII must stand in quotes");
    CHECK(syntax_error("a = \"\"\"\\\n  b\\\n  ä\"\"\"") ==
          "f.toml:3:3: behind a line that ends with \"\\\" the next must begin with ASCII");
    CHECK(syntax_error("a = \"\\ä\"") == "f.toml:1:7: no such escape; a backslash is written \"\\\\\"");
}

TEST_CASE("A quote stands only where a string can begin") {
    CHECK(syntax_error("a = 2\"ҙ\"") == "f.toml:1:6: a quote cannot stand here");
    CHECK(syntax_error("a = 2.\"ҙ\"") == "f.toml:1:7: a quote cannot stand here");
    CHECK(syntax_error("a = [1, 2.'ҙ']") == "f.toml:1:11: a quote cannot stand here");
    CHECK(syntax_error("a = 2{'ҙ'") == "f.toml:1:6: a bracket cannot open here");
    CHECK(syntax_error("a = 2='ҙ'") == "f.toml:1:6: \"=\" cannot stand in a value; is it to be quoted?");
    CHECK(syntax_error("a = 'b''c'") == "f.toml:1:8: a quote cannot stand here");
    CHECK(syntax_error("a.'b' = 1\na.\"c\".d = [['x','y'], [{'e'.'f'=\"ҙ\", 'g'.'h'='i'}]]\n[j.'k']\n"
                       "[[j.\"l\"]]\n'm'='n'\n") == "no error");
}

TEST_CASE("Brackets and dots in strings and comments do not count as nesting") {
    const std::string many = std::string(100, '[') + std::string(100, '.');
    for (const std::string& text :
         {"a = \"" + many + "\\\"" + many + "\"", "a = '" + many + "'", "# " + many + "\na = 1",
          "a = \"\"\"" + many + "\"\n\"" + many + "\"\"\"\"\"", "a = '''" + many + "'\n" + many + "'''''"})
        CHECK(syntax_error(text) == "no error");
}

TEST_CASE("Values are read with their types") {
    const toml::table root = parse_toml("f.toml", R"(t = "text"
n = 7
b = true
one = "a"
many = ["a", "b"]
numbers = [1, 2]
wait = "75s"
plain = 75
[table]
x = 1
[[row]]
y = 1
[[row]]
y = 2
)");
    const TableReader table(root, "f.toml", "thing");
    CHECK(table.text("t") == "text");
    CHECK(table.text_or("absent", "standard") == "standard");
    CHECK(table.integer("n", 0, 7) == 7);
    CHECK(table.integer_or("absent", 3, 0, 1) == 3);
    CHECK(table.flag_or("b", false));
    CHECK(table.flag_or("absent", true));
    CHECK(table.texts("one") == std::vector<std::string>{"a"});
    CHECK(table.texts("many") == std::vector<std::string>{"a", "b"});
    CHECK(table.texts("absent").empty());
    CHECK(table.integers("numbers", 1, 2) == std::vector<std::int64_t>{1, 2});
    CHECK(table.integers("n", 1, 9) == std::vector<std::int64_t>{7});
    CHECK(table.milliseconds("wait", 0, 100'000) == 75'000);
    CHECK(table.milliseconds("plain", 0, 100'000) == 75);
    CHECK(table.milliseconds_or("absent", 5, 0, 1) == 5);
    CHECK(table.table("table")->integer("x", 0, 1) == 1);
    CHECK_FALSE(table.table("absent"));
    REQUIRE(table.tables("row").size() == 2);
    CHECK(table.tables("row")[1].integer("y", 0, 9) == 2);
    CHECK(to_string(table.tables("row")[1].place()) == "f.toml:13:1");
    CHECK(to_string(table.place("n")) == "f.toml:2:5");
    CHECK(to_string(table.placed_texts("many")[1].place) == "f.toml:5:14");
    std::string keys;
    for (const PlacedText& key : table.keys()) keys += key.text + " ";
    CHECK(keys == "t n b one many numbers wait plain table row ");
}

TEST_CASE("A wrong type is named at its place") {
    const std::string text = "n = 7\nt = \"x\"\nf = 1.5\nd = {}\na = [1]\n\n  [s]\n";
    CHECK(reading_error(text, [](auto t) { t.text("n"); }) ==
          "f.toml:1:5: \"n\" must be a string, not an integer");
    CHECK(reading_error(text, [](auto t) { t.integer("t", 0, 1); }) ==
          "f.toml:2:5: \"t\" must be an integer, not a string");
    CHECK(reading_error(text, [](auto t) { t.integer("f", 0, 1); }) ==
          "f.toml:3:5: \"f\" must be an integer, not a float");
    CHECK(reading_error(text, [](auto t) { t.flag_or("d", true); }) ==
          "f.toml:4:5: \"d\" must be true or false, not a table");
    CHECK(reading_error(text, [](auto t) { t.texts("a"); }) ==
          "f.toml:5:6: \"a\" must be a string, not an integer");
    CHECK(reading_error(text, [](auto t) { t.texts("n"); }) ==
          "f.toml:1:5: \"n\" must be a string or an array of strings, not an integer");
    CHECK(reading_error(text, [](auto t) { t.table("a"); }) ==
          "f.toml:5:5: \"a\" must be a table, [a], not an array");
    CHECK(reading_error(text, [](auto t) { t.tables("s"); }) ==
          "f.toml:7:3: \"s\" must be tables, each headed [[s]], not a table");
    CHECK(reading_error(text, [](auto t) { t.tables("a"); }) ==
          "f.toml:5:6: \"a\" must be tables, each headed [[a]], not an integer");
    CHECK(reading_error(text, [](auto t) { t.milliseconds("f", 0, 1); }) ==
          "f.toml:3:5: \"f\" must be milliseconds or a string such as \"75s\", not a float");
}

TEST_CASE("A missing or empty key is named") {
    CHECK(reading_error("\n[a]", [](auto t) { t.text("name"); }) == "f.toml:1:1: thing has no \"name\"");
    CHECK(reading_error("\n\n[a]\n", [](auto t) { t.table("a")->text("name"); }) ==
          "f.toml:3:1: [a] has no \"name\"");
    CHECK(reading_error("name = \"\"", [](auto t) { t.text("name"); }) == "f.toml:1:8: \"name\" is empty");
    CHECK(reading_error("s = [\"a\", \"\"]", [](auto t) { t.texts("s"); }) ==
          "f.toml:1:11: \"s\" holds an empty string");
}

TEST_CASE("A number out of range is answered with the range") {
    CHECK(reading_error("n = 12", [](auto t) { t.integer("n", 1, 9); }) ==
          "f.toml:1:5: \"n\" is 12; it must be from 1 to 9");
    CHECK(reading_error("n = [3, -2]", [](auto t) { t.integers("n", 1, 9); }) ==
          "f.toml:1:9: \"n\" is -2; it must be from 1 to 9");
    CHECK(reading_error("n = \"2h\"", [](auto t) { t.milliseconds("n", 1, 9); }) ==
          "f.toml:1:5: \"n\" is 7200000; it must be from 1 to 9");
    CHECK(reading_error("n = \"2 hours\"", [](auto t) { t.milliseconds("n", 1, 9); }) ==
          "f.toml:1:5: \"n\" is \"2 hours\", which is no duration; units are ms, s, min, h or d");
}

TEST_CASE("The first unknown key of a table is named with the nearest allowed one") {
    CHECK(reading_error("name = 1\n  sorce = 2\nzzz = 3",
                        [](auto t) {
                            t.only({"name", "source"});
                        }) ==
          "f.toml:2:3: unknown key in thing: \"sorce\"; did you mean \"source\"? (allowed: name, source)");
}
