// Suggests the name that was probably meant.
#pragma once

#include <span>
#include <string>

namespace onepass {

/// The name among `known` with the smallest edit distance to `unknown`, or "" if none is near.
std::string nearest_name(const std::string& unknown, std::span<const std::string> known);

/// " (did you mean '<name>'?)", or "" if no name is near or a number is given; to be appended to an error.
std::string did_you_mean(const std::string& unknown, std::span<const std::string> known);

}  // namespace onepass
