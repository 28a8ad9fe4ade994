#include "model/graph/folding.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>
#include <stdexcept>

#include <fmt/format.h>

namespace onepass::model {
namespace {

void require_size(std::size_t found, std::int64_t size, const char* what) {
  if (found != static_cast<std::size_t>(size))
    throw std::runtime_error(fmt::format("the length of a {} is not the number of channels, {}", what, size));
}

void require_list(const Tensor& tensor, std::int64_t size, const char* what) {
  require_size(tensor.dim() == 1 ? static_cast<std::size_t>(tensor.count()) : 0, size, what);
}

/// The numbers of one output channel of a convolution's weight.
std::span<float> of_channel(const Tensor& weight, std::int64_t channel) {
  const auto length = static_cast<std::size_t>(weight.count() / weight.size(0));
  return weight.floats().subspan(static_cast<std::size_t>(channel) * length, length);
}

/// Place of an element of a weight.
std::size_t place(const Tensor& weight, std::int64_t out, std::int64_t in, std::int64_t row, std::int64_t column) {
  return static_cast<std::size_t>(((out * weight.size(1) + in) * weight.size(2) + row) * weight.size(3) + column);
}

Tensor copy_of(const Tensor& tensor) {
  Tensor result(tensor.sizes());
  std::ranges::copy(tensor.floats(), result.floats().begin());
  return result;
}

/// The sum of two tensors of the same sizes.
Tensor sum_of(const Tensor& a, const Tensor& b) {
  Tensor result(a.sizes());
  std::ranges::transform(a.floats(), b.floats(), result.floats().begin(), std::plus<>());
  return result;
}

bool pads_with_zeros(const Module& conv) {
  const auto* mode = pickle::get_if<std::string>(conv.attribute("padding_mode"));
  return !mode || *mode == "zeros";
}

}  // namespace

Convolution plain_convolution(const Module& conv) {
  if (conv.type() != "Conv2d")
    throw std::runtime_error(fmt::format("{} is not supported where a Conv2d is expected", conv.type()));
  if (conv.integer_or("dilation", 1) != 1) throw std::runtime_error("dilated convolutions are not supported");
  if (!pads_with_zeros(conv)) throw std::runtime_error("convolutions with padding other than zeros are not supported");
  Convolution convolution;
  convolution.weight = conv.tensor("weight");
  convolution.bias = conv.find_tensor("bias");
  if (convolution.weight.dim() != 4)
    throw std::runtime_error("the weight of a convolution does not have four dimensions");
  if (convolution.weight.count() == 0) throw std::runtime_error("the weight of a convolution is empty");
  if (!convolution.bias.defined()) convolution.bias = Tensor::filled({convolution.weight.size(0)}, 0);
  convolution.stride = conv.integer("stride");
  convolution.padding = conv.integer("padding");
  convolution.groups = conv.integer("groups");
  return convolution;
}

Upconvolution upconvolution(const Module& conv) {
  const auto weight = conv.tensor("weight");  // in×out×k×k
  const auto bias = conv.find_tensor("bias");
  const int stride = conv.integer("stride");
  const bool simple = conv.integer("groups") == 1 && conv.integer_or("padding", 0) == 0 &&
                      conv.integer_or("output_padding", 0) == 0 && conv.integer_or("dilation", 1) == 1;
  if (!simple || weight.dim() != 4 || weight.size(2) != stride || weight.size(3) != stride)
    throw std::runtime_error("transposed convolutions are supported only if their kernel is as large as their stride");
  if (weight.count() == 0) throw std::runtime_error("the weight of a transposed convolution is empty");
  const auto out = weight.size(1);
  if (bias.defined()) require_list(bias, out, "bias");
  const std::int64_t cells = std::int64_t{stride} * stride;
  Upconvolution result{{}, {stride}};
  const auto in = weight.size(0);
  result.convolution.weight = Tensor({out * cells, in, 1, 1});
  result.convolution.bias = Tensor::filled({out * cells}, 0);
  const auto from = weight.floats(), to = result.convolution.weight.floats();
  for (std::int64_t i = 0; i < in; ++i)
    for (std::int64_t j = 0; j < out * cells; ++j) to[j * in + i] = from[i * out * cells + j];
  if (bias.defined())
    for (std::int64_t j = 0; j < out * cells; ++j) result.convolution.bias.floats()[j] = bias.floats()[j / cells];
  return result;
}

Normalization normalization(const Module& batch_norm) {
  const auto mean = batch_norm.tensor("running_mean");
  const auto variance = batch_norm.tensor("running_var");
  const auto weight = batch_norm.tensor("weight");
  const auto bias = batch_norm.tensor("bias");
  for (const auto* tensor : {&mean, &variance, &bias}) require_list(*tensor, weight.count(), "normalization");
  const double epsilon = batch_norm.number_or("eps", 1e-5);
  Normalization result;
  for (std::size_t i = 0; i < weight.floats().size(); ++i) {
    const double scale = weight.floats()[i] / std::sqrt(variance.floats()[i] + epsilon);
    result.scale.push_back(scale);
    result.shift.push_back(bias.floats()[i] - mean.floats()[i] * scale);
  }
  return result;
}

Normalization part_of(const Normalization& normalization, std::size_t first, std::size_t count) {
  if (first > normalization.scale.size() || normalization.scale.size() - first < count)
    throw std::runtime_error("a normalization has too few channels");
  const auto part = [&](const std::vector<double>& values) {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(first);
    return std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(count));
  };
  return {part(normalization.scale), part(normalization.shift)};
}

Convolution fold(Convolution convolution, const Normalization& normalization) {
  const auto channels = convolution.weight.size(0);
  require_size(normalization.scale.size(), channels, "normalization");
  require_list(convolution.bias, channels, "bias");
  convolution.weight = copy_of(convolution.weight);
  convolution.bias = copy_of(convolution.bias);
  for (std::int64_t channel = 0; channel < channels; ++channel) {
    const double scale = normalization.scale[channel];
    for (auto& number : of_channel(convolution.weight, channel)) number = static_cast<float>(number * scale);
    auto& bias = convolution.bias.floats()[channel];
    bias = static_cast<float>(bias * scale + normalization.shift[channel]);
  }
  return convolution;
}

Convolution folded_convolution(const Module& block) {
  auto convolution = plain_convolution(block.child("conv"));
  return block.has_child("bn") ? fold(std::move(convolution), normalization(block.child("bn"))) : convolution;
}

void set_activation(Convolution& convolution, const Module& activation) {
  const auto type = activation.type();
  if (type == "SiLU") {
    convolution.activation = Activation::silu;
  } else if (type == "ReLU") {
    convolution.activation = Activation::relu;
  } else if (type == "LeakyReLU") {
    convolution.activation = Activation::leaky_relu;
    convolution.slope = activation.number_or("negative_slope", 0.01);
  } else if (type != "Identity") {
    throw std::runtime_error(fmt::format("activation {} is not supported; use the model's TorchScript export", type));
  }
}

Convolution merge_parallel(Convolution wide, const Convolution& narrow) {
  const auto& w = wide.weight;
  const auto& n = narrow.weight;
  const auto margin = (w.size(2) - n.size(2)) / 2;
  if (w.size(0) != n.size(0) || w.size(1) != n.size(1) || wide.stride != narrow.stride ||
      wide.groups != narrow.groups || margin < 0 || n.size(2) + 2 * margin != w.size(2) || w.size(2) != w.size(3) ||
      n.size(2) != n.size(3) || wide.padding != narrow.padding + margin || wide.bias.sizes() != narrow.bias.sizes())
    throw std::runtime_error("the shapes of parallel convolutions do not match");
  wide.weight = copy_of(w);
  const auto from = n.floats(), to = wide.weight.floats();
  for (std::int64_t out = 0; out < n.size(0); ++out)
    for (std::int64_t in = 0; in < n.size(1); ++in)
      for (std::int64_t row = 0; row < n.size(2); ++row)
        for (std::int64_t column = 0; column < n.size(3); ++column)
          to[place(wide.weight, out, in, row + margin, column + margin)] += from[place(n, out, in, row, column)];
  wide.bias = sum_of(wide.bias, narrow.bias);
  return wide;
}

Convolution merge_identity(Convolution convolution, const Normalization& identity) {
  const auto out = convolution.weight.size(0);
  const auto in = convolution.weight.size(1);
  const auto middle_row = convolution.weight.size(2) / 2, middle_column = convolution.weight.size(3) / 2;
  require_size(identity.scale.size(), out, "identity branch");
  require_list(convolution.bias, out, "bias");
  if (in * convolution.groups != out || convolution.stride != 1)
    throw std::runtime_error("a convolution with a parallel identity branch changes the shape of its input");
  convolution.weight = copy_of(convolution.weight);
  convolution.bias = copy_of(convolution.bias);
  for (std::int64_t channel = 0; channel < out; ++channel) {
    convolution.weight.floats()[place(convolution.weight, channel, channel % in, middle_row, middle_column)] +=
        static_cast<float>(identity.scale[channel]);
    convolution.bias.floats()[channel] += static_cast<float>(identity.shift[channel]);
  }
  return convolution;
}

Convolution space_to_depth(int channels) {
  Convolution result;
  result.weight = Tensor::filled({4 * channels, channels, 2, 2}, 0);
  result.bias = Tensor::filled({4 * channels}, 0);
  result.stride = 2;
  for (std::int64_t column = 0; column < 2; ++column)
    for (std::int64_t row = 0; row < 2; ++row)
      for (std::int64_t channel = 0; channel < channels; ++channel)
        result.weight.floats()[place(result.weight, (2 * column + row) * channels + channel, channel, row, column)] = 1;
  return result;
}

Convolution fold_space_to_depth(const Convolution& convolution) {
  const auto& weight = convolution.weight;
  if (convolution.groups != 1 || weight.size(1) % 4 != 0)
    throw std::runtime_error("the number of input channels of a Focus convolution is not a multiple of four");
  const auto in = weight.size(1) / 4;
  auto result = convolution;
  result.weight = Tensor({weight.size(0), in, 2 * weight.size(2), 2 * weight.size(3)});
  // Focus concatenates the pixels (row, column) = (0,0), (1,0), (0,1), (1,1) of each 2×2 block, in this order.
  const auto from = weight.floats(), to = result.weight.floats();
  for (std::int64_t out = 0; out < weight.size(0); ++out)
    for (std::int64_t channel = 0; channel < weight.size(1); ++channel) {
      const auto block = channel / in;
      for (std::int64_t row = 0; row < weight.size(2); ++row)
        for (std::int64_t column = 0; column < weight.size(3); ++column)
          to[place(result.weight, out, channel % in, 2 * row + block % 2, 2 * column + block / 2)] =
              from[place(weight, out, channel, row, column)];
    }
  result.stride = 2 * convolution.stride;
  result.padding = 2 * convolution.padding;
  return result;
}

}  // namespace onepass::model
