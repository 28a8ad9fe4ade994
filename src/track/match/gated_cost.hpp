// Cost of a pair, or the gate that rejected it.
#pragma once

#include <optional>

namespace onepass::track {

struct GatedCost {
  std::optional<double> value;  ///< none if a gate rejected the pair
  const char* gate = "";        ///< name of that gate
};

}  // namespace onepass::track
