#include "model/run/openvino/openvino_file.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openvino/core/preprocess/pre_post_process.hpp>
#include <openvino/op/ops.hpp>
#include <openvino/runtime/core.hpp>

#include "model/run/openvino/openvino_error.hpp"
#include "model/run/openvino/openvino_layers.hpp"
#include "model/run/openvino/openvino_notes.hpp"
#include "model/run/openvino/openvino_outputs.hpp"

namespace onepass::model {

struct OpenvinoFile {
  std::shared_ptr<const ov::Model> model;
  RowSource rows;
  std::vector<ValueName> layers;
  bool bgr = false;
  std::array<float, 3> mean{0, 0, 0};  ///< of the network's input, for values in [0, 1]
  std::array<float, 3> scale{1, 1, 1};
};

namespace {

namespace op = ov::op;
using Value = ov::Output<ov::Node>;

Value axis(std::int64_t number) {
  return std::make_shared<op::v0::Constant>(ov::element::i64, ov::Shape{1}, std::vector<std::int64_t>{number});
}

Value transpose(const Value& value, const std::vector<std::int64_t>& order) {
  const auto list = std::make_shared<op::v0::Constant>(ov::element::i64, ov::Shape{order.size()}, order);
  return std::make_shared<op::v1::Transpose>(value, list)->output(0);
}

Value to_float(const Value& value) {
  if (value.get_element_type() == ov::element::f32) return value;
  return std::make_shared<op::v0::Convert>(value, ov::element::f32)->output(0);
}

const ov::Output<const ov::Node> image_of(const ov::Model& model) {
  for (const auto& input : model.inputs())
    if (input.get_partial_shape().rank().is_static() && input.get_partial_shape().rank() == 4) return input;
  throw std::runtime_error("has no input for an image of 1×3×H×W; use a detection model");
}

/// Replaces the inputs other than the image, which deployed models of query detectors have: the size of the image that
/// boxes are returned for.
void set_sizes(ov::Model& model, const ImageSize& size) {
  const auto parameters = model.get_parameters();
  for (const auto& parameter : parameters) {
    const auto shape = parameter->get_partial_shape();
    if (shape.rank().is_static() && shape.rank() == 4) continue;
    const std::vector<std::int64_t> sides{size.width, size.height};
    const auto constant = std::make_shared<op::v0::Constant>(parameter->get_element_type(), ov::Shape{1, 2}, sides);
    parameter->output(0).replace(constant->output(0));
    model.remove_parameter(parameter);
  }
}

/// A copy of the model with static shapes.
std::shared_ptr<ov::Model> at_size(const ov::Model& model, const ImageSize& size) {
  auto copy = model.clone();
  set_sizes(*copy, size);
  const ov::PartialShape shape{1, 3, size.height, size.width};
  if (copy->input().get_partial_shape() != shape) copy->reshape(shape);
  return copy;
}

/// Operators that compute the value, without those that only change its layout.
const ov::Node& origin(const Value& value) {
  const auto* node = value.get_node();
  constexpr std::array<std::string_view, 5> layout{"Reshape", "Transpose", "Convert", "Squeeze", "Unsqueeze"};
  while (std::ranges::find(layout, std::string_view(node->get_type_info().name)) != layout.end())
    node = node->get_input_node_ptr(0);
  return *node;
}

NetworkResults results_of(const ov::Model& model, const ImageSize& size) {
  NetworkResults results{.input = size};
  for (const auto& output : model.outputs()) {
    const auto value = output.get_node()->input_value(0);
    NetworkResult result;
    const auto& names = output.get_names();
    result.name = names.empty() ? value.get_node()->get_friendly_name() : *std::ranges::min_element(names);
    for (const auto& side : output.get_partial_shape())
      result.shape.push_back(side.is_static() ? static_cast<std::int64_t>(side.get_length()) : -1);
    const std::string_view type = origin(value).get_type_info().name;
    result.is_probability = type == "Sigmoid" || type == "Softmax";
    results.all.push_back(std::move(result));
  }
  for (const auto& node : model.get_ops())
    results.has_exponential = results.has_exponential || std::string_view(node->get_type_info().name) == "Exp";
  return results;
}

class Reader {
 public:
  Reader(std::shared_ptr<const ov::Model> model, const std::filesystem::path& path)
      : file_(std::make_shared<OpenvinoFile>()), notes_(notes_about(*model, path)) {
    file_->model = std::move(model);
    require_inputs();
    const auto size = find_size();
    const auto probe = at_size(*file_->model, size);
    file_->rows = recognize(results_of(*probe, size), notes_);
    auto found = find_layers(*probe, notes_.layers);
    file_->layers = std::move(found.outputs);
    info_.layers = std::move(found.layers);
    describe_head(found.head_inputs);
    info_.head.parameters = found.head_parameters;
    describe_input();
  }

  OpenvinoModel finish() { return {std::move(info_), std::move(file_)}; }

 private:
  void require_inputs() const {
    const auto image = image_of(*file_->model);
    for (const auto& input : file_->model->inputs()) {
      const auto shape = input.get_partial_shape();
      if (input != image && !(shape.rank().is_static() && shape.compatible({1, 2})))
        throw std::runtime_error(fmt::format("has an input '{}' besides the image, which onepass cannot give it",
                                             input.get_names().empty() ? "" : *input.get_names().begin()));
    }
    const auto shape = image.get_partial_shape();
    if (!shape.compatible({1, 3, ov::Dimension(), ov::Dimension()}))
      throw std::runtime_error(
          fmt::format("its input is {}, but onepass gives images of 1×3×H×W; export it for batches "
                      "of 1 and color images with channels first",
                      shape.to_string()));
  }

  /// The only size of the input, or one that the network was made for.
  ImageSize find_size() {
    const auto shape = image_of(*file_->model).get_partial_shape();
    info_.stride = notes_.stride.value_or(32);
    if (shape[2].is_static() && shape[3].is_static()) {
      constexpr std::int64_t largest = 8192;
      for (const int axis : {2, 3})
        if (shape[axis].get_length() < 1 || shape[axis].get_length() > largest)
          throw std::runtime_error(
              fmt::format("its input is {}; sides from 1 to {} are supported", shape.to_string(), largest));
      info_.only_size = {static_cast<int>(shape[3].get_length()), static_cast<int>(shape[2].get_length())};
      return *info_.only_size;
    }
    if (!notes_.image_size)
      throw std::runtime_error(
          "runs on images of any size, and does not tell which it was made for; write the size, and the number that "
          "its sides must be multiples of, into a YAML file beside it, of the same name, such as {imgsz: 640, stride: "
          "32}");
    const auto up = [&](int side) { return (side + info_.stride - 1) / info_.stride * info_.stride; };
    return {up(notes_.image_size->width), up(notes_.image_size->height)};
  }

  void describe_head(const std::vector<int>& inputs) {
    info_.head = file_->rows.head;
    auto& head = info_.head;
    head.kind = HeadKind::rows;
    head.type = notes_.head.empty() ? "head" : notes_.head;
    std::vector<int> strides;
    for (const int layer : inputs) strides.push_back(info_.layers[static_cast<std::size_t>(layer)].stride);
    if (head.strides.empty()) head.strides = strides;
    if (head.strides == strides) head.inputs = inputs;
    for (const int stride : head.strides) info_.stride = std::max(info_.stride, stride);
    constexpr int most_classes = 100'000;
    if (head.class_count > most_classes)
      throw std::runtime_error(fmt::format("has {} classes; at most {} are supported", head.class_count, most_classes));
    info_.class_names = notes_.names;
    for (int i = static_cast<int>(info_.class_names.size()); i < head.class_count; ++i)
      info_.class_names.push_back(fmt::format("class {}", i));
  }

  void describe_input() {
    const auto size = info_.only_size ? *info_.only_size : *notes_.image_size;
    info_.image_size = std::max(size.width, size.height);
    const auto layout = file_->rows.layout;
    const bool yolox = layout == OutputLayout::yolox;
    const bool queries = info_.head.rows.unit == RowUnit::shares || file_->rows.outputs.size() == 3;
    info_.fit = notes_.fit.value_or(yolox ? FrameFit::top_left : queries ? FrameFit::stretched : FrameFit::centered);
    file_->bgr = notes_.bgr.value_or(yolox);
    const bool whole_numbers = !image_of(*file_->model).get_element_type().is_real();
    const float white = notes_.white.value_or(yolox || whole_numbers ? 255.0F : 1.0F);
    const bool rf_detr = queries && has_output("dets") && has_output("labels");  // trained with ImageNet's statistics
    const auto mean = notes_.mean.value_or(rf_detr ? std::array{0.485F, 0.456F, 0.406F} : std::array{0.0F, 0.0F, 0.0F});
    const auto std = notes_.std.value_or(rf_detr ? std::array{0.229F, 0.224F, 0.225F} : std::array{1.0F, 1.0F, 1.0F});
    for (std::size_t i = 0; i < 3; ++i) {
      file_->mean[i] = mean[i] / white;
      file_->scale[i] = std[i] / white;
    }
  }

  bool has_output(const std::string& name) const {
    const auto outputs = file_->model->outputs();
    return std::ranges::any_of(outputs, [&](const auto& output) { return output.get_names().contains(name); });
  }

  std::shared_ptr<OpenvinoFile> file_;
  ModelNotes notes_;
  NetworkInfo info_;
};

/// The value with this name in a copy of the model.
Value find_value(const ov::Model& model, const ValueName& name) {
  for (const auto& node : model.get_ops())
    if (node->get_friendly_name() == name.node) return node->output(name.output);
  throw std::runtime_error(fmt::format("there is no operator '{}'", name.node));
}

/// Joins the outputs that the rows are made from: 1×N×columns.
Value rows_of(const ov::Model& model, const RowSource& source) {
  ov::OutputVector parts;
  for (const auto i : source.outputs) {
    auto part = to_float(model.get_results().at(i)->input_value(0));
    if (part.get_partial_shape().rank() == 2) part = std::make_shared<op::v0::Unsqueeze>(part, axis(2))->output(0);
    parts.push_back(source.columns_first ? transpose(part, {0, 2, 1}) : part);
  }
  return parts.size() == 1 ? parts.front() : std::make_shared<op::v0::Concat>(parts, 2)->output(0);
}

/// Replaces the convolution that computes expectations over the bins of a box's sides (DFL). In bf16, its rounding
/// moves boxes by a pixel; OpenVINO computes what follows the last convolution in f32, and without this one, that
/// includes all decoding.
void decode_in_f32(const ov::Model& model) {
  for (const auto& node : model.get_ordered_ops()) {
    const auto convolution = ov::as_type_ptr<op::v1::Convolution>(node);
    if (!convolution || std::string_view(origin(node->input_value(0)).get_type_info().name) != "Softmax") continue;
    const auto bins = convolution->get_input_partial_shape(1);
    if (bins.is_dynamic() || bins.size() != 4 || bins[0] != 1 || bins[2] != 1 || bins[3] != 1) continue;
    const auto values = std::make_shared<op::v1::Multiply>(node->input_value(0), node->input_value(1));
    node->output(0).replace(std::make_shared<op::v1::ReduceSum>(values, axis(1), true)->output(0));
  }
}

/// Converts the input from what the detector gives to what the network expects.
std::shared_ptr<ov::Model> with_our_input(const std::shared_ptr<ov::Model>& model, const OpenvinoFile& file) {
  ov::preprocess::PrePostProcessor converter(model);
  auto& input = converter.input();
  input.tensor().set_element_type(ov::element::f32).set_layout("NHWC");
  input.model().set_layout("NCHW");
  auto& steps = input.preprocess();
  if (file.bgr) steps.reverse_channels();
  if (file.mean != std::array{0.0F, 0.0F, 0.0F}) steps.mean({file.mean[0], file.mean[1], file.mean[2]});
  if (file.scale != std::array{1.0F, 1.0F, 1.0F}) steps.scale({file.scale[0], file.scale[1], file.scale[2]});
  return converter.build();
}

}  // namespace

OpenvinoModel read_openvino(const std::filesystem::path& path) try {
  ov::Core core;
  return Reader(core.read_model(path.string()), path).finish();
} catch (const ov::Exception& error) {
  throw unreadable(error.what(), path);
}

bool is_quantized(const OpenvinoFile& file) {
  return std::ranges::any_of(file.model->get_ops(), [](const auto& node) {
    const std::string_view type = node->get_type_info().name;
    return type == "FakeQuantize" || (type == "Constant" && node->get_output_element_type(0) == ov::element::i8);
  });
}

std::shared_ptr<ov::Model> to_openvino(const OpenvinoFile& file, const std::vector<int>& layers, int height,
                                       int width) {
  const auto model = at_size(*file.model, {width, height});
  decode_in_f32(*model);
  ov::ResultVector results{std::make_shared<op::v0::Result>(rows_of(*model, file.rows))};
  for (const int layer : layers) {
    const auto& name = file.layers.at(static_cast<std::size_t>(layer));
    if (name.node.empty()) throw std::runtime_error(fmt::format("layer {} has no feature map", layer));
    results.push_back(std::make_shared<op::v0::Result>(transpose(to_float(find_value(*model, name)), {0, 2, 3, 1})));
  }
  return with_our_input(std::make_shared<ov::Model>(results, model->get_parameters()), file);
}

}  // namespace onepass::model
