/// Inputs are UTF-8 text.
#pragma once

#include <string>
#include <string_view>

namespace halfopen {

/// Throws InputError at the first byte that is NUL or not part of well-formed UTF-8 (RFC 3629 §4).
void refuse_what_is_not_text(std::string_view text, const std::string& file);

}  // namespace halfopen
