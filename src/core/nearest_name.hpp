// Suggests the known name that is closest to a misspelled one.
#pragma once

#include <span>
#include <string>

namespace onepass {

/// Returns the name among `known` with the smallest edit distance to `unknown`, or "" if none is close.
std::string nearest_name(const std::string& unknown, std::span<const std::string> known);

/// Returns " (did you mean '<name>'?)" to be appended to an error message, or "" if no name is close or `unknown` is a
/// number.
std::string did_you_mean(const std::string& unknown, std::span<const std::string> known);

/// Returns "; separate names by commas: person,car" to be appended to an error message if `unknown` consists of known
/// names with white space between them, otherwise "".
std::string separation_advice(const std::string& unknown, std::span<const std::string> known);

}  // namespace onepass
