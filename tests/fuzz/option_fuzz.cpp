// Any text whatever, as what stands on a command line or in quotes in a file, is either taken or an
// InputError of one line: a value of --set, of --with, a parameter of a policy, a duration, a condition of a
// [[property]].  What a duration is is the same one when it is written out.  Target `fuzz` of
// tests/CMakeLists.txt.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "policy_report/member_settings.hpp"
#include "spec/nat/usual_entry.hpp"
#include "spec/policy/duration.hpp"
#include "spec/policy/policy_library.hpp"
#include "spec/tcp/usual_tcb.hpp"
#include "spec/world/model.hpp"
#include "spec/world/state_predicate.hpp"

namespace {

using namespace halfopen;

const Place place{"option", 0, 0};

template <class Use>
void use_or_explain(Use use) {
    try {
        use();
    } catch (const InputError& error) {
        if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
    }
}

const PolicyLibrary& library() {
    static const PolicyLibrary shipped(HALFOPEN_SOURCE_DIR "/spec/policies");
    return shipped;
}

Scenario founding() {
    static const Scenario scenario = read_scenario(HALFOPEN_SOURCE_DIR "/spec/scenarios/founding.toml");
    return scenario;
}

/// "KEY=VALUE", as --set has it.  Whether the whole can be run then is the model's to say.
void as_setting(std::string_view text) {
    const auto at = text.find('=');
    if (at == std::string_view::npos) return;
    Scenario scenario = founding();
    apply_setting(scenario, text.substr(0, at), text.substr(at + 1), place);
    const bool names_a_file = text.find(".policy") != text.npos || text.find("host_policy") != text.npos;
    if (!names_a_file) Model(scenario, library());
}

void as_parameter(std::string_view text) {
    const auto at = text.find('=');
    if (at == std::string_view::npos) return;
    static const Policy endpoint = library().load(PolicyKind::Endpoint, "linux-6.18");
    static const Policy nat = library().load(PolicyKind::Nat, "linux-6.18");
    for (const Policy* shipped : {&endpoint, &nat})
        use_or_explain([&] {
            Policy policy = *shipped;
            policy.set(text.substr(0, at), text.substr(at + 1), place);
        });
}

void as_members(std::string_view text) {
    const MemberSettings settings = read_member_settings(text);
    use_or_explain([&] {
        ConcreteTcb tcb = usual_tcb(TcpState::Established, usual_rcv_nxt, usual_snd_nxt);
        set_members(settings, tcb);
    });
    use_or_explain([&] {
        static const Nat nat(library().load(PolicyKind::Nat, "linux-6.18"));
        auto entry = usual_entry(nat.settings(), TrackState::Established);
        set_members(settings, entry);
    });
}

void as_duration(std::string_view text) {
    const auto read = milliseconds_from_text(text);
    if (!read || *read < 0) return;
    if (milliseconds_from_text(text_from_milliseconds(*read)) != read) std::abort();
}

}  // namespace

/// The first byte says what the rest is.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % 5) {
        case 0:
            use_or_explain([&] { as_setting(text); });
            break;
        case 1:
            as_parameter(text);
            break;
        case 2:
            use_or_explain([&] { as_members(text); });
            break;
        case 3:
            use_or_explain([&] { StatePredicate::parse(text, founding(), place); });
            break;
        default:
            as_duration(text);
    }
    return 0;
}
