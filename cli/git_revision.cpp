#include "cli/git_revision.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <vector>

#include "spec/policy/input_error.hpp"

extern char** environ;  // NOLINT: POSIX declares it nowhere

namespace halfopen::cli {

namespace fs = std::filesystem;

namespace {

const Place option{"--baseline-rev", 0, 0};

struct Ran {
    bool good = false;
    std::string out;
};

/// Without a shell, so that no name is taken for anything but a name.
Ran run(std::vector<std::string> words) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw InputError(option, "no pipe to git");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    pid_t process = 0;
    const int error = posix_spawnp(&process, pointers[0], &actions, nullptr, pointers.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    Ran ran;
    if (error == 0) {
        std::array<char, 4096> block{};
        for (ssize_t n = 0; (n = read(ends[0], block.data(), block.size())) > 0;)
            ran.out.append(block.data(), static_cast<std::size_t>(n));
        int state = 0;
        waitpid(process, &state, 0);
        ran.good = WIFEXITED(state) && WEXITSTATUS(state) == 0;
    }
    ::close(ends[0]);
    while (ran.out.ends_with('\n')) ran.out.pop_back();
    return ran;
}

}  // namespace

RevisionFolder::RevisionFolder(const fs::path& folder, const std::string& revision) {
    const std::string at = folder.string();
    const Ran prefix = run({"git", "-C", at, "rev-parse", "--show-prefix"});
    if (!prefix.good)
        throw InputError(option,
                         fmt::format("{} is in no git repository (or there is no git here)", in_quotes(at)));
    const Ran commit = run(
        {"git", "-C", at, "rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"});
    if (!commit.good)
        throw InputError(option, fmt::format("git knows no revision {}; a tag, a branch or a commit, such as "
                                             "HEAD~1 or origin/main",
                                             in_quotes(revision)));
    // The tree of the folder, by a name that no path can be mistaken for an option in.
    const Ran tree = run({"git", "-C", at, "rev-parse", "--verify", "--quiet", "--end-of-options",
                          commit.out + ":" + prefix.out});
    if (!tree.good)
        throw InputError(option, fmt::format("{} is not in revision {}", in_quotes(at), in_quotes(revision)));
    std::string pattern = (fs::temp_directory_path() / "halfopen-gate-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw InputError(option, "no temporary folder can be made");
    temporary_ = pattern;
    copy_ = temporary_ / folder.filename();
    if (!folder.has_filename()) copy_ = temporary_ / "policies";
    fs::create_directory(copy_);
    const std::string tar = (temporary_ / "tree.tar").string();
    // From the top, where a tree is taken as it is.
    const Ran top = run({"git", "-C", at, "rev-parse", "--show-toplevel"});
    const bool good = top.good &&
                      run({"git", "-C", top.out, "archive", "--format=tar", "-o", tar, tree.out}).good &&
                      run({"tar", "-xf", tar, "-C", copy_.string()}).good;
    if (!good) {
        std::error_code error;
        fs::remove_all(temporary_, error);
        throw InputError(option, fmt::format("the policies of revision {} cannot be taken out of git",
                                             in_quotes(revision)));
    }
}

RevisionFolder::~RevisionFolder() {
    std::error_code error;
    fs::remove_all(temporary_, error);
}

fs::path repository_root(const fs::path& folder) {
    const Ran top = run({"git", "-C", folder.string(), "rev-parse", "--show-toplevel"});
    std::error_code error;
    return top.good && !top.out.empty() ? fs::path(top.out) : fs::current_path(error);
}

}  // namespace halfopen::cli
