// Any text whatever is either a result that every format can be written from or an InputError of one line.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "counterexamples/formats.hpp"
#include "spec/policy/input_error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace halfopen;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        const auto result = parse_result(text, "f.json");
        for (std::size_t format = 0; format < trace_format_names.size(); ++format)
            export_result(result, static_cast<TraceFormat>(format), "f.json");
    } catch (const InputError& error) {
        if (std::string_view(error.what()).find('\n') != std::string_view::npos) std::abort();
    }
    return 0;
}
