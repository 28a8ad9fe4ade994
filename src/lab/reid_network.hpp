// A dedicated re-identification network (ONNX) on crops: the baseline for embeddings from the detector.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <opencv2/dnn.hpp>

#include "onepass/types.hpp"

namespace onepass::lab {

struct ReidOptions {
  std::filesystem::path model;
  cv::Size input;  ///< width × height of a crop; empty: the size in the file, or else 128×256
};

/// Crops are scaled to the input without keeping their aspect ratio, converted to RGB and normalized with ImageNet's
/// statistics: (value / 255 − mean) / deviation. The embedding is the first output, flattened and normalized.
class ReidNetwork {
 public:
  /// @throws std::runtime_error if the file is not an ONNX model that OpenCV can run, or if the model does not turn an
  ///         image into a vector.
  explicit ReidNetwork(const ReidOptions& options);

  /// Name of the file, without folder and extension.
  const std::string& name() const { return name_; }
  cv::Size input() const { return input_; }
  int dimensions() const { return dimensions_; }

  /// Returns one embedding per box; empty if the box has no pixel inside the image.
  std::vector<Embedding> embed(const cv::Mat& image, std::span<const Detection> detections);

  /// Seconds spent in embed(), including cropping.
  double seconds() const { return seconds_; }

 private:
  cv::Mat forward(const std::vector<cv::Mat>& crops);
  void probe();

  std::string name_;
  std::string path_;
  cv::dnn::Net net_;
  cv::Size input_;
  int dimensions_ = 0;
  bool batches_ = true;  // whether the model accepts several crops per forward pass
  double seconds_ = 0;
};

}  // namespace onepass::lab
