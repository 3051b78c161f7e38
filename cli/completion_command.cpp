/// `halfopen completion SHELL` writes what the shell reads once; that asks the hidden `halfopen complete` at
/// each Tab, so that it always knows this program's own options, scenarios, policies and files.
#include <fmt/format.h>

#include <array>
#include <memory>

#include "cli/application.hpp"
#include "cli/arguments.hpp"
#include "cli/common.hpp"
#include "cli/completion.hpp"
#include "cli/output.hpp"
#include "spec/world/setting.hpp"

namespace halfopen::cli {

namespace {

constexpr std::array<std::string_view, 3> shells{"bash", "zsh", "fish"};

/// `halfopen complete` says on its first line what else may stand there (files, folders, goes-on, or a '-')
/// and on each further one a candidate, a tab, and what it means.
constexpr std::array<std::string_view, 3> scripts{R"script(# Completion of halfopen for bash.
#   halfopen completion bash > ~/.local/share/bash-completion/completions/halfopen

_halfopen() {
    # Bash cuts words at '=' and ':'; they are put together again.
    local words=() i
    for ((i = 1; i <= COMP_CWORD; i++)); do
        if ((${#words[@]})) && [[ ${COMP_WORDS[i]} == [=:]* || ${words[-1]} == *[=:] ]]; then
            words[-1]+=${COMP_WORDS[i]}
        else
            words+=("${COMP_WORDS[i]}")
        fi
    done
    local current=${words[-1]} answer=() also
    mapfile -t answer < <("${COMP_WORDS[0]}" complete -- "${words[@]}" 2>/dev/null)
    also=${answer[0]:-files}
    COMPREPLY=()
    # Bash puts the reply in place of what follows the last '=' or ':' only.
    local prefix=${current%"${current##*[=:]}"} word=${current##*[=:]} candidate
    for candidate in "${answer[@]:1}"; do
        candidate=${candidate%%$'\t'*}
        COMPREPLY+=("${candidate#"$prefix"}")
    done
    case $also in
        files) mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$word") && compopt -o filenames 2>/dev/null ;;
        folders) mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -d -- "$word") && compopt -o filenames 2>/dev/null ;;
        goes-on) compopt -o nospace 2>/dev/null ;;
    esac
    return 0
}
complete -F _halfopen halfopen
)script",
                                                  R"script(#compdef halfopen
# Completion of halfopen for zsh: a file _halfopen in a folder of $fpath.
#   halfopen completion zsh > ~/.zfunc/_halfopen

_halfopen() {
    local -a answer plain described
    local line text also
    answer=("${(@f)$(${words[1]} complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
    also=${answer[1]:-files}
    for line in "${(@)answer[2,-1]}"; do
        [[ -n $line ]] || continue
        text=${line%%$'\t'*}
        plain+=("$text")
        described+=("$text -- ${line#*$'\t'}")
    done
    local -a how
    [[ $also == goes-on ]] && how=(-S '')
    (( ${#plain} )) && compadd "${how[@]}" -l -d described -- "${plain[@]}"
    case $also in
        files) _files ;;
        folders) _files -/ ;;
    esac
}
if [[ ${funcstack[1]} == _halfopen ]]; then _halfopen "$@"; else compdef _halfopen halfopen; fi
)script",
                                                  R"script(# Completion of halfopen for fish.
#   halfopen completion fish > ~/.config/fish/completions/halfopen.fish

function __halfopen_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l answer ($words[1] complete -- $words[2..-1] "$current" 2>/dev/null)
    for candidate in $answer[2..-1]
        echo $candidate
    end
    switch "$answer[1]"
        case files ''
            __fish_complete_path "$current"
        case folders
            __fish_complete_directories "$current"
    end
end
complete -c halfopen -f -a '(__halfopen_complete)'
)script"};

std::string answer_text(const Completion& found) {
    std::string text = found.files     ? "files\n"
                       : found.folders ? "folders\n"
                       : found.goes_on ? "goes-on\n"
                                       : "-\n";
    for (const Candidate& candidate : found.candidates)
        text += fmt::format("{}\t{}\n", candidate.text, one_line(candidate.meaning));
    return text;
}

}  // namespace

void add_completion(CLI::App& app, Run& chosen) {
    auto shell = std::make_shared<std::string>();
    CLI::App* command = app.add_subcommand("completion", "write the completion of commands for a shell");
    add_choice(*command, "shell", *shell, shells, "whose completion")->required();
    command->footer(
        "Exit status: 0 written, 2 wrong input.\n"
        "Example: halfopen completion bash > halfopen.bash; . ./halfopen.bash");
    command->callback([shell, &chosen] {
        chosen = [shell] {
            Output("-").write(scripts[parse_choice(*shell, shells, Place{"shell", 0, 0})]);
            return holds;
        };
    });
}

/// A mistake in what has been typed so far is no reason to say anything: there is nothing to offer then.
int answer_completion(const CLI::App& app, std::vector<std::string> words) {
    if (!words.empty() && words.front() == "--") words.erase(words.begin());
    std::string current;
    if (!words.empty()) {
        current = words.back();
        words.pop_back();
    }
    Completion found;
    try {
        found = complete(app, words, current);
    } catch (const InputError&) {
        found = {};
    }
    Output("-").write(answer_text(found));
    return holds;
}

}  // namespace halfopen::cli
