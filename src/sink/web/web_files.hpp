// Provides the files of the page, which are embedded at build time: page.html, its style sheet and its scripts.
#pragma once

#include <map>
#include <string_view>

namespace onepass::sink {

/// Returns the content of the files by name.
const std::map<std::string_view, std::string_view>& web_files();

}  // namespace onepass::sink
