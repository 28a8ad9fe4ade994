// Tensor: numbers in memory, such as the weights of a convolution, an image or a feature map.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace onepass::model {

enum class NumberType { f32, u8 };

/// A dense array whose last axis is contiguous. Maps and images are 1×H×W×C. Copies share their numbers.
class Tensor {
 public:
  using Sizes = std::vector<std::int64_t>;

  /// Undefined: no numbers.
  Tensor() = default;

  /// Numbers that the caller has yet to write.
  explicit Tensor(Sizes sizes, NumberType type = NumberType::f32);

  /// Numbers that are all `value`.
  static Tensor filled(Sizes sizes, float value);

  bool defined() const { return numbers_ != nullptr; }
  NumberType type() const { return type_; }
  const Sizes& sizes() const { return sizes_; }
  std::size_t dim() const { return sizes_.size(); }
  std::int64_t size(std::size_t axis) const { return sizes_.at(axis); }
  std::int64_t count() const;

  void* data() const { return numbers_.get(); }
  /// Of NumberType::f32.
  std::span<float> floats() const;
  /// Of NumberType::u8.
  std::span<std::uint8_t> bytes() const;

  /// The same numbers with other sizes. @throws std::invalid_argument if their product differs.
  Tensor reshaped(Sizes sizes) const;

 private:
  Sizes sizes_;
  NumberType type_ = NumberType::f32;
  std::shared_ptr<void> numbers_;
};

/// A copy of the map 1×H×W×C as C×H×W.
Tensor channels_first(const Tensor& map);

}  // namespace onepass::model
