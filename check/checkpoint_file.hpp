/// A file that a long search writes itself down in, piece by piece, so that a kill at any moment leaves what
/// was in it before whole.  Knows nothing of what the pieces say.  Format: docs/checkpoint-format.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "verifier/sha256.hpp"

namespace halfopen {

/// One piece: what a search has found since the piece before it.
struct CheckpointSegment {
    std::uint32_t run = 0;    ///< which of the searches of a check
    std::uint32_t round = 0;  ///< how often it has begun anew; earlier rounds are worth nothing
    std::uint64_t begin = 0;  ///< in the file
    std::uint64_t notes = 0;  ///< bytes of notes, which come first
    std::uint64_t size = 0;   ///< bytes of notes and record, which is compressed
};

/// A file descriptor that is closed in the end.
class FileHandle {
   public:
    explicit FileHandle(int file = -1) : file_(file) {}
    FileHandle(FileHandle&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
    FileHandle& operator=(FileHandle&& other) noexcept {
        std::swap(file_, other.file_);
        return *this;
    }
    ~FileHandle();
    int get() const { return file_; }

   private:
    int file_;
};

/// A checkpoint that was written earlier.  Reads little at a time: memory may be what the search lacks.
class CheckpointReader {
   public:
    /// Throws InputError where the file cannot be read, is no checkpoint, is of another version, or is
    /// damaged; what was still being written when the search was killed is passed over.
    explicit CheckpointReader(const std::string& name);

    /// What the search is of.
    const std::string& question() const { return question_; }
    /// Of each run those of the last round, in order.
    const std::vector<CheckpointSegment>& segments() const { return segments_; }
    /// How far the file is whole.
    std::uint64_t end() const { return end_; }
    const verifier::Digest& last_digest() const { return digest_; }

    /// Notes and record, a piece at a time; empty at the end.
    std::function<std::span<const std::byte>()> notes(const CheckpointSegment& segment) const {
        return pieces(segment.begin, segment.notes);
    }
    std::function<std::span<const std::byte>()> record(const CheckpointSegment& segment) const;
    /// All that is whole.
    std::function<std::span<const std::byte>()> everything() const { return pieces(0, end_); }
    [[noreturn]] void damaged(const std::string& what) const;

   private:
    std::vector<std::byte> bytes(std::uint64_t begin, std::uint64_t size) const;
    std::function<std::span<const std::byte>()> pieces(std::uint64_t begin, std::uint64_t size) const;
    void read_head();
    bool read_segment(std::uint64_t file_size);
    void read_at(std::uint64_t offset, std::span<std::byte> out) const;
    void hash(verifier::Sha256& hash, std::uint64_t begin, std::uint64_t end) const;

    std::string name_;
    FileHandle file_;
    std::string question_;
    std::vector<CheckpointSegment> segments_;
    std::uint64_t end_ = 0;
    verifier::Digest digest_{};
};

/// A checkpoint that is being written.
class CheckpointWriter {
   public:
    using Sink = std::function<void(std::span<const std::byte>)>;

    /// A new file, or one that begins with all of `earlier`, which must outlive this.  It appears, in the
    /// place of an older one, with the first segment; but whether it can be written is looked at here.
    /// Throws InputError where it cannot, as append() does.
    CheckpointWriter(std::string name, std::string question, const CheckpointReader* earlier);
    CheckpointWriter(const CheckpointWriter&) = delete;
    CheckpointWriter& operator=(const CheckpointWriter&) = delete;
    ~CheckpointWriter();

    /// Adds what the two functions give.  It is in the file, and on the disk, when this returns; before that,
    /// and where they throw, the file is what it was.
    void append(std::uint32_t run, std::uint32_t round, const std::function<void(const Sink&)>& write_notes,
                const std::function<void(const Sink&)>& write_record);
    /// Puts the file in its place with what `earlier` has, and no more; nothing where it is there.
    void copy_earlier();

   private:
    void open_new();
    void begin();
    void copy(const CheckpointReader& earlier);
    void add(std::span<const std::byte> bytes);
    void pad();
    void flush();
    void sync() const;
    void check_name() const;
    void give_name();
    void give_up();
    [[noreturn]] void fail(int error) const;

    std::string name_;
    std::string question_;
    const CheckpointReader* earlier_;
    std::string temporary_;  ///< while it has no name
    FileHandle file_;
    std::uint64_t end_ = 0;      ///< of what is whole
    verifier::Digest digest_{};  ///< of the last segment, or of the head
    std::uint64_t at_ = 0;       ///< where the next byte goes
    verifier::Sha256 hash_;
    std::vector<std::byte> pending_;
};

}  // namespace halfopen
