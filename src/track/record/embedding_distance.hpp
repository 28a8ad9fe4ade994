// Distance between two embeddings.
#pragma once

#include <algorithm>

#include "onepass/types.hpp"

namespace onepass::track {

/// (1 - cosine) / 2 of two unit vectors: 0 for equal, 1 for opposite, about 0.5 for unrelated ones.
inline double appearance_distance(const Embedding& a, const Embedding& b) {
  return std::clamp((1.0 - static_cast<double>(a.dot(b))) / 2, 0.0, 1.0);
}

}  // namespace onepass::track
