/// What a step says, in words: the same words for every format.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "counterexamples/trace.hpp"

namespace halfopen {

/// One thing to tell of a step: mostly one for each segment that it put on the wire.
struct Remark {
    NodeRef actor;
    std::string packet;  ///< tcpdump notation; empty where none was sent or lost
    bool lost = false;   ///< the packet goes no further
    std::string text;    ///< what is worth saying, or empty
    const Rule* rule = nullptr;
};

/// Empty for steps that only let time pass.
std::vector<Remark> narrate(const Model& model, const Step& step, const World& before, const World& after);

/// 181000 -> "181 s", 8 -> "8 ms", 189008 -> "189.008 s", 7800000 -> "2 h 10 min".
std::string describe_duration(std::uint64_t ms);

}  // namespace halfopen
