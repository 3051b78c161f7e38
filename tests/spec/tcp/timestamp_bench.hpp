/// An endpoint on the bench whose connection has agreed on timestamps.
#pragma once

#include <utility>
#include <vector>

#include "tests/spec/tcp/endpoint_bench.hpp"

namespace halfopen {

inline constexpr std::uint32_t older = recent - 1'000, newer = recent + 1'000;
inline constexpr Number our_clock{900'000'000, 0};

inline Policy with_timestamps(std::string_view name,
                              const std::vector<std::pair<const char*, const char*>>& more = {}) {
    Policy policy = endpoint_policy(name);
    policy.set("timestamps", "true");
    for (const auto& [parameter, value] : more) policy.set(parameter, value);
    return policy;
}

struct TimestampBench : Bench {
    explicit TimestampBench(Policy policy) : Bench(std::move(policy)) {
        tcb.timestamps = {true, true, true, our_clock, {recent, 0}};
    }
    explicit TimestampBench(std::string_view name) : TimestampBench(with_timestamps(name)) {}

    TimestampBench& stamped(std::uint32_t tsval) {
        timestamps = {true, {tsval, 0}, {}};
        return *this;
    }
    TimestampBench& waiting() {
        tcb.timer(TcpTimer::TimeWait) = 30'000;
        in(TcpState::TimeWait);
        return *this;
    }
    std::uint32_t ts_recent() const { return tcb.timestamps.recent.value; }
};

}  // namespace halfopen
