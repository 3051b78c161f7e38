/// Text inside XML and HTML.
#pragma once

#include <string>
#include <string_view>

namespace halfopen {

/// With & < > " ' as entities, and without the control characters that XML 1.0 §2.2 does not allow.
std::string markup(std::string_view text);

}  // namespace halfopen
