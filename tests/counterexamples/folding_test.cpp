#include "counterexamples/folding.hpp"

#include <catch2/catch.hpp>
#include <random>

using namespace halfopen;

namespace {

std::vector<std::string> letters(const std::string& text) {
    std::vector<std::string> all;
    for (const char c : text) all.emplace_back(1, c);
    return all;
}

/// "(ab)3 c": stretches as text.
std::string folded(const std::string& text) {
    const auto all = letters(text);
    std::string result;
    for (const Stretch& s : fold(all)) {
        if (!result.empty()) result += ' ';
        const std::string once = text.substr(s.first, s.length);
        result += s.repeats == 1 ? once : "(" + once + ")" + std::to_string(s.repeats);
    }
    return result;
}

std::string unfolded(const std::string& text) {
    const auto all = letters(text);
    std::string result;
    for (const Stretch& s : fold(all)) {
        for (std::size_t k = 0; k < s.repeats; ++k) result += text.substr(s.first, s.length);
    }
    return result;
}

}  // namespace

TEST_CASE("What repeats is folded, what does not stays") {
    CHECK(folded("") == "");
    CHECK(folded("a") == "a");
    CHECK(folded("abc") == "a b c");
    CHECK(folded("aaa") == "(a)3");
    CHECK(folded("abab") == "(ab)2");
    CHECK(folded("xababaty") == "x (ab)2 a t y");
    CHECK(folded("aab") == "(a)2 b");
}

TEST_CASE("The shortest period is taken where it covers as much") {
    CHECK(folded("aaaa") == "(a)4");
    CHECK(folded("abababab") == "(ab)4");
    CHECK(folded("aabaab") == "(aab)2");
}

TEST_CASE("A period of more than twelve is not looked for") {
    CHECK(folded("abcdefghijklabcdefghijkl") == "(abcdefghijkl)2");
    CHECK(folded("abcdefghijklmabcdefghijklm") == "a b c d e f g h i j k l m a b c d e f g h i j k l m");
}

TEST_CASE("Nothing is lost and nothing added by folding") {
    std::mt19937 random(7);
    for (int i = 0; i < 300; ++i) {
        std::string text;
        for (std::size_t n = random() % 40; n > 0; --n) text += static_cast<char>('a' + random() % 3);
        REQUIRE(unfolded(text) == text);
    }
}
