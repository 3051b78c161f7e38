#include "cli/manual_page.hpp"

#include <fmt/format.h>

#include <sstream>

#include "cli/application.hpp"

namespace halfopen::cli {

namespace {

/// Text as roff sets it letter by letter: '-' is what one types, and no line begins a request.
std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '\\')
            result += "\\e";
        else if (c == '-')
            result += "\\-";
        else if (c == '^')
            result += "\\(ha";
        else if (c == '~')
            result += "\\(ti";
        else if (c == '`')
            result += "\\(ga";
        else if (c == '\'')
            result += "\\(aq";
        else
            result += c;
    }
    if (!result.empty() && result.front() == '.') result.insert(0, "\\&");
    return result;
}

/// The argument of a macro, which blanks would end.
std::string argument_text(std::string_view text) {
    std::string quoted = escaped(text);
    for (std::size_t at = 0; (at = quoted.find('"', at)) != std::string::npos; at += 4)
        quoted.replace(at, 1, "\\(dq");
    return "\"" + quoted + "\"";
}

/// Long lists of words may break after '|'.
std::string value_text(const CLI::Option& option) {
    std::string text = "\\fI" + escaped(option.get_type_name()) + "\\fR";
    for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 3)
        text.insert(at + 1, "\\:");
    return text;
}

std::string first_upper(std::string text) {
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text;
}

std::string sentence(const std::string& text) {
    const std::string whole = first_upper(text);
    return escaped(whole) + (whole.empty() || whole.back() == '.' ? "" : ".") + "\n";
}

/// "check [OPTIONS] scenario", in roff.
std::string synopsis(const CLI::App& command) {
    std::string line = ".B halfopen " + escaped(command.get_name()) + "\n";
    for (const CLI::Option* option : options_of(command))
        if (option->get_required())
            line += fmt::format("\\fB{}\\fR {}\n", escaped("--" + option->get_lnames().front()),
                                value_text(*option));
    line += "[\\fIOPTION\\fR ...]\n";
    for (const CLI::Option* option : positionals_of(command)) {
        const std::string name = fmt::format("\\fI{}\\fR{}", escaped(option->get_name(true, false)),
                                             takes_many(*option) ? " ..." : "");
        line += option->get_required() ? name + "\n" : "[" + name + "]\n";
    }
    return line;
}

std::string entry(const CLI::Option& option) {
    std::string names;
    for (const std::string& name : option.get_snames()) names += "\\fB" + escaped("-" + name) + "\\fR, ";
    for (const std::string& name : option.get_lnames()) names += "\\fB" + escaped("--" + name) + "\\fR, ";
    if (names.empty())
        names = "\\fI" + escaped(option.get_name(true, false)) + "\\fR: ";
    else if (!names.empty())
        names.resize(names.size() - 2);
    if (takes_value(option)) names += (names.ends_with(": ") ? "" : " ") + value_text(option);
    return ".TP\n" + names + "\n" + sentence(option.get_description());
}

constexpr std::string_view paragraph = ".PP\n";

/// The lines below the options in --help, each a paragraph.
std::string closing(const CLI::App& app) {
    constexpr std::string_view example = "Example: ";
    std::string text;
    std::istringstream lines(app.get_footer());
    for (std::string line; std::getline(lines, line);) {
        if (line.rfind(example, 0) == 0)
            text += ".PP\nExample:\n.RS 4\n.nf\n" + escaped(line.substr(example.size())) + "\n.fi\n.RE\n";
        else
            text += ".PP\n" + escaped(line) + "\n";
    }
    return text;
}

std::string section(const CLI::App& command) {
    std::string text = fmt::format(".SS {}\n{}.PP\n{}", argument_text("halfopen " + command.get_name()),
                                   synopsis(command), sentence(command.get_description()));
    for (const CLI::Option* option : positionals_of(command)) text += entry(*option);
    for (const CLI::Option* option : options_of(command))
        if (option != command.get_help_ptr()) text += entry(*option);
    return text + closing(command);
}

constexpr std::string_view surroundings = R"roff(.SH ENVIRONMENT
.TP
.B HALFOPEN_SPEC
The folder that holds
.I policies/
and
.IR scenarios/ ,
in place of those that Halfopen came with.
.TP
.B NO_COLOR
Where it is set to anything, output has no colours unless
.B \-\-color always
asks for them.
.TP
.BR XDG_CACHE_HOME ", " HOME
Where
.B halfopen gate
keeps its results.
.TP
.B TERM
.B dumb
has no colours.
.SH FILES
Policies and scenarios are TOML files;
.B halfopen new scenario
writes a scenario to begin with.
Results go to standard output or, whole or not at all, to the file named by
.BR \-\-output ;
everything else goes to standard error.
.SH SEE ALSO
.BR tcpdump (8),
.BR conntrack (8),
.BR nft (8)
)roff";

}  // namespace

std::string manual_page(const CLI::App& app) {
    std::string text = fmt::format(
        ".TH HALFOPEN 1 " HALFOPEN_DATE
        " {} \"User Commands\"\n"
        ".\\\" Written by `halfopen man`.\n"
        ".SH NAME\nhalfopen \\- a model checker for TCP connections that meet a NAT\n"
        ".SH SYNOPSIS\n.B halfopen\n.br\n.B halfopen\n\\fICOMMAND\\fR\n[\\fIOPTION\\fR "
        "...]\n[\\fIARGUMENT\\fR ...]\n"
        ".SH DESCRIPTION\n"
        "Halfopen explores every run of clients, NATs and servers after a fault, and says whether a client "
        "can\n"
        "be left without its connection, for how long at worst, and what would help.\n"
        "Without a command it tells the founding story: NFS clients behind a NAT that reboots.\n"
        ".SH OPTIONS\n",
        argument_text("halfopen " HALFOPEN_VERSION));
    for (const CLI::Option* option : options_of(app)) text += entry(*option);
    text += ".SH COMMANDS\nEach has\n.B \\-\\-help\nas well.\n";
    for (const CLI::App* command : commands_of(app)) text += section(*command);
    return text + ".SH EXIT STATUS\n" + closing(app).substr(paragraph.size()) + std::string(surroundings);
}

}  // namespace halfopen::cli
