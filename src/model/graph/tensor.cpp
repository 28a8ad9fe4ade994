#include "model/graph/tensor.hpp"

#include <algorithm>
#include <new>
#include <stdexcept>
#include <utility>

namespace onepass::model {
namespace {

constexpr std::align_val_t alignment{64};  // of a cache line, and of the widest vector registers

/// A file may state any sizes.
std::int64_t product(const Tensor::Sizes& sizes) {
  constexpr std::int64_t most = std::int64_t{1} << 40;
  std::int64_t count = 1;
  for (const auto size : sizes) {
    if (size < 0 || (size > 0 && count > most / size)) throw std::runtime_error("the sizes of a tensor are impossible");
    count *= size;
  }
  return count;
}

std::shared_ptr<void> allocate(std::int64_t count, NumberType type) {
  const auto bytes = static_cast<std::size_t>(count) * (type == NumberType::f32 ? sizeof(float) : 1);
  return {::operator new(bytes, alignment), [](void* numbers) { ::operator delete(numbers, alignment); }};
}

}  // namespace

Tensor::Tensor(Sizes sizes, NumberType type)
    : sizes_(std::move(sizes)), type_(type), numbers_(allocate(product(sizes_), type)) {}

Tensor Tensor::filled(Sizes sizes, float value) {
  Tensor result(std::move(sizes));
  std::ranges::fill(result.floats(), value);
  return result;
}

std::int64_t Tensor::count() const { return defined() ? product(sizes_) : 0; }

std::span<float> Tensor::floats() const {
  if (type_ != NumberType::f32) throw std::logic_error("the tensor holds bytes");
  return {static_cast<float*>(numbers_.get()), static_cast<std::size_t>(count())};
}

std::span<std::uint8_t> Tensor::bytes() const {
  if (type_ != NumberType::u8) throw std::logic_error("the tensor holds floating-point numbers");
  return {static_cast<std::uint8_t*>(numbers_.get()), static_cast<std::size_t>(count())};
}

Tensor Tensor::reshaped(Sizes sizes) const {
  if (product(sizes) != count()) throw std::invalid_argument("the sizes of a tensor hold another number of elements");
  auto result = *this;
  result.sizes_ = std::move(sizes);
  return result;
}

Tensor channels_first(const Tensor& map) {
  const auto cells = map.size(1) * map.size(2), channels = map.size(3);
  Tensor result({channels, map.size(1), map.size(2)});
  const auto from = map.floats(), to = result.floats();
  for (std::int64_t cell = 0; cell < cells; ++cell)
    for (std::int64_t channel = 0; channel < channels; ++channel)
      to[channel * cells + cell] = from[cell * channels + channel];
  return result;
}

}  // namespace onepass::model
