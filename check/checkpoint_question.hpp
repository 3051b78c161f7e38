/// What a checkpoint is of: a search can only be gone on with where all of it is the same.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "verifier/claim.hpp"

namespace halfopen {

struct CheckpointQuestion {
    std::string program;  ///< that makes the search: another build may take other steps
    verifier::Question question;
    bool merge_commuting_steps = true;
    bool symmetry = true;
    bool joint_cells = false;
    std::vector<verifier::NamedDigest> files;  ///< what the question depends on (fingerprint.hpp)
};

/// One line of JSON.  The scenario is known by its file's contents, wherever that lies.
std::string to_text(const CheckpointQuestion& question);

/// In words, what a checkpoint was of that is wanted otherwise now; empty where nothing.
std::string difference_of_questions(std::string_view then, std::string_view now);

}  // namespace halfopen
