#include "model/read/storage_type.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <stdexcept>

#include <fmt/format.h>
#include <Eigen/Core>

namespace onepass::model {
namespace {

static_assert(std::endian::native == std::endian::little, "elements are read without byte swapping");

template <typename Element>
void convert(const char* elements, std::ptrdiff_t stride, std::size_t count, float* numbers) {
  for (std::size_t i = 0; i < count; ++i) {
    Element element;
    std::memcpy(&element, elements + static_cast<std::ptrdiff_t>(i * sizeof element) * stride, sizeof element);
    numbers[i] = static_cast<float>(element);
  }
}

template <typename Element>
constexpr StorageType row(std::string_view name) {
  return {name, sizeof(Element), convert<Element>};
}

constexpr std::array storage_types{
    row<float>("torch.FloatStorage"),
    row<Eigen::half>("torch.HalfStorage"),
    row<Eigen::bfloat16>("torch.BFloat16Storage"),
    row<double>("torch.DoubleStorage"),
    row<std::int64_t>("torch.LongStorage"),
    row<std::int32_t>("torch.IntStorage"),
    row<std::int16_t>("torch.ShortStorage"),
    row<std::int8_t>("torch.CharStorage"),
    row<std::uint8_t>("torch.ByteStorage"),
    row<std::uint8_t>("torch.BoolStorage"),
};

}  // namespace

const StorageType& storage_type(std::string_view name) {
  for (const auto& known : storage_types)
    if (known.name == name) return known;
  throw std::runtime_error(
      fmt::format("tensors of type '{}' are not supported; save the model as float16 or float32", name));
}

}  // namespace onepass::model
