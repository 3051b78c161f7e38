// --memory is about the whole process, and is kept to.  Sanitizers keep memory of their own: not asked there.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/cli/program.hpp"

namespace {

struct Run {
    int status = -1;
    double peak_mib = 0;  ///< largest resident set, as the kernel counted it
};

Run run_halfopen(std::vector<std::string> words) {
    words.insert(words.begin(), HALFOPEN_PROGRAM);
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const pid_t child = fork();
    if (child == 0) {
        const int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, STDOUT_FILENO);
        dup2(nowhere, STDERR_FILENO);
        execv(HALFOPEN_PROGRAM, arguments.data());
        _exit(127);
    }
    int status = 0;
    rusage usage{};
    wait4(child, &status, 0, &usage);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, static_cast<double>(usage.ru_maxrss) / 1024};
}

}  // namespace

TEST_CASE("A search that needs more than --memory is inconclusive, and stays within 5 % of it") {
    for (const std::string threads : {"1", "2"}) {
        // Millions of worlds: two clients whose ISNs follow their clocks.
        const Run run = run_halfopen({"check", "founding", "--set", "client.isn=clock", "--memory", "60MiB",
                                      "--jobs", threads, "--no-merge"});
        CHECK(run.status == 3);
        CHECK(run.peak_mib > 60 * 0.95);
        CHECK(run.peak_mib < 60 * 1.05);
    }
}

TEST_CASE("States that lead to many new ones are no reason to pass --memory") {
    // Every second batch of 4096 states leads to 55,000 new ones, and takes 25 MiB.
    for (const int limit : {60, 100}) {
        for (const std::string threads : {"1", "2", "3"}) {
            const Run run =
                run_halfopen({"check", "tuple-collapse", "--variant", "server-in-mute", "--isn", "complete",
                              "--memory", std::to_string(limit) + "MiB", "--jobs", threads});
            INFO(limit << " MiB, " << threads << " threads, peak " << run.peak_mib);
            CHECK(run.status == 3);
            CHECK(run.peak_mib > limit * 0.85);
            CHECK(run.peak_mib < limit * 1.05);
        }
    }
}

TEST_CASE("Whatever --memory is, no more is used: not for judging what was explored either") {
    for (const int limit : {30, 45, 47, 49, 51, 53, 56, 60, 80}) {
        const Run run =
            run_halfopen({"check", "founding", "--memory", std::to_string(limit) + "MiB", "--jobs", "1"});
        INFO(limit << " MiB, exit " << run.status);
        CHECK((run.status == 3 || run.status == 0));
        CHECK(run.peak_mib < limit * 1.05);
    }
}

TEST_CASE("A check that has an eighth more than it takes comes to its end", "[.sweep]") {
    const halfopen::test::TemporaryFolder folder;
    const std::vector<std::vector<std::string>> checks{
        {"founding"},
        {"founding", "--certificate", folder.file("c")},
        {"founding", "--no-corners", "--set", "network.loss=1"},
        {"two-reboots", "--isn", "complete"},
        {"founding", "--variant", "one-connect", "--no-corners", "--set", "network.loss=2"},
        {"founding", "--no-corners", "--set", "network.loss=1", "--certificate", folder.file("c")}};
    for (std::vector<std::string> words : checks) {
        words.insert(words.begin(), "check");
        const Run free = run_halfopen(words);
        const int limit = static_cast<int>(free.peak_mib * 1.125);
        words.insert(words.end(), {"--memory", std::to_string(limit) + "MiB"});
        const Run limited = run_halfopen(words);
        INFO(words[1] << " with " << words[2] << ": " << free.peak_mib << " MiB, exit " << limited.status
                      << " with " << limit);
        CHECK(free.status != 3);
        CHECK(limited.status == free.status);
        CHECK(limited.peak_mib < limit * 1.05);
    }
}

TEST_CASE("Checkpoints are written, and taken up, within 5 % of --memory", "[.sweep]") {
    const halfopen::test::TemporaryFolder folder;
    const std::string file = folder.file("a.ckpt");
    const auto check = [](const std::vector<std::string>& more, int limit) {
        std::vector<std::string> words{"check",          "founding", "--set",
                                       "network.loss=3", "--memory", std::to_string(limit) + "MiB"};
        words.insert(words.end(), more.begin(), more.end());
        const Run run = run_halfopen(words);
        INFO(words.back() << ", " << limit << " MiB, peak " << run.peak_mib);
        CHECK(run.status == 3);
        CHECK(run.peak_mib > limit * 0.9);
        CHECK(run.peak_mib < limit * 1.05);
    };
    for (const std::string reductions : {"--no-merge", "--quiet"}) {
        check({"--checkpoint", file, "--checkpoint-every", "50ms", reductions}, 45);
        // Most of what it had reached is taken up, and no more memory than that, or than a higher limit.
        check({"--resume", file, reductions}, 45);
        check(
            {"--resume", file, "--checkpoint", file, "--checkpoint-every", "50ms", "--jobs", "2", reductions},
            50);
    }
}

TEST_CASE("What is noted of ISNs that follow a clock is written and taken up within 5 % of --memory",
          "[.sweep]") {
    const halfopen::test::TemporaryFolder folder;
    const std::string file = folder.file("a.ckpt");
    const std::vector<std::vector<std::string>> kinds{
        {"--checkpoint", file},
        {"--resume", file},
        {"--resume", file, "--checkpoint", folder.file("b.ckpt"), "--jobs", "3"}};
    for (const std::vector<std::string>& kind : kinds) {
        std::vector<std::string> words{"check", "founding", "--set", "client.isn=clock", "--memory", "80MiB"};
        words.insert(words.end(), kind.begin(), kind.end());
        const Run run = run_halfopen(words);
        INFO(kind.front() << ", peak " << run.peak_mib);
        CHECK(run.status == 3);
        CHECK(run.peak_mib < 80 * 1.05);
    }
}

TEST_CASE("A certificate is worked out within 5 % of --memory, or there is none") {
    const halfopen::test::TemporaryFolder folder;
    bool written = false;
    for (const int limit : {45, 54, 58, 62, 70, 80}) {
        const Run run = run_halfopen({"check", "founding", "--no-corners", "--memory",
                                      std::to_string(limit) + "MiB", "--certificate", folder.file("c")});
        INFO(limit << " MiB, exit " << run.status << ", peak " << run.peak_mib);
        CHECK((run.status == 3 || run.status == 0));
        CHECK(run.peak_mib < limit * 1.05);
        written = written || run.status == 0;
    }
    CHECK(written);
}

#endif
