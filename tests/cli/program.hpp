/// Runs the real program as a user does and looks at what comes out.
#pragma once

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/temporary_folder.hpp"

namespace halfopen::test {

inline std::string text_of(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

struct Ran {
    int status = -1;  ///< exit status; 128 + signal where one ended it
    bool timed_out = false;
    std::string out, err;
};

/// A run of the program whose output goes to files.
class Program {
   public:
    explicit Program(const std::vector<std::string>& arguments,
                     const std::vector<std::string>& environment = {},
                     const std::string& standard_output = {}) {
        std::vector<std::string> words{HALFOPEN_PROGRAM};
        words.insert(words.end(), arguments.begin(), arguments.end());
        std::vector<std::string> settings{"PATH=/usr/bin:/bin", "LANG=C", "TERM=xterm"};
        settings.insert(settings.end(), environment.begin(), environment.end());
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
        const int create = O_WRONLY | O_CREAT | O_TRUNC;
        const std::string out = standard_output.empty() ? folder_.file("out") : standard_output;
        posix_spawn_file_actions_addopen(&actions, 1, out.c_str(), create, 0600);
        posix_spawn_file_actions_addopen(&actions, 2, folder_.file("err").c_str(), create, 0600);
        const int error =
            posix_spawn(&process_, HALFOPEN_PROGRAM, &actions, nullptr, pointers(words), pointers(settings));
        posix_spawn_file_actions_destroy(&actions);
        if (error != 0) throw std::runtime_error("the program does not start: " HALFOPEN_PROGRAM);
    }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;
    ~Program() {
        if (!reaped_) wait(std::chrono::seconds(0));
    }

    void signal(int number) const { kill(process_, number); }
    bool running() { return !reaped_ && waitpid(process_, &state_, WNOHANG) == 0; }

    /// Ends it by force where it takes longer.
    Ran wait(std::chrono::seconds at_most = std::chrono::seconds(280)) {
        Ran ran;
        const auto end = std::chrono::steady_clock::now() + at_most;
        while (waitpid(process_, &state_, WNOHANG) == 0) {
            if (std::chrono::steady_clock::now() >= end && !ran.timed_out) {
                ran.timed_out = true;
                kill(process_, SIGKILL);
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
        reaped_ = true;
        ran.status = WIFEXITED(state_) ? WEXITSTATUS(state_) : 128 + WTERMSIG(state_);
        ran.out = text_of(folder_.file("out"));
        ran.err = text_of(folder_.file("err"));
        return ran;
    }

   private:
    char* const* pointers(std::vector<std::string>& words) {
        auto& list = pointers_.emplace_back();
        for (std::string& word : words) list.push_back(word.data());
        list.push_back(nullptr);
        return list.data();
    }

    TemporaryFolder folder_;
    std::vector<std::vector<char*>> pointers_;
    pid_t process_ = 0;
    int state_ = 0;
    bool reaped_ = false;
};

inline Ran run(const std::vector<std::string>& arguments, const std::vector<std::string>& environment = {}) {
    return Program(arguments, environment).wait();
}

/// `halfopen check founding` with one client that never gives up: takes no time to speak of.
inline std::vector<std::string> quick_check(const std::vector<std::string>& more = {}) {
    std::vector<std::string> all{
        "check",       "founding", "--set", "scenario.clients=1", "--set", "client.syn_never_gives_up=true",
        "--no-corners"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

}  // namespace halfopen::test
