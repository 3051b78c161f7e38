/// The text form of conditions on a world: tokens, then recursive descent.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>

#include "spec/nat/conntrack_entry.hpp"
#include "spec/tcp/segment.hpp"
#include "spec/tcp/tcb.hpp"
#include "spec/world/scenario.hpp"
#include "spec/world/state_predicate.hpp"

namespace halfopen {

namespace {

using Kind = StatePredicate::Kind;
using Term = StatePredicate::Term;

/// Parentheses and `not` within each other; more are nobody's intention.
constexpr unsigned deepest = 64;
constexpr std::size_t longest = 4096;

constexpr bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

template <class Spec>
std::optional<std::size_t> index_of(const std::vector<Spec>& specs, std::string_view name) {
    for (std::size_t i = 0; i < specs.size(); ++i) {
        if (specs[i].name == name) return i;
    }
    return std::nullopt;
}

class Parser {
   public:
    Parser(std::string_view text, const Scenario& scenario, const Place& place)
        : text_(text), scenario_(scenario), place_(place) {
        if (text.size() > longest) fail(fmt::format("is longer than {} characters", longest));
        advance();
    }

    std::vector<Term> parse() {
        any();
        if (!token_.empty()) fail("expected \"and\", \"or\" or the end");
        return std::move(terms_);
    }

   private:
    [[noreturn]] void fail(const std::string& message) const {
        throw InputError(place_, fmt::format("{}, not {}", message, found()));
    }
    std::string found() const {
        return token_.empty() ? "the end of the condition"
                              : fmt::format("{} (character {})", in_quotes(token_), start_ + 1);
    }

    /// The next token: a word, a word in single quotes, or one of ( ) . , = !=
    void advance() {
        quoted_ = false;
        while (next_ < text_.size() &&
               (text_[next_] == ' ' || text_[next_] == '\t' || text_[next_] == '\n' || text_[next_] == '\r'))
            ++next_;
        start_ = next_;
        if (next_ == text_.size()) {
            token_ = {};
            return;
        }
        if (text_[next_] == '\'') {
            const std::size_t end = text_.find('\'', next_ + 1);
            token_ = text_.substr(next_, end == text_.npos ? text_.npos : end + 1 - next_);
            if (end == text_.npos || end == next_ + 1) fail("expected a name between single quotes");
            next_ = end + 1;
            token_ = token_.substr(1, token_.size() - 2);
            quoted_ = true;
            return;
        }
        std::size_t length = 1;
        if (is_word(text_[next_])) {
            while (next_ + length < text_.size() && is_word(text_[next_ + length])) ++length;
        } else if (text_.substr(next_, 2) == "!=") {
            length = 2;
        }
        token_ = text_.substr(next_, length);
        next_ += length;
    }
    bool is(std::string_view token) const { return !quoted_ && token_ == token; }
    bool accept(std::string_view token) {
        if (!is(token)) return false;
        advance();
        return true;
    }
    void expect(std::string_view token) {
        if (!accept(token)) fail(fmt::format("expected \"{}\"", token));
    }
    std::string_view word(std::string_view what) {
        if (token_.empty() || (!quoted_ && !is_word(token_.front()))) fail(fmt::format("expected {}", what));
        const std::string_view found = token_;
        advance();
        return found;
    }

    std::size_t add(const Term& term) {
        terms_.push_back(term);
        return terms_.size() - 1;
    }
    std::size_t join(Kind kind, std::size_t left, std::size_t right) {
        Term term;
        term.kind = kind;
        term.left = left;
        term.right = right;
        return add(term);
    }

    std::size_t any() {
        std::size_t all = every();
        while (accept("or")) all = join(Kind::Or, all, every());
        return all;
    }
    std::size_t every() {
        std::size_t all = single();
        while (accept("and")) all = join(Kind::And, all, single());
        return all;
    }
    std::size_t single() {
        if (depth_ == deepest) fail(fmt::format("has more than {} levels", deepest));
        ++depth_;
        std::size_t result = 0;
        if (accept("not")) {
            result = join(Kind::Not, single(), 0);
        } else if (accept("(")) {
            result = any();
            expect(")");
        } else {
            result = atom();
        }
        --depth_;
        return result;
    }

    std::size_t atom() {
        if (is("link")) {
            advance();
            return link();
        }
        const std::string_view name = word("a condition such as clientA.state = ESTABLISHED");
        if (const auto client = index_of(scenario_.clients, name)) return of_client(*client);
        if (const auto nat = index_of(scenario_.nats, name)) return of_nat(*nat);
        if (const auto server = index_of(scenario_.servers, name)) return of_server(*server);
        std::vector<std::string_view> known = node_names();
        known.emplace_back("link");
        throw InputError(place_, unknown_name("node", name, known));
    }

    std::string_view member(std::span<const std::string_view> known, std::string_view what) {
        expect(".");
        const std::string_view name = word("what of the node is meant");
        if (std::find(known.begin(), known.end(), name) == known.end())
            throw InputError(place_, unknown_name(what, name, known));
        return name;
    }

    std::size_t of_client(std::size_t client) {
        constexpr std::array<std::string_view, 3> known{"state", "recovered", "reconnecting"};
        Term term;
        term.node = client;
        const std::string_view name = member(known, "property of a client");
        if (name == "recovered") {
            term.kind = Kind::Recovered;
            return add(term);
        }
        if (name == "reconnecting") {
            term.kind = Kind::Reconnecting;
            return add(term);
        }
        term.kind = Kind::ClientState;
        return compare(term, "state", tcp_state_names, false);
    }

    std::size_t of_nat(std::size_t nat) {
        constexpr std::array<std::string_view, 2> known{"entry", "down"};
        Term term;
        term.node = nat;
        if (member(known, "property of a NAT") == "down") {
            term.kind = Kind::NatDown;
            return add(term);
        }
        term.kind = Kind::EntryState;
        whose(term);
        return compare(term, "state of an entry", track_state_names, true);
    }

    std::size_t of_server(std::size_t server) {
        constexpr std::array<std::string_view, 1> known{"state"};
        Term term;
        term.node = server;
        member(known, "property of a server");
        term.kind = Kind::ServerState;
        whose(term);
        return compare(term, "state", tcp_state_names, true);
    }

    std::size_t link() {
        Term term;
        term.kind = Kind::OnLink;
        expect("(");
        term.node = node();
        expect(",");
        term.other = node();
        expect(")");
        if (!neighbours(term.node, term.other) && !neighbours(term.other, term.node))
            throw InputError(place_, "no link joins the two nodes of \"link\"; they have to be neighbours");
        if (!is("=") && !is("!=")) return add(term);
        return compare(term, "kind of segment", segment_class_names, false);
    }

    /// (CLIENT) or (PORT)
    void whose(Term& term) {
        expect("(");
        const bool is_name = quoted_;
        const std::string_view name = word("a client or an outside port");
        if (const auto client = index_of(scenario_.clients, name)) {
            term.client = static_cast<int>(*client);
        } else {
            const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), term.port);
            if (is_name || error != std::errc{} || end != name.data() + name.size() || term.port == 0) {
                std::vector<std::string_view> known;
                for (const ClientSpec& one : scenario_.clients) known.push_back(one.name);
                throw InputError(place_, unknown_name("client or outside port", name, known));
            }
        }
        expect(")");
    }

    std::size_t compare(Term term, std::string_view what, std::span<const std::string_view> names,
                        bool or_none) {
        const bool unequal = is("!=");
        if (!unequal && !is("=")) fail("expected \"=\" or \"!=\"");
        advance();
        const std::string_view name = word(fmt::format("a {}", what));
        std::vector<std::string_view> known(names.begin(), names.end());
        if (or_none) known.insert(known.begin(), "none");
        if (or_none && name == "none")
            term.value = StatePredicate::none;
        else if (const auto here = std::find(names.begin(), names.end(), name); here != names.end())
            term.value = static_cast<int>(here - names.begin());
        else
            throw InputError(place_, unknown_name(what, name, known));
        const std::size_t added = add(term);
        return unequal ? join(Kind::Not, added, 0) : added;
    }

    std::vector<std::string_view> node_names() const {
        std::vector<std::string_view> names;
        for (const auto& client : scenario_.clients) names.push_back(client.name);
        for (const auto& nat : scenario_.nats) names.push_back(nat.name);
        for (const auto& server : scenario_.servers) names.push_back(server.name);
        return names;
    }
    std::size_t node() {
        const std::vector<std::string_view> known = node_names();
        const std::string_view name = word("the name of a node");
        const auto at = std::find(known.begin(), known.end(), name);
        if (at == known.end()) throw InputError(place_, unknown_name("node", name, known));
        return static_cast<std::size_t>(at - known.begin());
    }
    /// Whether a link leads from the first node outwards to the second.
    bool neighbours(std::size_t inner, std::size_t outer) const {
        const std::size_t clients = scenario_.clients.size();
        const std::size_t nats = scenario_.nats.size();
        if (inner < clients)
            return outer >= clients && outer < clients + nats &&
                   scenario_.nats[outer - clients].name == scenario_.clients[inner].behind;
        if (inner >= clients + nats) return false;
        const NatSpec& nat = scenario_.nats[inner - clients];
        if (outer >= clients + nats) return nat.behind.empty();
        return outer >= clients && scenario_.nats[outer - clients].name == nat.behind;
    }

    std::string_view text_;
    const Scenario& scenario_;
    Place place_;
    std::size_t next_ = 0, start_ = 0;
    std::string_view token_;
    bool quoted_ = false;
    unsigned depth_ = 0;
    std::vector<Term> terms_;
};

}  // namespace

StatePredicate StatePredicate::parse(std::string_view text, const Scenario& scenario, const Place& place) {
    StatePredicate predicate;
    predicate.text_ = text;
    predicate.clients_ = scenario.clients.size();
    predicate.terms_ = Parser(text, scenario, place).parse();
    return predicate;
}

}  // namespace halfopen
