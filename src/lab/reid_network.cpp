#include "lab/reid_network.hpp"

#include <chrono>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>

#include "core/quiet_libraries.hpp"
#include "lab/crop.hpp"
#include "onepass/setting_error.hpp"

namespace onepass::lab {
namespace {

// Max number of crops in one forward pass; bounds the memory for crowded frames.
constexpr std::size_t most_crops = 32;

/// Shortens OpenCV's long messages to the first line, without the source location.
std::string brief(const cv::Exception& error) { return error.err.substr(0, error.err.find('\n')); }

/// Returns the size of the network's input; empty if the file does not fix it.
cv::Size recorded_input(const cv::dnn::Net& net) {
  std::vector<cv::dnn::MatShape> in;
  std::vector<cv::dnn::MatShape> out;
  try {
    net.getLayerShapes(cv::dnn::MatShape(), 0, in, out);
  } catch (const cv::Exception&) {
    return {};
  }
  if (in.empty() || in[0].size() != 4 || in[0][1] != 3 || in[0][2] <= 0 || in[0][3] <= 0) return {};
  return {in[0][3], in[0][2]};
}

cv::Mat normalized(const cv::Mat& image, const Box& box, cv::Size input) {
  const auto inside = pixels_of(box, image.size());
  if (inside.empty()) return {};
  cv::Mat crop;
  cv::resize(image(inside), crop, input, 0, 0, cv::INTER_LINEAR);
  cv::cvtColor(crop, crop, cv::COLOR_BGR2RGB);
  crop.convertTo(crop, CV_32F, 1.0 / 255);
  // ImageNet's mean and deviation in the order red, green, blue.
  cv::subtract(crop, cv::Scalar(0.485, 0.456, 0.406), crop);
  cv::divide(crop, cv::Scalar(0.229, 0.224, 0.225), crop);
  return crop;
}

Embedding unit_row(const cv::Mat& rows, int row) {
  const Eigen::Map<const Eigen::VectorXf> values(rows.ptr<float>(row), rows.cols);
  const float norm = values.norm();
  return norm > 1e-12F && std::isfinite(norm) ? Embedding(values / norm) : Embedding();
}

}  // namespace

ReidNetwork::ReidNetwork(const ReidOptions& options)
    : name_(options.model.stem().string()), path_(options.model.string()) {
  quiet_libraries();
  if (!std::filesystem::is_regular_file(options.model)) throw std::runtime_error(path_ + ": no such file");
  try {
    net_ = cv::dnn::readNetFromONNX(path_);
  } catch (const cv::Exception& error) {
    throw std::runtime_error(
        fmt::format("{}: OpenCV {} cannot read it as an ONNX model ({})", path_, CV_VERSION, brief(error)));
  }
  if (net_.empty()) throw std::runtime_error(path_ + ": contains no network");
  input_ = options.input;
  if (input_.empty()) input_ = recorded_input(net_);
  if (input_.empty()) input_ = {128, 256};
  probe();
}

void ReidNetwork::probe() {
  const cv::Mat gray(input_, CV_32FC3, cv::Scalar::all(0));
  try {
    try {
      batches_ = forward({gray, gray}).rows == 2;
    } catch (const cv::Exception&) {
      batches_ = false;
    }
    dimensions_ = forward({gray}).cols;
  } catch (const cv::Exception& error) {
    throw SettingError("reid_size", fmt::format("{}: cannot run on crops of {}×{} pixels ({}); give its size", path_,
                                                input_.width, input_.height, brief(error)));
  }
  if (dimensions_ < 2)
    throw std::runtime_error(
        fmt::format("{}: outputs {} value per crop, which is not an embedding", path_, dimensions_));
}

cv::Mat ReidNetwork::forward(const std::vector<cv::Mat>& crops) {
  net_.setInput(cv::dnn::blobFromImages(crops));
  cv::Mat output = net_.forward();
  // Cloned because the network overwrites its output in the next forward pass.
  return output.reshape(1, output.size[0]).clone();
}

std::vector<Embedding> ReidNetwork::embed(const cv::Mat& image, std::span<const Detection> detections) {
  const auto start = std::chrono::steady_clock::now();
  std::vector<Embedding> embeddings(detections.size());
  std::vector<cv::Mat> crops;
  std::vector<std::size_t> places;
  const auto flush = [&] {
    if (crops.empty()) return;
    const auto rows = forward(crops);
    for (std::size_t i = 0; i < places.size(); ++i) embeddings[places[i]] = unit_row(rows, static_cast<int>(i));
    crops.clear();
    places.clear();
  };
  for (std::size_t i = 0; i < detections.size(); ++i) {
    auto crop = normalized(image, detections[i].box, input_);
    if (crop.empty()) continue;
    crops.push_back(std::move(crop));
    places.push_back(i);
    if (crops.size() == (batches_ ? most_crops : 1)) flush();
  }
  flush();
  seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return embeddings;
}

}  // namespace onepass::lab
