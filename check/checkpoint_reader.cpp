#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <tuple>

#include "check/checkpoint_file.hpp"
#include "check/checkpoint_layout.hpp"
#include "check/compression.hpp"
#include "spec/policy/input_error.hpp"

namespace halfopen {

using namespace checkpoint;

namespace {

constexpr std::uint64_t bytes_read_at_once = std::uint64_t{1} << 17U;

bool all_zero(std::span<const std::byte> bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; });
}

}  // namespace

FileHandle::~FileHandle() {
    if (file_ >= 0) ::close(file_);
}

void CheckpointReader::damaged(const std::string& what) const {
    throw InputError(Place{name_, 0, 0},
                     what + "; a file that `halfopen check --checkpoint` wrote is wanted");
}

CheckpointReader::CheckpointReader(const std::string& name) : name_(name) {
    const Place place{name, 0, 0};
    file_ = FileHandle(::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file_.get() < 0) throw InputError(place, std::string("cannot be read: ") + std::strerror(errno));
    struct stat status {};
    if (::fstat(file_.get(), &status) != 0 || !S_ISREG(status.st_mode))
        throw InputError(place, "is not a regular file; a checkpoint is wanted");
    end_ = static_cast<std::uint64_t>(status.st_size);
    read_head();
    while (read_segment(static_cast<std::uint64_t>(status.st_size))) {
    }
    if (segments_.empty()) damaged("is a checkpoint with nothing in it");
}

void CheckpointReader::read_at(std::uint64_t offset, std::span<std::byte> out) const {
    while (!out.empty()) {
        const ssize_t n = ::pread(file_.get(), out.data(), out.size(), static_cast<off_t>(offset));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0)
            throw InputError(Place{name_, 0, 0}, std::string("cannot be read: ") + std::strerror(errno));
        if (n == 0) damaged("has become shorter while it was read");
        out = out.subspan(static_cast<std::size_t>(n));
        offset += static_cast<std::uint64_t>(n);
    }
}

std::vector<std::byte> CheckpointReader::bytes(std::uint64_t begin, std::uint64_t size) const {
    std::vector<std::byte> found(size);
    read_at(begin, found);
    return found;
}

std::function<std::span<const std::byte>()> CheckpointReader::pieces(std::uint64_t begin,
                                                                     std::uint64_t size) const {
    auto buffer = std::make_shared<std::vector<std::byte>>(std::min(size, bytes_read_at_once));
    return [this, buffer, begin, end = begin + size]() mutable {
        const std::span piece =
            std::span(*buffer).first(std::min<std::uint64_t>(end - begin, buffer->size()));
        read_at(begin, piece);
        begin += piece.size();
        return std::span<const std::byte>(piece);
    };
}

std::function<std::span<const std::byte>()> CheckpointReader::record(const CheckpointSegment& segment) const {
    auto stream =
        std::make_shared<Decompressor>(pieces(segment.begin + segment.notes, segment.size - segment.notes));
    return [this, stream] {
        try {
            return stream->next();
        } catch (const InputError&) {
            throw;
        } catch (const std::runtime_error& error) {
            damaged(std::string("is damaged: a record is not compressed as it should be: ") + error.what());
        }
    };
}

void CheckpointReader::hash(verifier::Sha256& hash, std::uint64_t begin, std::uint64_t end) const {
    const auto next = pieces(begin, end - begin);
    for (auto piece = next(); !piece.empty(); piece = next()) hash.add(piece);
}

void CheckpointReader::read_head() {
    FileHead head;
    if (end_ < sizeof head) damaged("is no checkpoint");
    read_at(0, std::as_writable_bytes(std::span(&head, 1)));
    if (std::string_view(head.name.data(), head.name.size()) != magic) damaged("is no checkpoint");
    if (head.version != format_version)
        damaged(fmt::format("is a checkpoint of format {}, and this program reads format {}", head.version,
                            format_version));
    const std::uint64_t end = sizeof head + aligned(head.question_bytes);
    if (head.question_bytes > longest_question || end > end_) damaged("is cut off in its head");
    verifier::Sha256 digest;
    digest.add(without_digest(head));
    hash(digest, sizeof head, end);
    digest_ = digest.finish();
    if (digest_ != head.digest) damaged("is damaged in its head: the SHA-256 digest does not fit");
    const std::vector<std::byte> text = bytes(sizeof head, head.question_bytes);
    question_.assign(reinterpret_cast<const char*>(text.data()), text.size());
    end_ = end;
}

bool CheckpointReader::read_segment(std::uint64_t file_size) {
    SegmentHead head;
    const std::uint64_t left = file_size - end_;
    const auto raw =
        std::as_writable_bytes(std::span(&head, 1)).first(std::min<std::uint64_t>(left, sizeof head));
    read_at(end_, raw);
    // The head is written last.
    if (all_zero(raw)) return false;
    if (raw.size() < sizeof head) damaged("is cut off");
    const auto malformed = [&] {
        damaged(fmt::format("is damaged in the segment at byte {}: the SHA-256 digest does not fit", end_));
    };
    const std::uint64_t begin = end_ + sizeof head;
    if (head.bytes > file_size || head.notes > head.bytes) malformed();
    const std::uint64_t end = begin + aligned(head.bytes);
    if (end > file_size)
        damaged(fmt::format("is cut off: it has {} bytes, and should have {}", file_size, end));
    verifier::Sha256 content;
    hash(content, begin, end);
    verifier::Sha256 digest;
    digest.add(digest_);
    digest.add(without_digest(head));
    digest.add(content.finish());
    digest_ = digest.finish();
    if (digest_ != head.digest) malformed();
    const CheckpointSegment segment{head.run, head.round, begin, head.notes, head.bytes};
    if (!segments_.empty() &&
        std::tie(segments_.back().run, segments_.back().round) > std::tie(segment.run, segment.round))
        damaged("has segments out of order");
    std::erase_if(segments_, [&](const CheckpointSegment& before) {
        return before.run == segment.run && before.round != segment.round;
    });
    segments_.push_back(segment);
    end_ = end;
    return true;
}

}  // namespace halfopen
