/// The style sheet and the script of html.cpp and the like, from the files beside this one.
#pragma once

#include <string_view>

namespace halfopen {

extern const std::string_view page_css;
extern const std::string_view page_js;
/// The part of netns.cpp's script that holds the sockets.
extern const std::string_view netns_py;

}  // namespace halfopen
