// Types of the elements of stored tensors.
#pragma once

#include <cstddef>
#include <string_view>

namespace onepass::model {

struct StorageType {
  std::string_view name;
  std::size_t width;  ///< bytes per element

  /// Converts `count` elements that are `stride` elements apart to floating-point numbers.
  void (*convert)(const char* elements, std::ptrdiff_t stride, std::size_t count, float* numbers);
};

/// The type with a storage class's name, such as "torch.HalfStorage".
/// @throws std::runtime_error if it is not supported.
const StorageType& storage_type(std::string_view name);

}  // namespace onepass::model
