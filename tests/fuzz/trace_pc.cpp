// Lets libFuzzer guide programs that GCC has compiled: GCC calls this at every basic block (-fsanitize-coverage=trace-pc),
// and libFuzzer looks at this section.  Clang 14 cannot compile what uses <ranges> of libstdc++ 12.
#include <cstddef>
#include <cstdint>

namespace {

__attribute__((section("__libfuzzer_extra_counters"))) std::uint8_t counters[1U << 16U];

}  // namespace

extern "C" void __sanitizer_cov_trace_pc() {
    const auto place = reinterpret_cast<std::uintptr_t>(__builtin_return_address(0));
    std::uint8_t& counter = counters[(place ^ place >> 16U) % sizeof counters];
    if (counter != UINT8_MAX) ++counter;
}

// GCC tells of comparisons of floating-point numbers too, which libFuzzer does not know.
extern "C" void __sanitizer_cov_trace_cmpf(float /*a*/, float /*b*/) {}
extern "C" void __sanitizer_cov_trace_cmpd(double /*a*/, double /*b*/) {}
