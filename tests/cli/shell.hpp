/// Runs what a user would type into a shell, with this build's halfopen first on the PATH.
#pragma once

#include <cstdlib>
#include <sstream>

#include "tests/cli/program.hpp"

namespace halfopen::test {

inline Ran run_shell(const std::string& commands, const std::string& folder,
                     const std::string& shell = "bash") {
    const TemporaryFolder own;
    const std::string script = own.write("script", commands);
    const std::string programs = std::filesystem::path(HALFOPEN_PROGRAM).parent_path().string();
    const std::string line = "cd '" + folder + "' && env -i HOME='" + folder +
                             "' LANG=C.UTF-8 TERM=dumb PATH='" + programs + ":/usr/bin:/bin' " + shell +
                             " '" + script + "' > '" + own.file("out") + "' 2> '" + own.file("err") +
                             "' < /dev/null";
    const int state = std::system(line.c_str());  // NOLINT: a shell is what is tested
    Ran ran;
    ran.status = WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
    ran.out = text_of(own.file("out"));
    ran.err = text_of(own.file("err"));
    return ran;
}

inline bool is_installed(const std::string& program) {
    return std::filesystem::exists("/usr/bin/" + program) || std::filesystem::exists("/bin/" + program);
}

inline std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

/// Every subcommand that `halfopen --help` names.
inline std::vector<std::string> subcommands() {
    std::vector<std::string> names;
    bool reached = false;
    for (const std::string& line : lines_of(run({"--help"}).out)) {
        if (reached && line.size() > 2 && line[0] == ' ' && line[2] != ' ')
            names.push_back(line.substr(2, line.find(' ', 2) - 2));
        if (line.rfind("Subcommands:", 0) == 0) reached = true;
    }
    return names;
}

/// The long options that a subcommand's --help names.
inline std::vector<std::string> options_of(const std::string& subcommand) {
    std::vector<std::string> names;
    for (const std::string& line : lines_of(run({subcommand, "--help"}).out)) {
        const auto at = line.find("--");
        if (line.rfind("  -", 0) != 0 || at == std::string::npos) continue;
        names.push_back(line.substr(at, line.find_first_of(" ,", at) - at));
    }
    return names;
}

}  // namespace halfopen::test
