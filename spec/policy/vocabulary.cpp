#include "spec/policy/vocabulary.hpp"

namespace halfopen {

const Vocabulary& vocabulary(PolicyKind kind) {
    return kind == PolicyKind::Endpoint ? endpoint_vocabulary() : nat_vocabulary();
}

}  // namespace halfopen
