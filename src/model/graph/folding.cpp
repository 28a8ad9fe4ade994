#include "model/graph/folding.hpp"

#include <stdexcept>

#include <ATen/ATen.h>
#include <fmt/format.h>

namespace onepass::model {
namespace {

void require_size(const at::Tensor& tensor, std::int64_t size, const char* what) {
  if (tensor.dim() != 1 || tensor.size(0) != size)
    throw std::runtime_error(fmt::format("the length of a {} is not the number of channels, {}", what, size));
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
  if (!convolution.bias.defined()) convolution.bias = at::zeros({convolution.weight.size(0)});
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
  const auto out = weight.size(1);
  if (bias.defined()) require_size(bias, out, "bias");
  const std::int64_t cells = std::int64_t{stride} * stride;
  Upconvolution result{{}, {stride}};
  result.convolution.weight = weight.permute({1, 2, 3, 0}).reshape({out * cells, weight.size(0), 1, 1}).contiguous();
  result.convolution.bias = (bias.defined() ? bias : at::zeros({out})).repeat_interleave(cells);
  return result;
}

Normalization normalization(const Module& batch_norm) {
  const auto mean = batch_norm.tensor("running_mean");
  const auto variance = batch_norm.tensor("running_var");
  const auto weight = batch_norm.tensor("weight");
  const auto bias = batch_norm.tensor("bias");
  for (const auto* tensor : {&mean, &variance, &bias}) require_size(*tensor, weight.numel(), "normalization");
  // The scale and the folded weights are computed in double, so that only the result is rounded to float.
  const auto scale = weight.to(at::kDouble) / (variance.to(at::kDouble) + batch_norm.number_or("eps", 1e-5)).sqrt();
  return {scale, bias.to(at::kDouble) - mean.to(at::kDouble) * scale};
}

Convolution fold(Convolution convolution, const Normalization& normalization) {
  const auto channels = convolution.weight.size(0);
  require_size(normalization.scale, channels, "normalization");
  require_size(convolution.bias, channels, "bias");
  const auto& scale = normalization.scale;
  convolution.weight = (convolution.weight.to(at::kDouble) * scale.view({-1, 1, 1, 1})).to(at::kFloat);
  convolution.bias = (convolution.bias.to(at::kDouble) * scale + normalization.shift).to(at::kFloat);
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
      wide.groups != narrow.groups || margin < 0 || n.size(2) + 2 * margin != w.size(2) ||
      wide.padding != narrow.padding + margin)
    throw std::runtime_error("the shapes of parallel convolutions do not match");
  wide.weight = w + at::constant_pad_nd(n, {margin, margin, margin, margin});
  wide.bias = wide.bias + narrow.bias;
  return wide;
}

Convolution merge_identity(Convolution convolution, const Normalization& identity) {
  const auto out = convolution.weight.size(0);
  const auto in = convolution.weight.size(1);
  const auto center = convolution.weight.size(2) / 2;
  require_size(identity.scale, out, "identity branch");
  if (in * convolution.groups != out || convolution.stride != 1)
    throw std::runtime_error("a convolution with a parallel identity branch changes the shape of its input");
  auto kernel = at::zeros_like(convolution.weight);
  for (std::int64_t channel = 0; channel < out; ++channel)
    kernel.select(0, channel)
        .select(0, channel % in)
        .select(0, center)
        .select(0, center)
        .copy_(identity.scale.select(0, channel));
  convolution.weight = convolution.weight + kernel;
  convolution.bias = convolution.bias + identity.shift.to(at::kFloat);
  return convolution;
}

Convolution space_to_depth(int channels) {
  Convolution result;
  result.weight = at::zeros({4 * channels, channels, 2, 2});
  result.bias = at::zeros({4 * channels});
  result.stride = 2;
  for (std::int64_t column = 0; column < 2; ++column)
    for (std::int64_t row = 0; row < 2; ++row)
      result.weight.narrow(0, (2 * column + row) * channels, channels)
          .select(3, column)
          .select(2, row)
          .copy_(at::eye(channels));
  return result;
}

Convolution fold_space_to_depth(const Convolution& convolution) {
  const auto& weight = convolution.weight;
  if (convolution.groups != 1 || weight.size(1) % 4 != 0)
    throw std::runtime_error("the number of input channels of a Focus convolution is not a multiple of four");
  const auto in = weight.size(1) / 4;
  const auto kernel = weight.size(2);
  auto result = convolution;
  result.weight = at::empty({weight.size(0), in, 2 * kernel, 2 * kernel});
  // Focus concatenates the pixels (row, column) = (0,0), (1,0), (0,1), (1,1) of each 2×2 block, in this order.
  for (std::int64_t column = 0; column < 2; ++column)
    for (std::int64_t row = 0; row < 2; ++row)
      result.weight.slice(2, row, c10::nullopt, 2)
          .slice(3, column, c10::nullopt, 2)
          .copy_(weight.narrow(1, (2 * column + row) * in, in));
  result.stride = 2 * convolution.stride;
  result.padding = 2 * convolution.padding;
  return result;
}

}  // namespace onepass::model
