// Chooses fixed layers of a network as taps.
#pragma once

#include <utility>
#include <vector>

#include "model/load_network.hpp"

namespace onepass::test {

inline model::ChooseTaps taps(std::vector<int> layers) {
  return [layers = std::move(layers)](const model::NetworkInfo&) { return layers; };
}

}  // namespace onepass::test
