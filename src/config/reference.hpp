// The reference page of all parameters.
#pragma once

#include <string>

namespace onepass::config {

/// docs/parameters.md: every parameter with its default, what it accepts and what it means, as Markdown.
std::string reference_page();

}  // namespace onepass::config
