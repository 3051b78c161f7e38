#include "spec/policy/toml_guard.hpp"

#include <fmt/format.h>

#include "spec/policy/input_error.hpp"

namespace halfopen {

namespace {

/// Walks over the text as TOML's lexer does, as far as needed to tell what stands inside strings and comments
/// from what stands outside.  Where the text is not TOML it may go astray; the parser then stops at that
/// place too, so nothing behind it matters.
class GuardingWalk {
   public:
    GuardingWalk(std::string_view text, const std::string& file) : text_(text), file_(file) {}

    void run() {
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '"' || c == '\'') {
                if (!may_begin_string()) fail("a quote cannot stand here");
                skip_string(c);
            } else if (c == '#') {
                skip_comment();
            } else {
                if (!is_ascii(c)) fail("a character outside ASCII must stand in quotes");
                outside_string(c);
                step();
            }
            line_is_blank_ = c == '\n' || (line_is_blank_ && is_blank(c));
            last_ = c;
        }
    }

   private:
    static bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }
    static bool is_blank(char c) { return c == ' ' || c == '\t'; }

    /// At the first bracket of a header: the key, or the bracket that toml++ refuses itself, must follow.
    void check_header() const {
        GuardingWalk ahead = *this;
        ahead.step();
        if (ahead.peek() == '[') ahead.step();
        while (is_blank(ahead.peek())) ahead.step();
        const char c = ahead.peek();
        const bool begins_key = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                                c == '-' || c == '_' || c == '"' || c == '\'';
        if (ahead.at_ < text_.size() && !begins_key) ahead.fail("a table's name must stand here");
    }

    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

    /// toml++ looks ahead over an unquoted value up to a blank, a comma or a closing bracket.  What would
    /// open something inside it has to stop the walk, or the two would disagree on where strings are.
    bool may_begin() const {
        return last_ == '\n' || last_ == '=' || last_ == '[' || last_ == '{' || last_ == ',' ||
               is_blank(last_);
    }
    bool may_begin_string() const { return may_begin() || (last_ == '.' && !in_value_); }

    void outside_string(char c) {
        const auto is_digit = [](char each) { return each >= '0' && each <= '9'; };
        if (in_value_ && (c == ':' || (c == '-' && is_digit(last_))))
            fail("a date or time is no value here; is it to be quoted?");
        const bool header = c == '[' && line_is_blank_ && open_.empty();
        if (header) check_header();
        if (c == '[' || c == '{') {
            if (!may_begin()) fail("a bracket cannot open here");
            if (open_.size() == deepest_brackets)
                fail(fmt::format("nested deeper than {} brackets", deepest_brackets));
            open_ += c;
            in_header_ = header || (in_header_ && last_ == '[');
            in_value_ = c == '[' && !in_header_;
        } else if (c == ']' || c == '}') {
            const char opening = c == ']' ? '[' : '{';
            if (open_.empty() || open_.back() != opening) fail(fmt::format("\"{}\" closes nothing here", c));
            open_.pop_back();
            in_value_ = true;
        } else if (c == '=') {
            if (in_value_) fail("\"=\" cannot stand in a value; is it to be quoted?");
            in_value_ = true;
        } else if (c == ',') {
            in_value_ = !open_.empty() && open_.back() == '[';
        } else if (c == '\n' && open_.empty()) {
            in_value_ = false;
            in_header_ = false;
        }
        count_dots(c);
    }

    void count_dots(char c) {
        if (c == '.') {
            if (++dots_ == longest_dotted_key)
                fail(fmt::format("a dotted key of more than {} parts", longest_dotted_key));
        } else if (c == '\n' || c == ',' || c == '=' || c == '[' || c == '{') {
            dots_ = 0;
        }
    }

    void skip_string(char quote) {
        const std::string three(3, quote);
        const bool multi_line = text_.substr(at_, 3) == three;
        for (int i = 0; i < (multi_line ? 3 : 1); ++i) step();
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '\\' && quote == '"') {
                skip_escape(multi_line);
            } else if (multi_line && text_.substr(at_, 3) == three) {
                for (int i = 0; i < 3; ++i) step();
                // Up to two quotes may stand directly before the closing three.
                for (int i = 0; i < 2 && at_ < text_.size() && text_[at_] == quote; ++i) step();
                return;
            } else if (!multi_line && (c == quote || c == '\n')) {
                if (c == quote) step();
                return;
            } else {
                step();
            }
        }
    }

    void skip_escape(bool multi_line) {
        step();
        const bool ends_line = is_blank(peek()) || peek() == '\n' || peek() == '\r';
        if (multi_line && ends_line) {
            while (is_blank(peek()) || peek() == '\n' || peek() == '\r') step();
            if (!is_ascii(peek())) fail("behind a line that ends with \"\\\" the next must begin with ASCII");
            return;
        }
        if (!is_ascii(peek())) fail("no such escape; a backslash is written \"\\\\\"");
        if (at_ < text_.size()) step();
    }

    void skip_comment() {
        while (at_ < text_.size() && text_[at_] != '\n') step();
    }

    void step() {
        const auto byte = static_cast<unsigned char>(text_[at_++]);
        if (byte == '\n') {
            ++line_;
            column_ = 1;
        } else if ((byte & 0xc0U) != 0x80U) {
            ++column_;
        }
    }

    [[noreturn]] void fail(const std::string& message) const {
        throw InputError(Place{file_, line_, column_}, message);
    }

    std::string_view text_;
    const std::string& file_;
    std::size_t at_ = 0;
    std::uint32_t line_ = 1;
    std::uint32_t column_ = 1;
    bool line_is_blank_ = true;  ///< nothing on it so far
    bool in_header_ = false;     ///< of a table: what stands in brackets is a key
    bool in_value_ = false;      ///< not in a key
    char last_ = '\n';           ///< the character before this one, a string's quote or a comment's "#"
    std::string open_;           ///< the brackets around this place, outermost first
    unsigned dots_ = 0;
};

}  // namespace

void guard_parser(std::string_view text, const std::string& file) { GuardingWalk(text, file).run(); }

}  // namespace halfopen
