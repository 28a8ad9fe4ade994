// The files of the page, put into the program when it is built: page.html, its style and its scripts.
#pragma once

#include <map>
#include <string_view>

namespace onepass {

/// Content by file name.
const std::map<std::string_view, std::string_view>& web_files();

}  // namespace onepass
