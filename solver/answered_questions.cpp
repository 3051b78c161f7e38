#include "solver/answered_questions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "solver/unknown_term.hpp"

namespace halfopen {
namespace {

constexpr std::size_t most_answers = 2'000'000;  // some 200 bytes each

/// A term as text, each of its parts once.  Unknowns are numbered in the order in which they stand in it.
class Writer {
   public:
    /// False where there is something in it that the text would not tell.
    bool write(const z3::expr& term) {
        const unsigned id = term.id();
        if (parts_.contains(id)) return true;
        if (!term.is_app()) return false;
        const bool bits = term.is_bv() && term.get_sort().bv_size() <= 64;
        if (!bits && !term.is_bool()) return false;
        if (term.is_numeral()) {
            fmt::format_to(out(), "{}:{};", term.get_numeral_uint64(), term.get_sort().bv_size());
        } else if (is_unknown(term)) {
            fmt::format_to(out(), "?{}:{};", unknowns.size(), bits ? term.get_sort().bv_size() : 0);
            unknowns.push_back(term);
        } else if (!write_function(term)) {
            return false;
        }
        parts_.emplace(id, parts_.size());
        return true;
    }

    std::string text;
    std::vector<z3::expr> unknowns;

   private:
    std::back_insert_iterator<std::string> out() { return std::back_inserter(text); }

    bool write_function(const z3::expr& term) {
        const z3::func_decl function = term.decl();
        if (function.decl_kind() == Z3_OP_UNINTERPRETED) return false;
        for (unsigned i = 0; i < term.num_args(); ++i)
            if (!write(term.arg(i))) return false;
        fmt::format_to(out(), "f{}", static_cast<int>(function.decl_kind()));
        Z3_context context = term.ctx();
        for (unsigned i = 0; i < Z3_get_decl_num_parameters(context, function); ++i) {
            if (Z3_get_decl_parameter_kind(context, function, i) != Z3_PARAMETER_INT) return false;
            fmt::format_to(out(), ",{}", Z3_get_decl_int_parameter(context, function, i));
        }
        for (unsigned i = 0; i < term.num_args(); ++i)
            fmt::format_to(out(), " {}", parts_.at(term.arg(i).id()));
        text += ';';
        return true;
    }

    std::unordered_map<unsigned, std::size_t> parts_;  ///< in the order in which they are in the text
};

}  // namespace

std::uint32_t AnsweredQuestions::number_of(const std::string& term) {
    const std::lock_guard lock(mutex_);
    return terms_.emplace(term, static_cast<std::uint32_t>(terms_.size())).first->second;
}

std::optional<AnsweredQuestions::Answer> AnsweredQuestions::find(const Key& question) const {
    const std::lock_guard lock(mutex_);
    const auto found = answers_.find(question);
    return found == answers_.end() ? std::nullopt : std::optional(found->second);
}

void AnsweredQuestions::add(const Key& question, const Answer& answer) {
    const std::lock_guard lock(mutex_);
    if (answers_.size() < most_answers) answers_.emplace(question, answer);
}

const QuestionForms::TermForm& QuestionForms::form_of(const z3::expr& term) {
    const unsigned id = term.id();
    if (const auto known = forms_.find(id); known != forms_.end()) return known->second;
    TermForm form{term, false, 0, {}};
    Writer writer;
    if (writer.write(term)) {
        form.known = true;
        form.number = answered_.number_of(writer.text);
        form.unknowns = std::move(writer.unknowns);
    }
    return forms_.emplace(id, std::move(form)).first->second;
}

std::optional<QuestionForm> QuestionForms::operator()(const std::vector<z3::expr>& formulas) {
    QuestionForm question;
    for (const z3::expr& formula : formulas) {
        const TermForm& form = form_of(formula);
        if (!form.known) return std::nullopt;
        question.key.push_back(form.number);
        for (const z3::expr& unknown : form.unknowns) {
            const auto met = std::find_if(question.unknowns.begin(), question.unknowns.end(),
                                          [&](const z3::expr& other) { return z3::eq(unknown, other); });
            question.key.push_back(static_cast<std::uint32_t>(met - question.unknowns.begin()));
            if (met == question.unknowns.end()) question.unknowns.push_back(unknown);
        }
    }
    return question;
}

}  // namespace halfopen
