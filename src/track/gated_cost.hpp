// What a pair costs, or which gate keeps it apart.
#pragma once

#include <optional>

namespace onepass {

struct GatedCost {
  std::optional<double> value;  ///< none if a gate keeps the pair apart
  const char* gate = "";        ///< its name
};

}  // namespace onepass
