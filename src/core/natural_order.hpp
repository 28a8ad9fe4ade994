// Compares names in natural order: img2 before img10.
#pragma once

#include <string_view>

namespace onepass {

/// Whether `a` comes before `b` if runs of digits are compared as numbers and letters case-insensitively. This is a
/// total order: names that differ only in leading zeros or case are ordered by their bytes.
bool natural_less(std::string_view a, std::string_view b);

}  // namespace onepass
