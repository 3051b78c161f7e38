// Any text whatever is either a scenario that can be run or an InputError of one line: never a crash, never
// another exception.  Target `fuzz` of tests/CMakeLists.txt, with -DHALFOPEN_FUZZ=ON and clang:
//
//   ninja -C build-fuzz fuzz
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "spec/world/model.hpp"
#include "spec/world/property_spec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace halfopen;
    static const PolicyLibrary library(HALFOPEN_SOURCE_DIR "/spec/policies");
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        Scenario scenario = parse_scenario(text, "f.toml");
        parse_properties(text, scenario);
        for (const VariantSpec& variant : scenario.variants) {
            Scenario changed = scenario;
            apply_variant(changed, variant);
        }
        // Policies may be files: whatever a fuzzer would name there is none of our business.
        const auto is_name = [](const std::string& name) { return name.find_first_of("./") == name.npos; };
        for (const ClientSpec& client : scenario.clients)
            if (!is_name(client.policy) && client.policy != "linux-2.6.24") return 0;
        for (const NatSpec& nat : scenario.nats)
            if ((!is_name(nat.policy) && nat.policy != "linux-2.6.31") ||
                (!is_name(nat.host_policy) && nat.host_policy != "linux-2.6.24"))
                return 0;
        for (const ServerSpec& server : scenario.servers)
            if (!is_name(server.policy)) return 0;
        const Model model(scenario, library);
    } catch (const InputError& error) {
        if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
    }
    return 0;
}
