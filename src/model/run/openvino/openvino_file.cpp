#include "model/run/openvino/openvino_file.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openvino/core/model.hpp>
#include <openvino/runtime/core.hpp>

#include "model/run/openvino/openvino_error.hpp"
#include "model/run/openvino/openvino_notes.hpp"

namespace onepass::model {

namespace {

const ov::Output<const ov::Node> image_of(const ov::Model& model) {
  for (const auto& input : model.inputs())
    if (input.get_partial_shape().rank().is_static() && input.get_partial_shape().rank() == 4) return input;
  throw std::runtime_error("has no input for an image of 1×3×H×W; use a detection model");
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
  Reader(const std::shared_ptr<ov::Core>& core, const std::filesystem::path& path)
      : file_(std::make_shared<OpenvinoFile>()) {
    file_->core = core;
    file_->model = core->read_model(path.string());
    notes_ = notes_about(*file_->model, path);
    require_inputs();
    const auto size = find_size();
    const auto probe = at_size(*file_->model, size);
    file_->rows = recognize(results_of(*probe, size), notes_);
    auto found = find_layers(*probe, notes_.layers);
    file_->layers = std::move(found.outputs);
    info_.layers = std::move(found.layers);
    info_.operators = std::move(found.operators);
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

}  // namespace

OpenvinoModel read_openvino(const std::filesystem::path& path) try {
  const auto core = std::make_shared<ov::Core>();
  return Reader(core, path).finish();
} catch (const ov::Exception& error) {
  throw unreadable(error.what(), path);
}

bool is_quantized(const OpenvinoFile& file) {
  return std::ranges::any_of(file.model->get_ops(), [](const auto& node) {
    const std::string_view type = node->get_type_info().name;
    return type == "FakeQuantize" || (type == "Constant" && node->get_output_element_type(0) == ov::element::i8);
  });
}

}  // namespace onepass::model
