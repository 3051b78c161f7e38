#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "check/checkpoint_file.hpp"
#include "check/checkpoint_layout.hpp"
#include "check/compression.hpp"
#include "spec/policy/input_error.hpp"

namespace halfopen {

using namespace checkpoint;

namespace {

constexpr std::size_t bytes_written_at_once = std::size_t{1} << 18U;

bool write_at(int file, std::span<const std::byte> bytes, std::uint64_t offset) {
    while (!bytes.empty()) {
        const ssize_t n = ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(n));
        offset += static_cast<std::uint64_t>(n);
    }
    return true;
}

}  // namespace

void CheckpointWriter::fail(int error) const {
    throw InputError(fmt::format("{}: cannot be written: {}", name_, std::strerror(error)));
}

CheckpointWriter::CheckpointWriter(std::string name, std::string question, const CheckpointReader* earlier)
    : name_(std::move(name)), question_(std::move(question)), earlier_(earlier) {
    std::error_code error;
    const auto status = std::filesystem::status(name_, error);
    if (name_.empty() || std::filesystem::is_directory(status)) fail(EISDIR);
    if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) fail(EINVAL);
    open_new();
    file_ = FileHandle();
    ::unlink(temporary_.c_str());
}

CheckpointWriter::~CheckpointWriter() {
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

// Always the same name, so that a kill leaves no more than one behind, which the next search writes over.
void CheckpointWriter::open_new() {
    temporary_ = name_ + ".part";
    ::unlink(temporary_.c_str());
    file_ = FileHandle(::open(temporary_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (file_.get() < 0) fail(errno);
}

void CheckpointWriter::begin() {
    open_new();
    end_ = 0;
    if (earlier_ != nullptr) {
        copy(*earlier_);
        return;
    }
    FileHead head;
    std::memcpy(head.name.data(), magic.data(), magic.size());
    head.version = format_version;
    head.question_bytes = static_cast<std::uint32_t>(question_.size());
    at_ = sizeof head;
    hash_ = verifier::Sha256();
    hash_.add(without_digest(head));
    add(std::as_bytes(std::span(question_)));
    pad();
    flush();
    head.digest = digest_ = hash_.finish();
    if (!write_at(file_.get(), std::as_bytes(std::span(&head, 1)), 0)) fail(errno);
    end_ = at_;
}

void CheckpointWriter::copy(const CheckpointReader& earlier) {
    const auto next = earlier.everything();
    for (auto piece = next(); !piece.empty(); piece = next()) {
        if (!write_at(file_.get(), piece, end_)) fail(errno);
        end_ += piece.size();
    }
    digest_ = earlier.last_digest();
}

void CheckpointWriter::add(std::span<const std::byte> bytes) {
    pending_.insert(pending_.end(), bytes.begin(), bytes.end());
    if (pending_.size() >= bytes_written_at_once) flush();
}

void CheckpointWriter::pad() {
    const std::uint64_t end = at_ + pending_.size();
    pending_.resize(pending_.size() + aligned(end) - end);
}

void CheckpointWriter::flush() {
    hash_.add(pending_);
    if (!write_at(file_.get(), pending_, at_)) fail(errno);
    at_ += pending_.size();
    pending_.clear();
}

void CheckpointWriter::sync() const {
    if (::fsync(file_.get()) != 0) fail(errno);
}

void CheckpointWriter::append(std::uint32_t run, std::uint32_t round,
                              const std::function<void(const Sink&)>& write_notes,
                              const std::function<void(const Sink&)>& write_record) {
    SegmentHead head;
    std::uint64_t written = 0;
    pending_.clear();
    try {
        if (file_.get() < 0)
            begin();
        else
            check_name();
        at_ = end_ + sizeof head;
        // The head says what is known only in the end, so notes and record have a digest of their own.
        hash_ = verifier::Sha256();
        const Sink sink = [&](std::span<const std::byte> bytes) {
            written += bytes.size();
            add(bytes);
        };
        write_notes(sink);
        head.notes = written;
        Compressor compressed(sink);
        write_record([&](std::span<const std::byte> bytes) { compressed.add(bytes); });
        compressed.finish();
        pad();
        flush();
        head.bytes = written;
        head.run = run;
        head.round = round;
        const verifier::Digest content = hash_.finish();
        verifier::Sha256 whole;
        whole.add(digest_);
        whole.add(without_digest(head));
        whole.add(content);
        head.digest = whole.finish();
        sync();
        if (!write_at(file_.get(), std::as_bytes(std::span(&head, 1)), end_)) fail(errno);
        sync();
        give_name();
    } catch (...) {
        give_up();
        throw;
    }
    digest_ = head.digest;
    end_ = at_;
}

void CheckpointWriter::copy_earlier() {
    if (file_.get() >= 0) return;
    try {
        begin();
        sync();
        give_name();
    } catch (...) {
        give_up();
        throw;
    }
}

/// The file is as whole as before.
void CheckpointWriter::give_up() {
    if (!temporary_.empty()) {
        ::unlink(temporary_.c_str());
        temporary_.clear();
        file_ = FileHandle();
    } else if (file_.get() >= 0) {
        // Where not even this can be done, the segment has no head, and is passed over.
        static_cast<void>(::ftruncate(file_.get(), static_cast<off_t>(end_)));
    }
}

/// Somebody may have put another file there, or none.
void CheckpointWriter::check_name() const {
    struct stat ours {};
    struct stat there {};
    if (::fstat(file_.get(), &ours) != 0 || ::stat(name_.c_str(), &there) != 0) fail(errno);
    if (ours.st_ino != there.st_ino || ours.st_dev != there.st_dev)
        throw InputError(name_ + ": cannot be written: another file has taken its place");
}

void CheckpointWriter::give_name() {
    if (temporary_.empty()) return;
    if (std::rename(temporary_.c_str(), name_.c_str()) != 0) fail(errno);
    temporary_.clear();
    // The name too has to be on the disk.  Where a folder cannot be synchronised, it will be there soon.
    const auto folder = std::filesystem::absolute(name_).parent_path();
    const FileHandle handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (handle.get() >= 0) static_cast<void>(::fsync(handle.get()));
}

}  // namespace halfopen
