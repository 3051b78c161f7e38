/// Questions to Z3 that have been answered, whatever their unknowns are called.
///
/// The second attempt of a client asks of its ISS what the first one asked of its own, and what an old
/// connection in CLOSING meets at a NAT is what one in LAST_ACK meets there (caching of canonical forms:
/// Visser, Geldenhuys, Dwyer, "Green: reducing, reusing and recycling constraints in program analysis", FSE
/// 2012).  Forms are compared as they are, not by a hash of them.
#pragma once

#include <z3++.h>

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace halfopen {

/// Several threads, each with a context of its own, may ask.
class AnsweredQuestions {
   public:
    struct Answer {
        bool contradiction = false;
        /// Where there is none: of each unknown, in the order of QuestionForm::unknowns; or empty.
        std::vector<std::uint64_t> values;
    };
    using Key = std::vector<std::uint32_t>;

    /// The same for equal texts.
    std::uint32_t number_of(const std::string& term);
    std::optional<Answer> find(const Key& question) const;
    /// Once there are very many, nothing is added any more.
    void add(const Key& question, const Answer& answer);

   private:
    mutable std::mutex mutex_;
    std::unordered_map<std::string, std::uint32_t> terms_;
    std::map<Key, Answer> answers_;
};

/// Formulas that are to hold together, without the names of their unknowns.
struct QuestionForm {
    AnsweredQuestions::Key key;
    std::vector<z3::expr> unknowns;  ///< in the order in which they are first met
};

/// Makes forms of one context's terms.
class QuestionForms {
   public:
    explicit QuestionForms(AnsweredQuestions& answered) : answered_(answered) {}
    /// Equal keys: the one is the other with other unknowns in the same order.  Nothing where a formula is of
    /// something else than bit-vectors of up to 64 bits, Booleans and Z3's own functions.
    std::optional<QuestionForm> operator()(const std::vector<z3::expr>& formulas);

   private:
    struct TermForm {
        z3::expr term;  ///< kept, so that its number is not used again
        bool known = false;
        std::uint32_t number = 0;
        std::vector<z3::expr> unknowns;
    };
    const TermForm& form_of(const z3::expr& term);

    AnsweredQuestions& answered_;
    std::unordered_map<unsigned, TermForm> forms_;  ///< by the term's number
};

}  // namespace halfopen
