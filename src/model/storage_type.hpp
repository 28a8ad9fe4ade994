// The classes of torch's storages, and the type of the numbers in them.
#pragma once

#include <string_view>

#include <c10/core/ScalarType.h>

namespace onepass {

/// @param name such as "torch.HalfStorage". @throws std::runtime_error for types that no stock model has.
at::ScalarType storage_type(std::string_view name);

}  // namespace onepass
