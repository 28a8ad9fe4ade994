// Compares embeddings from the detector with those of dedicated networks on the objects of a single image.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "lab/reid_network.hpp"
#include "lab/shared_pass.hpp"

namespace onepass::lab {

struct ImageMethod {
  std::string name;
  std::vector<Embedding> embeddings;  ///< one per detection
  double embed_ms = 0;                ///< of all detections together
};

struct ImageComparison {
  std::string source;
  std::vector<Detection> detections;
  double forward_ms = 0;  ///< of the detector, from image to boxes
  std::vector<ImageMethod> methods;
};

/// Every network runs twice; the second run is timed, because the first one allocates its memory.
/// @param most only so many detections, those with the highest scores, are compared
ImageComparison compare_on_image(const std::string& source, const Frame& frame, SharedPass& pass,
                                 std::span<ReidNetwork> networks, std::size_t most);

/// Returns the times, and the cosine similarities of all pairs: one matrix per method, side by side if there is room.
std::string to_text(const ImageComparison& comparison);

std::string to_json(const ImageComparison& comparison);

/// Draws the matrices of all methods next to each other, with the objects at their sides.
cv::Mat to_picture(const ImageComparison& comparison, const cv::Mat& image);

}  // namespace onepass::lab
