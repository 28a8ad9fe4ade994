// Which names a checkpoint may mention: the classes of stock models and plain containers.
#pragma once

#include <string_view>

namespace onepass::pickle {

/// @throws std::runtime_error naming the global, unless it belongs to a stock checkpoint. Even those are never called.
void require_harmless(std::string_view module, std::string_view name);

}  // namespace onepass::pickle
