// Maps the class names of torch's storages to their element types.
#pragma once

#include <string_view>

#include <c10/core/ScalarType.h>

namespace onepass::model {

/// @param name such as "torch.HalfStorage". @throws std::runtime_error for types that no stock model uses.
at::ScalarType storage_type(std::string_view name);

}  // namespace onepass::model
