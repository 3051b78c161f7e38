#include "spec/tcp/rare_list.hpp"

#include <catch2/catch.hpp>
#include <string>

using halfopen::RareList;

namespace {

RareList<std::string> list(std::initializer_list<const char*> texts) {
    RareList<std::string> result;
    for (const char* text : texts) result.insert(result.size(), text);
    return result;
}

}  // namespace

TEST_CASE("A list that hardly ever has anything in it keeps what is put into it, in order") {
    RareList<std::string> letters = list({"a", "c"});
    letters.insert(1, "b");
    letters.insert(0, "z");
    CHECK(letters == list({"z", "a", "b", "c"}));
    CHECK(letters.front() == "z");
    CHECK(letters[2] == "b");
    letters.erase(0);
    CHECK(std::string(letters.begin()[0] + letters.begin()[1] + letters.begin()[2]) == "abc");
    CHECK(letters.end() - letters.begin() == 3);
}

TEST_CASE("However a rare list became empty, it is like one that always was") {
    const RareList<std::string> never;
    RareList<std::string> erased = list({"a"}), shrunk = list({"a", "b"}), overwritten = list({"a"});
    erased.erase(0);
    shrunk.resize(0);
    overwritten = never;
    for (const auto& empty : {erased, shrunk, overwritten}) {
        CHECK(empty == never);
        CHECK(empty.empty());
        CHECK(empty.size() == 0);
        CHECK(empty.begin() == empty.end());
    }
    CHECK_FALSE(list({"a"}) == never);
}

TEST_CASE("A copy of a rare list is one of its own") {
    RareList<std::string> first = list({"a"});
    RareList<std::string> second = first;
    second[0] = "b";
    second.resize(2);
    CHECK(first == list({"a"}));
    CHECK(second == list({"b", ""}));
    first = second;
    CHECK(first == second);
    const RareList<std::string>& itself = first;
    first = itself;
    CHECK(first == second);
    const RareList<std::string> moved = std::move(second);
    CHECK(moved == first);
}
