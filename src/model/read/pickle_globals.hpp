// Checks the class and function names in a checkpoint against an allow-list: stock models and plain containers.
#pragma once

#include <string_view>

namespace onepass::model::pickle {

/// @throws std::runtime_error naming the global, unless it occurs in stock checkpoints. No global is ever called.
void require_harmless(std::string_view module, std::string_view name);

}  // namespace onepass::model::pickle
