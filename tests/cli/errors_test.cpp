// Whatever is wrong with the input, the program says so in one line and answers nothing.
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"

using namespace halfopen::test;
using Catch::Contains;
using Catch::EndsWith;
using Catch::StartsWith;

namespace {

/// The one line on standard error, after the program's name; everything that is not as it should be instead.
std::string error_of(const std::vector<std::string>& arguments,
                     const std::vector<std::string>& environment = {}) {
    const Ran ran = run(arguments, environment);
    if (ran.timed_out) return "TIMED OUT";
    if (ran.status != 2) return "EXIT STATUS " + std::to_string(ran.status) + ": " + ran.err;
    if (!ran.out.empty()) return "OUTPUT: " + ran.out;
    const std::string start = "halfopen: ";
    if (ran.err.rfind(start, 0) != 0 || ran.err.back() != '\n') return "NO LINE: " + ran.err;
    const std::string line = ran.err.substr(start.size(), ran.err.size() - start.size() - 1);
    if (line.find('\n') != std::string::npos) return "MANY LINES: " + ran.err;
    if (line.size() > 1000) return "LONG LINE";
    return line;
}

std::string check_error(const std::string& file) { return error_of({"check", file}); }
std::string with(const std::vector<std::string>& options) {
    std::vector<std::string> all{"check", "founding"};
    all.insert(all.end(), options.begin(), options.end());
    return error_of(all);
}
const std::string founding_text = text_of(HALFOPEN_SOURCE_DIR "/spec/scenarios/founding.toml");

std::string founding_with(const std::string& was, const std::string& is) {
    std::string text = founding_text;
    const auto at = text.find(was);
    REQUIRE(at != std::string::npos);
    return text.replace(at, was.size(), is);
}

/// ":LINE:" of a text of the founding scenario.
std::string at(const std::string& text) {
    const auto before = founding_text.begin() + static_cast<std::ptrdiff_t>(founding_text.find(text));
    return ":" + std::to_string(1 + std::count(founding_text.begin(), before, '\n')) + ":";
}

}  // namespace

TEST_CASE("A name that does not exist is answered with the nearest that does") {
    CHECK_THAT(error_of({"check", "foundin"}), Contains("\"foundin\"") && Contains("\"founding\""));
    CHECK_THAT(with({"--variant", "one-clent"}), Contains("did you mean \"one-client\"?"));
    CHECK_THAT(with({"--fix", "be-libral"}), Contains("did you mean \"be-liberal\"?"));
    CHECK_THAT(with({"--set", "nat.polici=linux-3.6"}), Contains("did you mean \"policy\"?"));
    CHECK_THAT(with({"--set", "natt.policy=linux-3.6"}), Contains("did you mean \"nat\"?"));
    CHECK_THAT(with({"--set", "nat.policy=linux-3.7"}), Contains("\"linux-3.7\"") && Contains("linux-3.6"));
    CHECK_THAT(with({"--set", "client.isn=cloc"}), Contains("clock"));
    CHECK_THAT(with({"--set", "network.order=revesed"}), Contains("did you mean \"reversed\"?"));
    CHECK_THAT(error_of({"show", "freebsd-8"}), Contains("freebsd-"));
    CHECK_THAT(error_of({"show", "endpoints/freebsd-8"}), Contains("freebsd-"));
    CHECK_THAT(error_of({"list", "endpoint"}), Contains("did you mean \"endpoints\"?"));
}

TEST_CASE("Options with values that mean nothing") {
    CHECK_THAT(with({"--set", "nat.policy"}), StartsWith("--set: ") && Contains("has no '='"));
    CHECK_THAT(with({"--set", "policy=3"}), Contains("GROUP.KEY"));
    CHECK_THAT(with({"--set", "network.loss=9"}), Contains("from 0 to 8"));
    CHECK_THAT(with({"--set", "network.loss=x"}), Contains("\"x\" is not a whole number"));
    CHECK_THAT(with({"--set", "scenario.clients=3"}), Contains("from 1 to 2"));
    CHECK_THAT(with({"--set", "clientA.port=65536"}), Contains("from 1 to 65535"));
    CHECK_THAT(with({"--set", "client.syn_never_gives_up=perhaps"}), Contains("perhaps"));
    CHECK_THAT(with({"--timeout", "soon"}), StartsWith("--timeout: ") && Contains("not a duration"));
    CHECK_THAT(with({"--timeout", "-1s"}), Contains("not a duration") || Contains("--timeout"));
    CHECK_THAT(with({"--memory", "lots"}), StartsWith("--memory: "));
    CHECK_THAT(with({"--memory", "0"}), StartsWith("--memory: "));
    CHECK_THAT(with({"--memory", "99999999999999999999GiB"}), StartsWith("--memory: "));
    CHECK_THAT(with({"--isn", "some"}), StartsWith("--isn: ") && Contains("generic") && Contains("complete"));
    CHECK_THAT(with({"--format", "xml"}), StartsWith("--format: ") && Contains("json"));
    CHECK_THAT(with({"--color", "sometimes"}), StartsWith("--color: ") && Contains("never"));
    CHECK_THAT(with({"--max-depth", "deep"}), Contains("--max-depth"));
    CHECK_THAT(with({"--jobs", "-1"}), Contains("--jobs"));
    CHECK_THAT(with({"--frobnicate"}), Contains("--frobnicate"));
    CHECK_THAT(error_of({"frobnicate"}), Contains("frobnicate"));
    CHECK_THAT(error_of({"check"}), Contains("scenario"));
    CHECK_THAT(error_of({"list"}), Contains("kind"));
}

TEST_CASE("A word too many, too few or unknown is named, with what would be right") {
    CHECK_THAT(error_of({"chek", "founding"}), Contains("unknown command \"chek\"; did you mean \"check\"?"));
    CHECK_THAT(with({"--varient", "x"}), Contains("\"--varient\"; did you mean \"--variant\"?") &&
                                             EndsWith("; see halfopen check --help"));
    CHECK_THAT(with({"--varient=x"}), Contains("\"--varient\"; did you mean \"--variant\"?"));
    CHECK_THAT(with({"-x"}), Contains("unknown option of halfopen check: \"-x\""));
    CHECK_THAT(with({"extra"}), StartsWith("\"extra\" is one too many: it is halfopen check scenario"));
    CHECK_THAT(with({"--variant"}), StartsWith("--variant: its value is missing: VARIANT"));
    CHECK_THAT(with({"--variant", ""}), StartsWith("--variant: its value is empty"));
    CHECK_THAT(with({"--timeout", ""}), StartsWith("--timeout: its value is empty"));
    CHECK_THAT(error_of({"check", ""}), StartsWith("scenario: its value is empty"));
    CHECK_THAT(with({"--variant", "one-loss", "--variant", "one-client"}),
               StartsWith("--variant: is given more than once"));
    CHECK_THAT(error_of({"gate"}),
               StartsWith("--candidate is missing: FOLDER") && EndsWith("; see halfopen gate --help"));
    CHECK_THAT(error_of({"diff", "freebsd-7"}), StartsWith("new is missing: POLICY"));
    CHECK_THAT(error_of({"--frob"}), StartsWith("unknown option of halfopen: \"--frob\""));
    CHECK(run({"help", "check"}).out == run({"check", "--help"}).out);
    CHECK(run({"help"}).out == run({"--help"}).out);
}

TEST_CASE("Numbers out of their range") {
    for (const char* number : {"0", "-1", "1e9", "99999999999999999999", "x"})
        CHECK_THAT(with({"--max-depth", number}), StartsWith("--max-depth: \"" + std::string(number) +
                                                             "\" is not a whole number from 1 to "));
    CHECK_THAT(with({"--jobs", "1000000"}), Contains("is not a whole number from 1 to 1024"));
    CHECK_THAT(error_of({"fixes", "founding", "--max-size", "-1"}),
               Contains("\"-1\" is not a whole number from 1 to 4"));
}

TEST_CASE("A name of another kind is said to be one") {
    CHECK_THAT(error_of({"show", "founding"}), Contains("it is a scenario: halfopen check founding"));
    CHECK_THAT(error_of({"check", "freebsd-7"}), Contains("it is a policy: halfopen show freebsd-7"));
    CHECK_THAT(error_of({"lint", "be-liberal"}), Contains("it is a fix: halfopen show be-liberal"));
    CHECK_THAT(error_of({"show", "nat/linux-6.18"}), Contains("did you mean \"nats/linux-6.18\"?"));
    CHECK_THAT(error_of({"lint", "nope"}), Contains("`halfopen list endpoints`"));
    CHECK_THAT(error_of({"prove", "founding", "--server", "nope"}),
               StartsWith("--server: unknown endpoint policy"));
    CHECK_THAT(error_of({"prove", "founding", "--nat", "freebsd-7"}),
               StartsWith("--nat: unknown NAT policy"));
}

TEST_CASE("Options that contradict each other") {
    TemporaryFolder folder;
    const std::string spec = HALFOPEN_SOURCE_DIR "/spec";
    CHECK_THAT(with({"-o", folder.file("x"), "--certificate", folder.file("x")}),
               StartsWith("--certificate: "));
    CHECK_THAT(with({"--trace", "svg", "--format", "json"}), StartsWith("--format: ") && Contains("--trace"));
    const auto gate = [&](std::vector<std::string> more) {
        std::vector<std::string> all{"gate", "--baseline", spec, "--candidate", spec};
        all.insert(all.end(), more.begin(), more.end());
        return error_of(all);
    };
    CHECK_THAT(gate({"--format", "json", "--format", "sarif"}),
               StartsWith("--format: \"sarif\" would stand"));
    CHECK_THAT(gate({"--format", "text=" + folder.file("r"), "--format", "github=" + folder.file("r")}),
               StartsWith("--format: "));
    CHECK_THAT(gate({"--cache", folder.write("file", "")}),
               StartsWith("--cache: ") && Contains("not a folder"));
    CHECK(folder.content() == std::vector<std::string>{"file"});
}

TEST_CASE("A result that is no JSON: file, line and column") {
    TemporaryFolder folder;
    const std::string file = folder.write("r.json", "{\n  \"a\": }\n");
    CHECK_THAT(error_of({"export", file, "--to", "svg"}), StartsWith(file + ":2:8: is not JSON: "));
}

TEST_CASE("A result without a trace has none to export") {
    TemporaryFolder folder;
    nlohmann::json result = nlohmann::json::parse(run(quick_check({"--format", "json"})).out);
    result["trace"] = nlohmann::json::array();
    result["loop_start"] = nullptr;
    const std::string file = folder.write("r.json", result.dump());
    for (const char* format : {"text", "svg", "html", "pcapng", "netns"})
        CHECK_THAT(error_of({"export", file, "--to", format}), EndsWith("has no trace: its verdict is \"permanent\""));
}

TEST_CASE("A scenario file with a mistake: file, line and column") {
    TemporaryFolder folder;
    const auto error = [&](const std::string& text) {
        const std::string file = folder.write("s.toml", text);
        const std::string line = check_error(file);
        return line.rfind(file, 0) == 0 ? line.substr(file.size()) : "ELSEWHERE: " + line;
    };
    CHECK_THAT(error("name = \n"), StartsWith(":1:"));
    CHECK_THAT(error("nmae = \"x\"\n"), StartsWith(":1:") && Contains("did you mean \"name\"?"));
    CHECK_THAT(error(founding_with("policy = \"freebsd-7\"", "policy = \"freebsd-77\"")),
               StartsWith(at("policy = \"freebsd-7\"") + "10: ") && Contains("freebsd-7"));
    CHECK_THAT(error(founding_with("isn = \"random\"", "isn = \"randm\"")), Contains("random"));
    CHECK_THAT(error(founding_with("snd_nxt = 1_000_000_000", "snd_nxt = 4294967296")),
               StartsWith(at("snd_nxt = 1_000_000_000")) && Contains("from 0 to 4294967295"));
    CHECK_THAT(error(founding_with("snd_nxt = 1_000_000_000", "snd_nxt = 9223372036854775808")),
               StartsWith(at("snd_nxt = 1_000_000_000")));
    CHECK_THAT(error(founding_with("behind = \"headnode\"", "behind = \"headnod\"")),
               StartsWith(at("behind = \"headnode\"") + "10: ") && Contains("headnode"));
    const std::string file =
        folder.write("f.toml", founding_with("name = \"be-liberal\"", "name = \"be-liberall\""));
    for (const char* command : {"check", "fixes"})
        CHECK_THAT(error_of({command, file}),
                   StartsWith(file + at("name = \"be-liberal\"") + "8: unknown fix \"be-liberall\"") &&
                       Contains("did you mean \"be-liberal\"?"));
    CHECK_THAT(error(founding_with("server = \"nfs\"\n", "")),
               StartsWith(at("[[client]]") + "1: ") && Contains("client has no \"server\""));
    CHECK_THAT(error(founding_with("port = 903", "port = [903]")),
               StartsWith(at("port = 903") + "8: ") && Contains("not a list"));
    CHECK_THAT(error(founding_with("port = 903", "prt = 903")), StartsWith(at("port = 903") + "1: "));
}

TEST_CASE("A policy file with a mistake is reported where it stands, from whatever scenario") {
    TemporaryFolder folder;
    const auto error = [&](const std::string& name, const std::string& text) {
        const std::string file = folder.write("endpoints/" + name + ".toml", text);
        return error_of({"check", "founding", "--set", "server.policy=" + file});
    };
    const std::string head = "name = \"mine\"\ntitle = \"Mine\"\nextends = \"freebsd-7\"\n";
    const std::string rule = "[[rule]]\nid = \"x\"\nstate = \"LISTEN\"\nsegment = \"SYN\"\ndo = [\"drop\"]\n";
    CHECK_THAT(error("mine", head + rule), Contains("mine.toml:4:1: ") && Contains("source"));
    CHECK_THAT(error("mine", head + rule + "source = \"here\"\nwhen = [\"seq in widow\"]\n"),
               Contains("mine.toml:10:9: ") && Contains("did you mean \"seq in window\"?"));
    CHECK_THAT(error("mine", head + "[[rule]]\nid = \"x\"\nstate = \"ESTABLISHD\"\nsegment = \"SYN\"\n"
                                    "do = [\"drop\"]\nsource = \"here\"\n"),
               Contains("mine.toml:6:9: ") && Contains("did you mean \"ESTABLISHED\"?"));
    CHECK_THAT(error("mine", head + "[parameters]\nkeepalive_idle = \"31d\"\n"),
               Contains("mine.toml:5:18: "));
    CHECK_THAT(error("mine", "name = \"mine\"\ntitle = \"Mine\"\nextends = \"yours\"\n"), Contains("yours"));
    folder.write("endpoints/b.toml", "name = \"b\"\ntitle = \"B\"\nextends = \"a\"\n");
    CHECK_THAT(error("a", "name = \"a\"\ntitle = \"A\"\nextends = \"b\"\n"), Contains("extends itself: "));
}

TEST_CASE("Files that are none, or no text") {
    TemporaryFolder folder;
    CHECK_THAT(check_error(folder.file("missing.toml")), Contains("missing.toml"));
    CHECK_THAT(check_error(folder.file("")), !Contains("EXIT"));
    std::filesystem::create_directory(folder.file("d.toml"));
    CHECK_THAT(check_error(folder.file("d.toml")), Contains("d.toml"));
    CHECK_THAT(check_error("/dev/zero"), Contains("/dev/zero"));
    CHECK_THAT(check_error(folder.write("empty.toml", "")),
               EndsWith("empty.toml:1:1: scenario has no \"name\""));
    std::string garbage;
    for (int i = 0; i < 4096; ++i) garbage += static_cast<char>(i * 131 + i / 7);
    CHECK_THAT(check_error(folder.write("garbage.toml", garbage)), Contains("garbage.toml:1:"));
    CHECK_THAT(check_error(folder.write("nul.toml", std::string(100, '\0'))), Contains("nul.toml:"));
    std::filesystem::resize_file(folder.write("big.toml", "name = \"x\"\n"), 100U << 20U);
    CHECK_THAT(check_error(folder.file("big.toml")), Contains("big.toml"));
    CHECK_THAT(check_error(folder.write("deep.toml", "a = " + std::string(100'000, '['))),
               Contains("deep.toml:"));
    CHECK_THAT(check_error(folder.write("cr\nlf\x1b[31m.toml", "x")), !Contains("\x1b"));
    CHECK_THAT(error_of({"check", "founding", "--set", "server.policy=/dev/zero.toml"}),
               Contains("/dev/zero.toml"));
}

TEST_CASE("An output that cannot be written is reported before the work, and nothing is left behind") {
    TemporaryFolder folder;
    const auto error = [](const std::string& target) { return error_of(quick_check({"--output", target})); };
    CHECK_THAT(error(folder.file("no/such/folder/x")), Contains("cannot be written"));
    std::filesystem::create_directory(folder.file("d"));
    CHECK_THAT(error(folder.file("d")), Contains("cannot be written"));
    CHECK_THAT(error(""), Contains("--output: its value is empty"));
    const std::string file = folder.write("f", "old");
    CHECK_THAT(error(file + "/x"), Contains("cannot be written"));
    CHECK(text_of(file) == "old");
    CHECK(folder.content() == std::vector<std::string>{"d", "f"});
    if (geteuid() != 0) {  // root may write anywhere
        std::filesystem::permissions(folder.file("d"), std::filesystem::perms::owner_read);
        CHECK_THAT(error(folder.file("d/x")), Contains("cannot be written"));
        std::filesystem::permissions(folder.file("d"), std::filesystem::perms::owner_all);
    }
    CHECK_THAT(error("/proc/x"), Contains("cannot be written"));
}

TEST_CASE("A trace that cannot be written is reported before the work as well") {
    TemporaryFolder folder;
    const std::string file = folder.write("f", "old");
    CHECK_THAT(error_of(quick_check({"--trace", "svg", "-o", folder.file("no/such")})),
               Contains("cannot be written"));
    CHECK_THAT(error_of(quick_check({"--trace", "packetdrill", "-o", file})), Contains("must name a folder"));
    CHECK(text_of(file) == "old");
}

TEST_CASE("An input error leaves an existing output alone") {
    TemporaryFolder folder;
    const std::string file = folder.write("result.txt", "old");
    CHECK_THAT(with({"--output", file, "--set", "network.loss=9"}), Contains("from 0 to 8"));
    CHECK(text_of(file) == "old");
    CHECK(folder.content() == std::vector<std::string>{"result.txt"});
}

TEST_CASE("Writing results to a full disk is an error") {
    REQUIRE(std::filesystem::is_character_file("/dev/full"));
    const Ran ran = Program(quick_check(), {}, "/dev/full").wait();
    CHECK(ran.status == 2);
    CHECK_THAT(ran.err, Contains("standard output: cannot be written: No space left on device\n"));
}

TEST_CASE("A target that is no regular file is never replaced by one") {
    // As root, `-o /dev/null` must not turn the device into a file.
    TemporaryFolder folder;
    const std::string pipe = folder.file("pipe");
    REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    const int reader = open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
    REQUIRE(reader >= 0);
    Program(quick_check({"--output", pipe})).wait();
    CHECK(std::filesystem::is_fifo(pipe));
    close(reader);
    CHECK(folder.content() == std::vector<std::string>{"pipe"});
}

TEST_CASE("HALFOPEN_SPEC names another library") {
    TemporaryFolder folder;
    CHECK_THAT(error_of({"check", "founding"}, {"HALFOPEN_SPEC=" + folder.file("nowhere")}),
               Contains("founding"));
    folder.write("scenarios/mine.toml", founding_with("name = \"founding\"", "name = \"mine\""));
    CHECK_THAT(error_of({"check", "mine"}, {"HALFOPEN_SPEC=" + folder.file("")}),
               Contains("(there are none)"));
}
