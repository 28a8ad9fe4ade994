// Whether charts can be drawn.
#pragma once

#include <cstdlib>

namespace onepass::test {

inline bool has_matplotlib() { return std::system("/usr/bin/python3 -c 'import matplotlib' 2>/dev/null") == 0; }

}  // namespace onepass::test
