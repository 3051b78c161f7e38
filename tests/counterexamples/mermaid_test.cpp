// Mermaid draws sequence charts from text.
#include "counterexamples/mermaid.hpp"

#include <catch2/catch.hpp>
#include <regex>
#include <sstream>

#include "tests/counterexamples/shown.hpp"

using namespace halfopen;
using namespace halfopen::test;
using Catch::Contains;

TEST_CASE("Mermaid has a lane for each actor, an arrow for each packet, and a cross at those that are lost") {
    const std::string diagram = mermaid(hanging_client().story());
    CHECK_THAT(diagram, Catch::StartsWith("sequenceDiagram\n"));
    CHECK_THAT(diagram, Contains("participant n0 as clientA<br/>linux-2.6.24\n"));
    CHECK_THAT(diagram, Contains("n0->>n1: SYN "));
    CHECK_THAT(diagram, Contains("n2->>n1: ACK 1700000000 ack 1000000000\n"));
    CHECK_THAT(diagram, Contains("n1--xn2: RST 1000000000, leaks untranslated\n"));
}

TEST_CASE("Mermaid frames the loop of a lasso, and folds what repeats before it") {
    const std::string diagram = mermaid(hanging_client().story());
    const auto loop = diagram.find("    loop for ever\n");
    REQUIRE(loop != std::string::npos);
    CHECK(diagram.find("the same again at") < loop);
    CHECK(diagram.find("SYN ", loop) != std::string::npos);
    CHECK_THAT(diagram, Catch::EndsWith("    end\n"));
    CHECK_THAT(mermaid(recovering_client().story()), !Contains("loop"));
}

TEST_CASE("Every line of a Mermaid diagram is of its grammar, whatever the names") {
    auto result = hanging_client().result();
    result["nodes"][0]["policy"] = "end; #%{}<script>\n\"&";
    result["trace"][0]["text"] = "a\nb; loop #35;";
    const std::regex line(
        R"(sequenceDiagram|    (participant n\d+ as .+|n\d+(->>|--x)n\d+: .+|Note over n\d+(,n\d+)?: .+|loop .+|end))");
    std::istringstream in(mermaid(read_story(result, "r.json")));
    for (std::string text; std::getline(in, text);) {
        INFO(text);
        CHECK(std::regex_match(text, line));
        std::string rest = std::regex_replace(text, std::regex("#\\d+;|<br/>"), "");
        CHECK(rest.find_first_of("#;<\"&%{}") == std::string::npos);
    }
}
