// The keys of BoxMOT's files that belong to one tracker's own rules.
#pragma once

#include <vector>

#include "config/foreign/keys.hpp"

namespace onepass::config {

std::vector<Key> hybridsort_keys();
std::vector<Key> strongsort_keys();
std::vector<Key> boosttrack_keys();
std::vector<Key> occluboost_keys();  ///< in addition to those of BoostTrack
std::vector<Key> sfsort_keys();

}  // namespace onepass::config
