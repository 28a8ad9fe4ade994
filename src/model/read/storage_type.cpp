#include "model/read/storage_type.hpp"

#include <array>
#include <stdexcept>

#include <fmt/format.h>

namespace onepass::model {
namespace {

struct StorageType {
  std::string_view name;
  at::ScalarType type;
};

constexpr std::array storage_types{
    StorageType{"torch.FloatStorage", at::kFloat},       StorageType{"torch.HalfStorage", at::kHalf},
    StorageType{"torch.BFloat16Storage", at::kBFloat16}, StorageType{"torch.DoubleStorage", at::kDouble},
    StorageType{"torch.LongStorage", at::kLong},         StorageType{"torch.IntStorage", at::kInt},
    StorageType{"torch.ShortStorage", at::kShort},       StorageType{"torch.CharStorage", at::kChar},
    StorageType{"torch.ByteStorage", at::kByte},         StorageType{"torch.BoolStorage", at::kBool},
};

}  // namespace

at::ScalarType storage_type(std::string_view name) {
  for (const auto& known : storage_types)
    if (known.name == name) return known.type;
  throw std::runtime_error(
      fmt::format("tensors of type '{}' are not supported; save the model as float16 or float32", name));
}

}  // namespace onepass::model
