// A dedicated re-identification network (ONNX) on crops: what embeddings from the detector are measured against.
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
  cv::Size input;  ///< width × height of a crop; empty: as the file says, else 128×256
};

/// Crops are scaled to the input without keeping their aspect, RGB, (value / 255 − mean) / deviation of ImageNet; the
/// embedding is the first output, flattened and normalised.
class ReidNetwork {
 public:
  /// @throws std::runtime_error where the file is no ONNX model that OpenCV can run, or does not turn an image into a
  ///         vector.
  explicit ReidNetwork(const ReidOptions& options);

  /// The name of the file, without folder and extension.
  const std::string& name() const { return name_; }
  cv::Size input() const { return input_; }
  int dimensions() const { return dimensions_; }

  /// One embedding per box; empty where the box has no pixel inside the image.
  std::vector<Embedding> embed(const cv::Mat& image, std::span<const Detection> detections);

  /// Spent in embed(), crops included.
  double seconds() const { return seconds_; }

 private:
  cv::Mat forward(const std::vector<cv::Mat>& crops);
  void probe();

  std::string name_;
  std::string path_;
  cv::dnn::Net net_;
  cv::Size input_;
  int dimensions_ = 0;
  bool batches_ = true;  // whether several crops may go through at once
  double seconds_ = 0;
};

}  // namespace onepass::lab
