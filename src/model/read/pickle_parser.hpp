// Parses a Python pickle into plain records, without looking up classes, calling functions or running any code in it.
#pragma once

#include <string_view>

#include "model/read/pickle.hpp"

namespace onepass::model::pickle {

/// @throws std::runtime_error for damaged or oversized input, and for globals that no stock checkpoint contains.
Document parse(std::string_view bytes);

/// Parses the first of several consecutive pickles and removes it from `bytes`.
Document parse_next(std::string_view& bytes);

}  // namespace onepass::model::pickle
