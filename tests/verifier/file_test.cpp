// A file is a certificate, whole and as it was written, or it is refused before anything in it is believed.
#include <catch2/catch.hpp>
#include <random>

#include "spec/policy/input_error.hpp"
#include "tests/verifier/forgery.hpp"

using namespace halfopen;
using namespace halfopen::test;
using Catch::Contains;

namespace {

const Certified& bounded() {
    static const Certified made(shipped("time-wait-mismatch"));
    return made;
}
const Certified& permanent() {
    static const Certified made(shipped("istio-sidecar"));
    return made;
}
const Certified& storm() {
    static const Certified made(
        shipped("ack-war", {{"left.data_retransmit", "200ms"}, {"network.loss", "1"}}));
    return made;
}

/// What is wrong with the file itself; empty where it is a certificate.
std::string refusal(const Bytes& file) {
    try {
        const Certificate certificate(file, "test.cert");
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("A file that is cut off anywhere is refused") {
    const Bytes& file = bounded().file;
    for (std::size_t size = 0; size < file.size(); size += 1 + size / 64) {
        const Bytes cut(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
        INFO(size);
        CHECK(refusal(cut) != "");
        CHECK(refusal(resealed(cut)) != "");
    }
}

TEST_CASE("A file that goes on is refused") {
    Bytes longer = bounded().file;
    longer.push_back(std::byte{0});
    CHECK_THAT(refusal(longer), Contains("bytes where it says that it has"));
}

TEST_CASE("Other files and other versions are refused by name") {
    CHECK_THAT(refusal({}), Contains("test.cert: is no certificate"));
    CHECK_THAT(refusal(Bytes(1000, std::byte{'x'})), Contains("is no certificate"));
    Bytes later = bounded().file;
    later[8] = std::byte{2};
    CHECK_THAT(refusal(resealed(later)), Contains("format 2") && Contains("format 1"));
}

TEST_CASE("Every single bit that flips is noticed by the digest") {
    std::mt19937 random(1);
    for (int i = 0; i < 400; ++i) {
        Bytes file = bounded().file;
        const std::size_t at = random() % file.size();
        file[at] ^= static_cast<std::byte>(1U << (random() % 8));
        INFO(at);
        CHECK(refusal(file) != "");
    }
}

// The digest is no secret: these have one that fits.
TEST_CASE("No byte can be changed so that anything false is believed") {
    std::mt19937 random(2);
    for (const Certified* certified : {&bounded(), &permanent(), &storm()}) {
        const Forgery genuine(certified->file);
        const std::size_t size = certified->file.size();
        std::size_t believed = 0;
        for (int i = 0; i < 1500; ++i) {
            Bytes file = certified->file;
            const std::size_t at = random() % size;
            file[at] ^= static_cast<std::byte>(1 + random() % 255);
            const Bytes forged = resealed(std::move(file));
            INFO("byte " << at << " of " << size);
            if (refusal(forged) != "" || lie_in(forged, certified->model) != "") continue;
            // What names the question is compared with the question's files by the caller; a comparison more
            // or less is no lie as long as the cells are fine enough.
            ++believed;
            Forgery changed(forged);
            changed.claim.question = genuine.claim.question;
            changed.claim.files = genuine.claim.files;
            changed.comparisons = genuine.comparisons;
            CHECK(changed.sealed() == certified->file);
        }
        CHECK(believed < 1500 / 2);
    }
}

TEST_CASE("Bytes cut out or put in do not harm, nor convince") {
    std::mt19937 random(3);
    for (int i = 0; i < 300; ++i) {
        Bytes file = storm().file;
        const auto at = static_cast<std::ptrdiff_t>(random() % (file.size() - 64));
        const auto length = static_cast<std::ptrdiff_t>(1 + random() % 32);
        if (i % 2 == 0)
            file.erase(file.begin() + at, file.begin() + at + length);
        else
            file.insert(file.begin() + at, static_cast<std::size_t>(length), std::byte(random() % 256));
        const Bytes forged = resealed(std::move(file));
        INFO(at << " " << length);
        CHECK((refusal(forged) != "" || lie_in(forged, storm().model) != ""));
    }
}

TEST_CASE("A claim is written in one way only") {
    const Claim claim = Certificate(bounded().file, "test.cert").claim();
    const std::string text = verifier::to_text(claim);
    CHECK(verifier::claim_from_text(text) == claim);
    for (const std::string& other : {text + " ", " " + text, std::string("{}"), std::string(),
                                     "{\"scenario\":\"\"," + text.substr(1), text.substr(0, text.size() - 1)})
        CHECK_FALSE(verifier::claim_from_text(other));
}

TEST_CASE("SHA-256 is that of FIPS 180-4") {
    CHECK(verifier::sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
