// The order in which people count: img2 before img10.
#pragma once

#include <string_view>

namespace onepass {

/// Whether `a` comes before `b` when runs of digits compare as numbers and letters without regard to case. A total
/// order: names that differ only in leading zeros or case are ordered by their bytes.
bool natural_less(std::string_view a, std::string_view b);

}  // namespace onepass
