#include "cli/output.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "spec/policy/input_error.hpp"

namespace halfopen::cli {

namespace {

[[noreturn]] void fail(const std::string& name, int error) {
    throw InputError(fmt::format("{}: cannot be written: {}", name, std::strerror(error)));
}

void write_all(int file, std::string_view text, const std::string& name) {
    std::size_t done = 0;
    while (done < text.size()) {
        const ssize_t n = ::write(file, text.data() + done, text.size() - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) fail(name, errno);
        done += static_cast<std::size_t>(n);
    }
}

}  // namespace

Output::Output(std::string name) : name_(std::move(name)) {
    if (name_ == "-") return;
    std::error_code error;
    if (name_.empty() || std::filesystem::is_directory(name_, error))
        fail(name_.empty() ? "\"\"" : name_, EISDIR);
    // A pipe or a device cannot be renamed over without ceasing to be one: it is written to as it stands.
    const auto status = std::filesystem::status(name_, error);
    if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
        if (access(name_.c_str(), W_OK) != 0) fail(name_, errno);
        return;
    }
    std::string pattern = name_ + ".XXXXXX";
    const int file = mkstemp(pattern.data());
    if (file < 0) fail(name_, errno);
    ::close(file);
    temporary_ = pattern;
}

Output::~Output() {
    if (!temporary_.empty()) unlink(temporary_.c_str());
}

void Output::write(std::string_view text) {
    add(text);
    finish();
}

void Output::add(std::string_view piece) {
    if (name_ == "-") {
        write_all(STDOUT_FILENO, piece, "standard output");
        return;
    }
    if (file_ == nullptr)
        file_.reset(std::fopen(temporary_.empty() ? name_.c_str() : temporary_.c_str(), "wb"));
    if (file_ == nullptr || std::fwrite(piece.data(), 1, piece.size(), file_.get()) != piece.size())
        fail(name_, errno);
}

void Output::finish() {
    if (file_ == nullptr) return;
    if (std::fclose(file_.release()) != 0) fail(name_, errno);
    if (temporary_.empty()) return;
    // mkstemp() makes files that only the owner can read; a result is an ordinary file.
    const mode_t mask = umask(0);
    umask(mask);
    chmod(temporary_.c_str(), 0666 & ~mask);
    if (std::rename(temporary_.c_str(), name_.c_str()) != 0) fail(name_, errno);
    temporary_.clear();
}

}  // namespace halfopen::cli
