// The file that a search is written down in: whole or refused, whatever happens to it.
#include "check/checkpoint_file.hpp"

#include <catch2/catch.hpp>
#include <cstring>
#include <filesystem>
#include <functional>

#include "check/checkpoint_layout.hpp"
#include "spec/policy/input_error.hpp"
#include "tests/cli/program.hpp"

using namespace halfopen;
using halfopen::test::TemporaryFolder;
using halfopen::test::text_of;

namespace {

using Bytes = std::vector<std::byte>;

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

std::string text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string all_of(const std::function<std::span<const std::byte>()>& next) {
    std::string all;
    for (auto piece = next(); !piece.empty(); piece = next()) all += text_of(piece);
    return all;
}

void append(CheckpointWriter& writer, std::uint32_t run, std::uint32_t round, std::string_view notes,
            std::string_view record) {
    writer.append(
        run, round, [&](const CheckpointWriter::Sink& sink) { sink(bytes_of(notes)); },
        [&](const CheckpointWriter::Sink& sink) { sink(bytes_of(record)); });
}

/// "run.round notes|record" of all segments.
std::string content(const std::string& file) {
    const CheckpointReader reader(file);
    std::string all = reader.question();
    for (const CheckpointSegment& segment : reader.segments()) {
        all += " " + std::to_string(segment.run) + "." + std::to_string(segment.round) + " " +
               all_of(reader.notes(segment)) + "|" + all_of(reader.record(segment));
    }
    return all;
}

/// What reading says, in one line; empty where it says nothing.
std::string complaint(const std::string& file) {
    try {
        content(file);
    } catch (const InputError& error) {
        CHECK(std::string_view(error.what()).find('\n') == std::string_view::npos);
        CHECK(std::string_view(error.what()).find(file) == 0);
        return error.what();
    }
    return {};
}

std::string write_example(const TemporaryFolder& folder) {
    const std::string file = folder.file("a.ckpt");
    CheckpointWriter writer(file, "the question", nullptr);
    append(writer, 0, 0, "first notes", "one record");
    append(writer, 0, 0, "more", std::string(1000, 'x'));
    append(writer, 1, 0, "", "the corners");
    return file;
}

}  // namespace

TEST_CASE("What was appended is read back, segment by segment") {
    const TemporaryFolder folder;
    const std::string file = write_example(folder);
    CHECK(content(file) ==
          "the question 0.0 first notes|one record 0.0 more|" + std::string(1000, 'x') + " 1.0 |the corners");
    CHECK(folder.content() == std::vector<std::string>{"a.ckpt"});
}

TEST_CASE("Of a run that has begun anew only the last round counts") {
    const TemporaryFolder folder;
    const std::string file = folder.file("a.ckpt");
    CheckpointWriter writer(file, "q", nullptr);
    append(writer, 0, 0, "a", "old");
    append(writer, 0, 0, "b", "old");
    append(writer, 0, 1, "c", "new");
    append(writer, 1, 0, "d", "corners");
    append(writer, 1, 4, "e", "other corners");
    CHECK(content(file) == "q 0.1 c|new 1.4 e|other corners");
    append(writer, 0, 1, "f", "back again");
    CHECK(complaint(file).find("out of order") != std::string::npos);
}

TEST_CASE("Every bit counts: a checkpoint that is not what was written is refused") {
    const TemporaryFolder folder;
    const std::string whole = text_of(write_example(folder));
    for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
        std::string changed = whole;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
        INFO("bit " << bit % 8 << " of byte " << bit / 8);
        REQUIRE(!complaint(folder.write("b.ckpt", changed)).empty());
    }
}

TEST_CASE("Cut off anywhere it is refused, or is the checkpoint that was there before") {
    const TemporaryFolder folder;
    const std::string file = folder.file("a.ckpt");
    std::vector<std::pair<std::uintmax_t, std::string>> stages;
    {
        CheckpointWriter writer(file, "q", nullptr);
        for (const char* record : {"one", "two", "three"}) {
            append(writer, 0, 0, "notes", record);
            stages.emplace_back(std::filesystem::file_size(file), content(file));
        }
    }
    const std::string whole = text_of(file);
    for (std::size_t length = 0; length <= whole.size(); ++length) {
        INFO("cut to " << length << " of " << whole.size());
        const std::string cut = folder.write("b.ckpt", whole.substr(0, length));
        const auto stage =
            std::find_if(stages.begin(), stages.end(), [&](const auto& one) { return one.first == length; });
        if (stage == stages.end())
            CHECK(!complaint(cut).empty());
        else
            CHECK(content(cut) == stage->second);
    }
}

TEST_CASE("A segment that was being written when the search was killed is passed over") {
    const TemporaryFolder folder;
    const std::string whole = text_of(write_example(folder));
    const std::string before = content(folder.file("a.ckpt"));
    // The head comes last: until then there are zeros.
    for (const std::size_t written : {1U, 63U, 64U, 65U, 1000U}) {
        std::string torn = whole + std::string(std::min<std::size_t>(written, 64), '\0');
        if (written > 64) torn += std::string(written - 64, 'y');
        CHECK(content(folder.write("b.ckpt", torn)) == before);
    }
    CHECK(complaint(folder.write("b.ckpt", whole + "y")).find("is cut off") != std::string::npos);
}

TEST_CASE("A writer that goes on takes what was there and leaves out what was torn") {
    const TemporaryFolder folder;
    const std::string file = write_example(folder);
    const std::string before = content(file);
    folder.write("a.ckpt", text_of(file) + std::string(100, '\0'));
    for (const std::string& to : {file, folder.file("other.ckpt")}) {
        const CheckpointReader reader(file);
        CheckpointWriter writer(to, "the question", &reader);
        append(writer, 1, 0, "later", "more corners");
        append(writer, 1, 0, "last", "yet more");
        CHECK(content(to) == before + " 1.0 later|more corners 1.0 last|yet more");
        folder.write("a.ckpt", text_of(folder.file("a.ckpt")).substr(0, reader.end()));
    }
    CHECK(folder.content() == std::vector<std::string>{"a.ckpt", "other.ckpt"});
}

TEST_CASE("Before the first segment there is no new file, and the old one stays") {
    const TemporaryFolder folder;
    const std::string file = folder.write("a.ckpt", "something else");
    {
        CheckpointWriter writer(file, "q", nullptr);
        CHECK(text_of(file) == "something else");
        CHECK_THROWS_AS(writer.append(
                            0, 0, [](const auto&) {},
                            [](const auto& sink) {
                                sink(bytes_of("half of it"));
                                throw InputError("the rest is missing");
                            }),
                        InputError);
        CHECK(text_of(file) == "something else");
        append(writer, 0, 0, "n", "r");
        CHECK(content(file) == "q 0.0 n|r");
        CHECK_THROWS_AS(writer.append(
                            0, 0, [](const auto&) {}, [](const auto&) { throw InputError("nothing"); }),
                        InputError);
        CHECK(content(file) == "q 0.0 n|r");
        append(writer, 0, 0, "m", "s");
    }
    CHECK(content(file) == "q 0.0 n|r 0.0 m|s");
    CHECK(folder.content() == std::vector<std::string>{"a.ckpt"});
}

TEST_CASE("A file that somebody has put in its place is left alone") {
    const TemporaryFolder folder;
    const std::string file = folder.file("a.ckpt");
    CheckpointWriter writer(file, "q", nullptr);
    append(writer, 0, 0, "n", "r");
    std::filesystem::remove(file);
    CHECK_THROWS_WITH(append(writer, 0, 0, "n", "r"), Catch::Contains("cannot be written"));
    folder.write("a.ckpt", "mine");
    CHECK_THROWS_WITH(append(writer, 0, 0, "n", "r"), Catch::Contains("another file has taken its place"));
    CHECK(text_of(file) == "mine");
}

TEST_CASE("What is no checkpoint, or one of another format, is called so") {
    const TemporaryFolder folder;
    std::string other = text_of(write_example(folder));
    other[8] = 2;
    CHECK(complaint(folder.write("b", other))
              .find("is a checkpoint of format 2, and this program reads format 1") != std::string::npos);
    CHECK(complaint(folder.write("b", "")).find("is no checkpoint") != std::string::npos);
    CHECK(complaint(folder.write("b", std::string(5000, 'z'))).find("is no checkpoint") != std::string::npos);
    CHECK(complaint(folder.file("nowhere")).find("cannot be read: No such file") != std::string::npos);
    std::filesystem::create_directory(folder.file("folder"));
    CHECK(complaint(folder.file("folder")).find("is not a regular file") != std::string::npos);
}

TEST_CASE("A segment that says it has a record and has none is refused") {
    const TemporaryFolder folder;
    const std::string file = write_example(folder);
    // With digests that fit, as only somebody who means it makes them.
    std::string forged = text_of(file).substr(0, 128);
    checkpoint::SegmentHead head;
    std::string payload(64, 'p');
    head.bytes = payload.size();
    verifier::Digest before{};
    std::memcpy(before.data(), forged.data() + 32, before.size());
    verifier::Sha256 hash;
    hash.add(before);
    hash.add(checkpoint::without_digest(head));
    hash.add(verifier::sha256(bytes_of(payload)));
    head.digest = hash.finish();
    forged += text_of(std::as_bytes(std::span(&head, 1))) + payload;
    CHECK(complaint(folder.write("b", forged)).find("is not compressed as it should be") !=
          std::string::npos);
}
