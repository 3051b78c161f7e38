// A search that is killed, or ended by a limit, goes on from its last checkpoint to the same result.
#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <random>
#include <thread>

#include "tests/cli/program.hpp"

using namespace halfopen::test;
using namespace std::chrono_literals;

namespace {

using Words = std::vector<std::string>;

Words operator+(Words a, const Words& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

/// 36,852 worlds, and then corners: a second or two.
const Words founding_with_loss{"check",          "founding", "--set",
                               "network.loss=2", "--set",    "client.syn_never_gives_up=true",
                               "--format",       "json"};
/// A few hundred worlds.
const Words small = quick_check({"--format", "json"});

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string checkpoint_of(const TemporaryFolder& folder, const Words& check) {
    const std::string file = folder.file("a.ckpt");
    run(check + Words{"--checkpoint", file});
    return file;
}

/// Exit status 2, nothing on standard output and one line on standard error, with these words.
void check_refused(const Ran& ran, const std::string& words) {
    INFO(ran.err);
    CHECK(ran.status == 2);
    CHECK(ran.out.empty());
    CHECK(std::count(ran.err.begin(), ran.err.end(), '\n') == 1);
    CHECK(has(ran.err, words));
}

}  // namespace

TEST_CASE(
    "Ended by --memory, in the middle of a batch too, a search goes on to the result of one that is not") {
    const TemporaryFolder folder;
    const std::string file = folder.file("a.ckpt");
    const Words check{"check", "two-reboots", "--isn", "complete", "--format", "json", "--jobs", "2"};
    const Ran undisturbed = run(check);
    REQUIRE(has(undisturbed.out, "\"stopped\": \"complete\""));
    // At three the search ends, of 49,249 worlds, and at the last one there is no room to judge them.
    for (const std::string limit : {"10500KiB", "11MiB", "12MiB", "24MiB"}) {
        INFO(limit);
        const Ran ended = run(check + Words{"--checkpoint", file, "--memory", limit});
        CHECK(has(ended.out, "\"stopped\": \"memory\""));
        CHECK(run(check + Words{"--resume", file}).out == undisturbed.out);
    }
}

TEST_CASE("Killed at any moment, again and again, a search comes to the result of one that nobody disturbs",
          "[.sweep]") {
    const Ran undisturbed = run(founding_with_loss);
    REQUIRE(has(undisturbed.out, "\"stopped\": \"complete\""));
    const TemporaryFolder folder;
    const std::string file = folder.file("a.ckpt");
    std::mt19937 random(20101111);
    int kills = 0;
    for (int longest_ms = 400;; longest_ms += 200) {
        Words words = founding_with_loss + Words{"--checkpoint", file,     "--checkpoint-every",
                                                 "10ms",         "--jobs", std::to_string(1 + random() % 3)};
        if (std::filesystem::exists(file)) words = words + Words{"--resume", file};
        Program program(words);
        const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(random() % longest_ms);
        while (program.running() && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(1ms);
        if (program.running()) {
            program.signal(SIGKILL);
            ++kills;
            // As a rule nothing; the kill may come while the result is being printed.
            const std::string printed = program.wait().out;
            CHECK(undisturbed.out.compare(0, printed.size(), printed) == 0);
            continue;
        }
        const Ran ran = program.wait();
        CHECK(ran.err.empty());
        CHECK(ran.status == undisturbed.status);
        CHECK(ran.out == undisturbed.out);
        break;
    }
    CHECK(kills > 2);
    CHECK(folder.content() == Words{"a.ckpt"});
    // The checkpoint of a search that has come to its end gives its result once more.
    const Ran again = run(founding_with_loss + Words{"--resume", file});
    CHECK(again.out == undisturbed.out);
}

TEST_CASE("A check that a limit ends says how to go on, and goes on without the limit") {
    const Words without_corners = founding_with_loss + Words{"--no-corners"};
    const Ran undisturbed = run(without_corners);
    const TemporaryFolder folder;
    const std::string file = folder.file("a.ckpt");
    const Words checkpoint{"--checkpoint", file};
    const auto goes_on = [&] {
        return run(without_corners + Words{"--resume", file}).out == undisturbed.out;
    };
    SECTION("time, memory, depth") {
        for (const Words& limit :
             {Words{"--timeout", "10ms"}, Words{"--memory", "25MiB"}, Words{"--max-depth", "20"}}) {
            const Ran ran = run(without_corners + checkpoint + limit);
            CHECK(ran.status == 3);
            CHECK(has(ran.out, "\"checkpoint\": \"" + file + "\""));
            CHECK(goes_on());
        }
    }
    SECTION("signals") {
        for (const int signal : {SIGINT, SIGTERM}) {
            std::filesystem::remove(file);
            Program program(without_corners + checkpoint + Words{"--checkpoint-every", "20ms"});
            while (!std::filesystem::exists(file)) std::this_thread::sleep_for(1ms);
            program.signal(signal);
            const Ran ran = program.wait();
            CHECK(ran.status == 3);
            CHECK(has(ran.out, "\"stopped\": \"interrupted\""));
            CHECK(goes_on());
        }
    }
    SECTION("in words, and in the same file") {
        Words text = without_corners;
        text.erase(text.end() - 3, text.end() - 1);
        const Ran first = run(text + checkpoint + Words{"--max-depth", "20"});
        CHECK(has(first.out, "go on with    the same command and --resume " + file));
        const Ran second = run(text + checkpoint + Words{"--resume", file, "--max-depth", "1"});
        check_refused(second, "--max-depth: the checkpoint is ");
        const Ran third = run(text + checkpoint + Words{"--resume", file, "--timeout", "1ms"});
        CHECK(third.status == 3);
        CHECK(goes_on());
    }
}

TEST_CASE("Whatever a search is asked for, it can be gone on with") {
    const TemporaryFolder folder;
    const std::string file = folder.file("a.ckpt");
    for (const Words& more :
         {Words{"--no-merge"}, Words{"--no-symmetry", "--jobs", "3"}, Words{"--isn", "complete"},
          Words{"--certificate", folder.file("certificate")}, Words{"--property", "leak"}}) {
        const Words words = Words{"check", "founding", "--variant", "one-client", "--format", "json"} + more;
        const Ran undisturbed = run(words);
        const Ran cut = run(words + Words{"--checkpoint", file, "--max-depth", "9"});
        CHECK(cut.status == 3);
        CHECK(run(words + Words{"--resume", file}).out == undisturbed.out);
        if (more.front() == "--certificate") CHECK(run({"verify", more.back()}).status == 0);
    }
}

TEST_CASE("A checkpoint of another search is refused, in one line that says how it differs") {
    const TemporaryFolder folder;
    const std::string file = checkpoint_of(folder, small);
    const Words resume{"--resume", file};
    const std::string other = file + ": is a checkpoint of another search: ";
    check_refused(run(small + resume + Words{"--set", "network.loss=1"}), other + "--set was [");
    check_refused(run(small + resume + Words{"--fix", "be-liberal"}), other + "--fix was [] there");
    check_refused(run(small + resume + Words{"--isn", "complete"}), other + "--isn was \"generic\" there");
    check_refused(run(small + resume + Words{"--no-merge"}), other + "--no-merge");
    check_refused(run(small + resume + Words{"--no-symmetry"}), other + "--no-symmetry");
    check_refused(run(small + resume + Words{"--property", "leak"}), "--property) was true there");
    check_refused(run({"check", "silent-server", "--resume", file}), other);
    // The same scenario by another name is the same, one that differs by a blank is not.
    const std::string scenario = text_of(HALFOPEN_SOURCE_DIR "/spec/scenarios/founding.toml");
    Words copied = small;
    copied[1] = folder.write("founding.toml", scenario + "\n");
    check_refused(run(copied + resume), other);
    copied[1] = HALFOPEN_SOURCE_DIR "/spec/scenarios/founding.toml";
    CHECK(run(copied + resume).out == run(small).out);
}

TEST_CASE("A damaged checkpoint is refused, in one line") {
    const TemporaryFolder folder;
    const std::string whole = text_of(checkpoint_of(folder, small));
    std::mt19937 random(1);
    for (int i = 0; i < 40; ++i) {
        std::string changed = whole;
        char& byte = changed[random() % whole.size()];
        byte = static_cast<char>(byte ^ (1 << random() % 8));
        check_refused(run(small + Words{"--resume", folder.write("b", changed)}), "b: ");
        check_refused(
            run(small + Words{"--resume", folder.write("b", whole.substr(0, random() % whole.size()))}),
            "b: ");
    }
    check_refused(run(small + Words{"--resume", folder.file("nowhere")}), "cannot be read");
    check_refused(run(small + Words{"--resume", HALFOPEN_PROGRAM}), "is no checkpoint");
    std::string other_format = whole;
    other_format[8] = 9;
    check_refused(run(small + Words{"--resume", folder.write("b", other_format)}), "format 9");
}

TEST_CASE("A place that cannot be written is reported before the search") {
    const TemporaryFolder folder;
    check_refused(run(small + Words{"--checkpoint", folder.file("no/such/folder")}), "cannot be written");
    check_refused(run(small + Words{"--checkpoint", folder.file("")}), "cannot be written");
    check_refused(run(small + Words{"--checkpoint", "/dev/null"}), "cannot be written");
    check_refused(run(small + Words{"--checkpoint-every", "1s"}), "--checkpoint FILE");
    check_refused(run(small + Words{"--checkpoint", folder.file("a"), "--checkpoint-every", "soon"}),
                  "--checkpoint-every");
    CHECK(folder.content().empty());
}

TEST_CASE("Where the disk is full the search says so, goes on, and leaves what was written whole") {
    const Ran undisturbed = run(founding_with_loss);
    const TemporaryFolder folder;
    const std::string file = folder.file("a.ckpt");
    // A limit on the size of files does what a full disk does.
    const auto before = std::signal(SIGXFSZ, SIG_IGN);
    rlimit limit{};
    getrlimit(RLIMIT_FSIZE, &limit);
    const rlimit low{512 * 1024, limit.rlim_max};
    setrlimit(RLIMIT_FSIZE, &low);
    const Ran ran = run(founding_with_loss + Words{"--checkpoint", file, "--checkpoint-every", "10ms"});
    setrlimit(RLIMIT_FSIZE, &limit);
    std::signal(SIGXFSZ, before);
    CHECK(ran.status == undisturbed.status);
    CHECK(ran.out == undisturbed.out);
    CHECK(has(ran.err, file + ": cannot be written: File too large; the search goes on"));
    CHECK(folder.content() == Words{"a.ckpt"});
    CHECK(run(founding_with_loss + Words{"--resume", file}).out == undisturbed.out);
}
