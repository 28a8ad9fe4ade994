// Renders feature maps and similarities as images.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "model/graph/tensor.hpp"
#include "onepass/types.hpp"

namespace onepass::lab {

/// Returns the channels with the largest mean absolute value, strongest first (ties: the lower number first).
/// @param map 1×H×W×C float
std::vector<int> strongest_channels(const model::Tensor& map, int count);

/// Draws the strongest channels side by side under a title; each is scaled to its own range of values.
cv::Mat feature_sheet(const model::Tensor& map, int count, const std::string& title);

/// Draws a similarity matrix: crops along two sides, and each pair's cosine as number and color.
/// @param embeddings one per box, with unit norm; empty ones have cosine 0
cv::Mat similarity_sheet(const cv::Mat& image, std::span<const Detection> detections,
                         std::span<const Embedding> embeddings);

}  // namespace onepass::lab
