/// A trace as rows of a chart, one block for each instant, with repetitions folded: what the text, the
/// Mermaid and the drawn chart have in common.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "counterexamples/story.hpp"
#include "counterexamples/trace.hpp"

namespace halfopen {

struct Row {
    std::string actor;
    std::string packet;
    bool lost = false;
    std::string text;
    std::string rule;
    std::vector<std::string> states;  ///< by column; empty where unchanged
};

/// Everything that happens at one instant.
struct Block {
    std::uint64_t at = 0;
    std::vector<Row> rows;
    std::size_t first_step = 0;  ///< it reaches up to the next block's
    std::string shape;           ///< who sends which packets, whatever the numbers of a fresh attempt
};

struct Sheet {
    std::vector<std::string> columns;
    std::vector<std::string> initial;
    std::vector<Block> blocks;
    std::string ending;                ///< what becomes of an endless run, or empty
    std::size_t loop = 0;              ///< the first block of the endless part; blocks.size() where none is
    std::vector<std::string> remarks;  ///< what is not shown
};

/// brief: only clients that stay behind.
Sheet sheet_of(const Model& model, const Trace& trace, bool brief = false);
Sheet sheet_of(const Story& story);

/// A block, or a remark in place of blocks that repeat earlier ones.
struct OutlineItem {
    std::size_t block = 0;
    std::string remark;  ///< empty for a block
};
/// The blocks in order; where `folded`, without repetitions.  What is in the endless part is never folded
/// into what comes before where `loop_apart`.
std::vector<OutlineItem> outline(const Sheet& sheet, bool folded, bool loop_apart = false);

}  // namespace halfopen
