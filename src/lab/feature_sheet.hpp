// Feature maps and similarities as pictures.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>
#include <opencv2/core/mat.hpp>

#include "onepass/types.hpp"

namespace onepass::lab {

/// The channels with the largest mean absolute value, strongest first (ties: the lower number first).
/// @param map 1×C×H×W float
std::vector<int> strongest_channels(const at::Tensor& map, int count);

/// The strongest channels side by side, each from its own least to its greatest value, under a title.
cv::Mat feature_sheet(const at::Tensor& map, int count, const std::string& title);

/// The crops along two sides, and in the field of each pair its cosine as number and colour.
/// @param embeddings of unit norm, one per box; empty ones have cosine 0
cv::Mat similarity_sheet(const cv::Mat& image, std::span<const Detection> detections,
                         std::span<const Embedding> embeddings);

}  // namespace onepass::lab
