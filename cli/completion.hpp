/// What can stand at the cursor of a command line that is being typed.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace halfopen::cli {

struct Candidate {
    std::string text;
    std::string meaning;
};

struct Completion {
    std::vector<Candidate> candidates;
    bool files = false;    ///< a file's name may stand there as well
    bool folders = false;  ///< or a folder's
    bool goes_on = false;  ///< no blank after a candidate: it is the beginning of KEY=VALUE
};

/// `before` are the words after the program's name that are complete, `current` is the one at the cursor.
/// Only candidates that begin as it does are given.
Completion complete(const CLI::App& app, const std::vector<std::string>& before, const std::string& current);

}  // namespace halfopen::cli
