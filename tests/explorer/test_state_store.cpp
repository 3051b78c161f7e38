#include <algorithm>
#include <catch2/catch.hpp>
#include <iterator>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "explorer/state_store.hpp"

namespace {

using halfopen::explorer::StateStore;

std::span<const std::byte> bytes_of(const std::string& text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

std::string text_of(std::span<const std::byte> bytes) {
    std::string text;
    std::ranges::transform(bytes, std::back_inserter(text), [](std::byte b) { return static_cast<char>(b); });
    return text;
}

TEST_CASE("an empty store finds nothing and takes no memory for strings", "[explorer][state_store]") {
    const StateStore store;
    CHECK(store.size() == 0);
    CHECK_FALSE(store.find(bytes_of("a")));
    CHECK(store.memory_bytes() == 0);
}

TEST_CASE("strings are numbered in order of insertion and found again", "[explorer][state_store]") {
    StateStore store;
    CHECK(store.insert(bytes_of("one")) == std::pair{0U, true});
    CHECK(store.insert(bytes_of("")) == std::pair{1U, true});
    CHECK(store.insert(bytes_of("one")) == std::pair{0U, false});
    CHECK(store.insert(bytes_of("")) == std::pair{1U, false});
    CHECK(store.size() == 2);
    CHECK(store.find(bytes_of("one")) == 0U);
    CHECK_FALSE(store.find(bytes_of("two")));
    CHECK(text_of(store[0]) == "one");
    CHECK(store[1].empty());
}

TEST_CASE("strings that differ only in trailing zero bytes are kept apart", "[explorer][state_store]") {
    StateStore store;
    for (std::size_t length = 0; length < 40; ++length) {
        CHECK(store.insert(bytes_of(std::string(length, '\0'))).second);
    }
    CHECK(store.size() == 40);
}

TEST_CASE("long strings survive next to short ones", "[explorer][state_store]") {
    StateStore store;
    const std::string long_text(10'000'000, 'x');
    store.insert(bytes_of("short"));
    store.insert(bytes_of(long_text));
    store.insert(bytes_of("after"));
    for (const std::size_t length : {127U, 128U, 16383U, 16384U}) {
        store.insert(bytes_of(std::string(length, 'y')));
    }
    CHECK(text_of(store[0]) == "short");
    CHECK(text_of(store[1]) == long_text);
    CHECK(text_of(store[2]) == "after");
    CHECK(store[3].size() == 127);
    CHECK(store[4].size() == 128);
    CHECK(store[5].size() == 16383);
    CHECK(store[6].size() == 16384);
    CHECK(store.memory_bytes() > long_text.size());
}

TEST_CASE("a span stays valid while the store grows", "[explorer][state_store]") {
    StateStore store;
    store.insert(bytes_of("first"));
    const auto first = store[0];
    for (int i = 0; i < 100'000; ++i) {
        store.insert(bytes_of(std::to_string(i)));
    }
    CHECK(text_of(first) == "first");
    CHECK(first.data() == store[0].data());
}

TEST_CASE("a copy of a store can be added to without harm to either", "[explorer][state_store]") {
    StateStore store;
    store.insert(bytes_of("a"));
    StateStore copy = store;
    CHECK(copy.insert(bytes_of("b")) == std::pair{1U, true});
    CHECK(copy.insert(bytes_of("a")) == std::pair{0U, false});
    CHECK(store.size() == 1);
    CHECK_FALSE(store.find(bytes_of("b")));
}

TEST_CASE("a store agrees with a std::map on 200,000 random strings", "[explorer][state_store]") {
    std::mt19937 random(20240601);
    StateStore store;
    std::map<std::string, std::uint32_t> model;
    bool agrees = true;
    for (int i = 0; i < 200'000; ++i) {
        std::string text(random() % 20, '\0');
        std::ranges::generate(text, [&] { return static_cast<char>(random() % 3); });
        const auto [at, is_new] = model.emplace(text, static_cast<std::uint32_t>(model.size()));
        agrees = agrees && store.insert(bytes_of(text)) == std::pair{at->second, is_new};
    }
    CHECK(agrees);
    REQUIRE(store.size() == model.size());
    CHECK(std::ranges::all_of(model, [&](const auto& entry) {
        return text_of(store[entry.second]) == entry.first &&
               store.find(bytes_of(entry.first)) == entry.second;
    }));
}

TEST_CASE("strings that are added together, shard by shard, are numbered in their order",
          "[explorer][state_store]") {
    std::mt19937 random(5);
    StateStore together;
    StateStore one_by_one;
    for (int batch = 0; batch < 200; ++batch) {
        // None is in the store yet; some come more than once.
        std::vector<std::string> texts;
        for (int i = 0; i < 1'000; ++i) {
            std::string text = std::to_string(random() % 200'000);
            if (!together.find(bytes_of(text))) texts.push_back(std::move(text));
        }
        const std::uint32_t first = together.size();
        together.make_room_for_ids(first + texts.size());
        std::vector<std::uint32_t> names(texts.size());
        std::vector<std::uint32_t*> slots(texts.size());
        const auto text_named = [&](std::uint32_t name) { return bytes_of(texts[name - first]); };
        std::vector<std::uint32_t> in_part(StateStore::parts);
        for (const std::string& text : texts)
            ++in_part[StateStore::part_of(StateStore::hash_of(bytes_of(text)))];
        for (unsigned part = 0; part < StateStore::parts; ++part) together.make_room(part, in_part[part]);
        for (unsigned shard = StateStore::shards; shard-- > 0;) {  // in whatever order
            for (std::uint32_t i = 0; i < texts.size(); ++i) {
                const std::uint64_t hash = StateStore::hash_of(bytes_of(texts[i]));
                if (StateStore::shard_of(hash) != shard) continue;
                const StateStore::Place place = together.place_of(bytes_of(texts[i]), hash, text_named);
                names[i] = place.id.value_or(first + i);
                if (place.id) continue;
                slots[i] = place.slot;
                together.take(place, hash, names[i]);
            }
        }
        for (std::uint32_t i = 0; i < texts.size(); ++i) {
            REQUIRE(texts[names[i] - first] == texts[i]);
            CHECK(one_by_one.insert(bytes_of(texts[i])).second == (slots[i] != nullptr));
            if (slots[i] == nullptr) continue;
            together.settle(slots[i], together.size());
            together.append(bytes_of(texts[i]));
        }
    }
    REQUIRE(together.size() == one_by_one.size());
    bool same = true;
    for (std::uint32_t id = 0; id < together.size(); ++id)
        same =
            same && text_of(together[id]) == text_of(one_by_one[id]) && together.find(one_by_one[id]) == id;
    CHECK(same);
}

TEST_CASE("ids of more than 24 bits leave less of the hash, and nothing is lost",
          "[explorer][state_store][.slow]") {
    StateStore store;
    const std::uint32_t many = (1U << 24U) + 100'000;
    std::uint32_t wrong = 0;
    for (std::uint32_t n = 0; n < many; ++n) {
        const std::uint32_t text = n * 2654435761U;
        wrong += store.insert(std::as_bytes(std::span(&text, 1))) == std::pair{n, true} ? 0U : 1U;
    }
    for (std::uint32_t n = 0; n < many; ++n) {
        const std::uint32_t text = n * 2654435761U;
        wrong += store.find(std::as_bytes(std::span(&text, 1))) == n ? 0U : 1U;
    }
    CHECK(wrong == 0);
}

}  // namespace
