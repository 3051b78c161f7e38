// Any bytes whatever are refused with one line, or are a checkpoint; what is read is what would be written.
// Digests are made to fit first, since nobody would find one by chance.
//
// The target `fuzz-checkpoints` (tests/CMakeLists.txt) begins with the checkpoint of a small search.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "check/checkpoint_file.hpp"
#include "check/checkpoint_layout.hpp"
#include "check/checkpoint_question.hpp"
#include "check/search_notes.hpp"
#include "explorer/search_record.hpp"
#include "spec/policy/input_error.hpp"

namespace {

using namespace halfopen;
using namespace halfopen::checkpoint;
using Bytes = std::vector<std::byte>;

/// A few bytes can say that a gigabyte of zeros follows.
constexpr std::uint64_t most_read = std::uint64_t{1} << 22U;

void require(bool holds) {
    if (!holds) std::abort();
}

template <class Head>
Head* head_at(Bytes& file, std::uint64_t at) {
    if (at > file.size() || file.size() - at < sizeof(Head)) return nullptr;
    return reinterpret_cast<Head*>(file.data() + at);
}

verifier::Digest digest_of(std::initializer_list<std::span<const std::byte>> parts) {
    verifier::Sha256 hash;
    for (const auto part : parts) hash.add(part);
    return hash.finish();
}

void mend_digests(Bytes& file) {
    FileHead* const head = head_at<FileHead>(file, 0);
    if (head == nullptr) return;
    std::uint64_t end = sizeof *head + aligned(head->question_bytes);
    if (end > file.size()) return;
    head->digest =
        digest_of({without_digest(*head), std::span(file).subspan(sizeof *head, end - sizeof *head)});
    verifier::Digest before = head->digest;
    while (SegmentHead* const segment = head_at<SegmentHead>(file, end)) {
        const std::uint64_t begin = end + sizeof *segment;
        if (segment->bytes > file.size() || begin + aligned(segment->bytes) > file.size()) return;
        const auto content = std::span(file).subspan(begin, aligned(segment->bytes));
        const verifier::Digest of_content = verifier::sha256(content);
        segment->digest = before = digest_of({before, without_digest(*segment), of_content});
        end = begin + content.size();
    }
}

struct Collected : NotesReader {
    SearchNotes own;
    std::vector<Comparison> comparisons;
    std::deque<WorldSystem::DrawContext> draws;
    Renamings renamed;

    void begins(const std::vector<Comparison>&, const std::vector<Comparison>&) override {}
    void met(const Comparison& comparison) override { comparisons.push_back(comparison); }
    void met(const WorldSystem::DrawContext& draw) override { draws.push_back(draw); }
    void met(const std::vector<Origin>& origins) override {
        renamed.add(origins, std::vector<std::uint32_t>(origins.size()));
    }

    Bytes written() const {
        WorldSystem::Notes met{comparisons, {}, {}};
        for (const auto& draw : draws) met.draws.push_back(&draw);
        (void)renamed.all_of([&](const Renamings::Entry& one) {
            met.renamed.push_back(one);
            return true;
        });
        Bytes all;
        write_notes(own, met, [&](std::span<const std::byte> piece) {
            all.insert(all.end(), piece.begin(), piece.end());
        });
        return all;
    }
};

void read_file(Bytes file) {
    mend_digests(file);
    const int memory = memfd_create("checkpoint", MFD_CLOEXEC);
    require(::write(memory, file.data(), file.size()) == static_cast<ssize_t>(file.size()));
    const std::string name = "/proc/self/fd/" + std::to_string(memory);
    try {
        const CheckpointReader reader(name);
        difference_of_questions(reader.question(), to_text({}));
        explorer::Exploration found;
        for (const CheckpointSegment& segment : reader.segments()) {
            Collected notes;
            read_notes(reader.notes(segment), notes, notes.own);
            std::uint64_t read = 0;
            const explorer::ByteSource source = [&, next = reader.record(segment)] {
                const auto piece = next();
                read += piece.size();
                return read > most_read ? std::span<const std::byte>() : piece;
            };
            explorer::read_record(source, found);
        }
    } catch (const explorer::BrokenRecord&) {
    } catch (const InputError& error) {
        require(std::string_view(error.what()).find('\n') == std::string_view::npos);
    }
    ::close(memory);
}

void read_record(std::span<const std::byte> bytes) {
    explorer::Exploration found;
    try {
        explorer::read_record(
            [rest = bytes]() mutable { return std::exchange(rest, std::span<const std::byte>()); }, found);
    } catch (const explorer::BrokenRecord&) {
        return;
    }
    Bytes again;
    explorer::write_record(found, {}, [&](std::span<const std::byte> piece) {
        again.insert(again.end(), piece.begin(), piece.end());
    });
    require(std::ranges::equal(again, bytes));
}

}  // namespace

/// The first byte chooses the reader.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto bytes = std::as_bytes(std::span(data + 1, size - 1));
    if (data[0] % 3 == 0) read_file({bytes.begin(), bytes.end()});
    if (data[0] % 3 == 1) read_record(bytes);
    if (data[0] % 3 == 2) {
        Collected notes;
        const NotesSource source = [rest = bytes]() mutable {
            return std::exchange(rest, std::span<const std::byte>());
        };
        if (read_notes(source, notes, notes.own) == NotesRead::Whole)
            require(std::ranges::equal(notes.written(), bytes));
    }
    return 0;
}
