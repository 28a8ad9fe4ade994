// Ranges of the values inside a network, for computing in 8-bit integers.
#pragma once

#include <map>
#include <string>

namespace onepass::model {

struct ValueRange {
  float low = 0;
  float high = 0;
};

/// By the name of the operator that computes the value.
using ValueRanges = std::map<std::string, ValueRange>;

}  // namespace onepass::model
