// Counts the boxes and identities of a preprocessed sequence.
#pragma once

#include "eval/metrics/family.hpp"

namespace onepass::eval {

Family count_family();

}  // namespace onepass::eval
