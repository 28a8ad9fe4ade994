#include "lab/feature_sheet.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>

#include "embed/pooling/map_view.hpp"
#include "lab/crop.hpp"
#include "lab/retrieval.hpp"

namespace onepass::lab {
namespace {

constexpr int tile_side = 192;  // longer side of a channel's image
constexpr int label_height = 20;
constexpr int margin = 6;
constexpr int field_side = 72;  // side of a cell of the similarity matrix
const cv::Scalar ink(40, 40, 40);
const cv::Scalar paper(255, 255, 255);

void write_text(cv::Mat& sheet, const std::string& text, cv::Point baseline, const cv::Scalar& color = ink) {
  cv::putText(sheet, text, baseline, cv::FONT_HERSHEY_SIMPLEX, 0.42, color, 1, cv::LINE_AA);
}

/// Scales the channel's values so that the smallest is dark and the largest is bright.
cv::Mat picture_of(const cv::Mat& channel, cv::Size size) {
  cv::Mat gray;
  cv::normalize(channel, gray, 0, 255, cv::NORM_MINMAX, CV_8U);
  cv::Mat colored;
  cv::applyColorMap(gray, colored, cv::COLORMAP_VIRIDIS);
  cv::resize(colored, colored, size, 0, 0, cv::INTER_NEAREST);
  return colored;
}

cv::Mat crop_of(const cv::Mat& image, const Box& box) {
  cv::Mat field(field_side, field_side, CV_8UC3, paper);
  const auto rect = pixels_of(box, image.size());
  if (rect.empty()) return field;
  const double scale = static_cast<double>(field_side - 4) / std::max(rect.width, rect.height);
  const cv::Size size(std::max(1, static_cast<int>(rect.width * scale)),
                      std::max(1, static_cast<int>(rect.height * scale)));
  cv::Mat crop;
  cv::resize(image(rect), crop, size, 0, 0, cv::INTER_AREA);
  crop.copyTo(field(cv::Rect({(field_side - size.width) / 2, (field_side - size.height) / 2}, size)));
  return field;
}

/// Maps cosines from -1 to 1 to colors from blue (-1) over white (0) to red (1).
cv::Scalar color_of_cosine(float value) {
  const double strength = std::min(1.0, std::abs(static_cast<double>(value)));
  const double faded = 255 * (1 - 0.75 * strength);
  return value < 0 ? cv::Scalar(255, faded, faded) : cv::Scalar(faded, faded, 255);
}

}  // namespace

std::vector<int> strongest_channels(const model::Tensor& map, int count) {
  const auto values = embed::view_of(map);
  std::vector<double> strength(static_cast<std::size_t>(values.channels));
  for (int y = 0; y < values.height; ++y)
    for (int x = 0; x < values.width; ++x)
      for (std::size_t i = 0; i < strength.size(); ++i) strength[i] += std::abs(values.cell(y, x)[i]);
  std::vector<int> channels(strength.size());
  std::iota(channels.begin(), channels.end(), 0);
  std::ranges::stable_sort(channels, [&](int a, int b) { return strength[a] > strength[b]; });
  if (channels.size() > static_cast<std::size_t>(count)) channels.resize(static_cast<std::size_t>(count));
  return channels;
}

cv::Mat feature_sheet(const model::Tensor& map, int count, const std::string& title) {
  const auto channels = strongest_channels(map, count);
  const int height = static_cast<int>(map.size(1));
  const int width = static_cast<int>(map.size(2));
  const auto values = model::channels_first(map);
  const double scale = static_cast<double>(tile_side) / std::max(height, width);
  const cv::Size tile(std::max(1, static_cast<int>(width * scale)), std::max(1, static_cast<int>(height * scale)));
  const int across = std::max(1, static_cast<int>(std::ceil(std::sqrt(static_cast<double>(channels.size())))));
  const int down = (static_cast<int>(channels.size()) + across - 1) / across;
  const cv::Size field(tile.width + margin, tile.height + label_height);
  cv::Mat sheet(down * field.height + label_height + margin, std::max(360, across * field.width + margin), CV_8UC3,
                paper);
  write_text(sheet, title, {margin, 15});
  for (std::size_t i = 0; i < channels.size(); ++i) {
    const int left = margin + static_cast<int>(i) % across * field.width;
    const int top = label_height + static_cast<int>(i) / across * field.height;
    float* const first = values.floats().data() + std::ptrdiff_t{channels[i]} * height * width;
    const cv::Mat channel(height, width, CV_32F, first);
    write_text(sheet, fmt::format("channel {}", channels[i]), {left, top + 15});
    picture_of(channel, tile).copyTo(sheet(cv::Rect({left, top + label_height}, tile)));
  }
  return sheet;
}

cv::Mat similarity_sheet(const cv::Mat& image, std::span<const Detection> detections,
                         std::span<const Embedding> embeddings) {
  const int count = static_cast<int>(detections.size());
  cv::Mat sheet((count + 1) * field_side, (count + 1) * field_side, CV_8UC3, paper);
  const auto field = [&](int row, int column) {
    return sheet(cv::Rect(column * field_side, row * field_side, field_side, field_side));
  };
  for (int i = 0; i < count; ++i) {
    const auto crop = crop_of(image, detections[static_cast<std::size_t>(i)].box);
    crop.copyTo(field(0, i + 1));
    crop.copyTo(field(i + 1, 0));
    for (int j = 0; j < count; ++j) {
      const float value = cosine(embeddings[static_cast<std::size_t>(i)], embeddings[static_cast<std::size_t>(j)]);
      auto square = field(i + 1, j + 1);
      square.setTo(color_of_cosine(value));
      write_text(square, fmt::format("{:.2f}", value), {field_side / 2 - 16, field_side / 2 + 5});
    }
  }
  return sheet;
}

}  // namespace onepass::lab
