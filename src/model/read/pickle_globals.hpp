// Checks the class and function names in a checkpoint against an allow-list: stock models and plain containers.
#pragma once

#include <string_view>

#include "model/read/pickle.hpp"

namespace onepass::model::pickle {

/// @throws std::runtime_error naming the global, unless it occurs in stock checkpoints. No global is ever called.
void require_harmless(std::string_view module, std::string_view name);

/// Checks the call of a function whose arguments decide whether it is harmless: getattr, which only occurs as
/// getattr(layer, "forward_fuse"), the method that a layer with folded normalization runs. It is not called either.
/// @throws std::runtime_error if it has other arguments.
void require_harmless_call(const Global& function, const Value& arguments);

}  // namespace onepass::model::pickle
