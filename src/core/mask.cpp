#include <algorithm>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

#include "onepass/shape_geometry.hpp"

namespace onepass {
namespace {

/// Appends runs that alternate between outside and inside, and joins neighbors of the same side.
class RunWriter {
 public:
  explicit RunWriter(std::vector<std::uint32_t>& runs) : runs_(runs) {}

  void append(bool inside, std::uint32_t length) {
    if (length == 0) return;
    if (runs_.empty() && inside) runs_.push_back(0);
    const bool last_inside = runs_.size() % 2 == 0;
    if (!runs_.empty() && last_inside == inside) {
      runs_.back() += length;
    } else {
      runs_.push_back(length);
    }
  }

 private:
  std::vector<std::uint32_t>& runs_;
};

/// Calls visit(in_a, in_b, length) for every piece of the picture in which neither mask changes.
template <typename Visit>
void walk_both(const Mask& a, const Mask& b, Visit visit) {
  std::size_t i = 0, j = 0;
  std::uint32_t left_a = a.runs.empty() ? 0 : a.runs[0], left_b = b.runs.empty() ? 0 : b.runs[0];
  while (i < a.runs.size() && j < b.runs.size()) {
    const auto step = std::min(left_a, left_b);
    visit(i % 2 == 1, j % 2 == 1, step);
    left_a -= step;
    left_b -= step;
    if (left_a == 0 && ++i < a.runs.size()) left_a = a.runs[i];
    if (left_b == 0 && ++j < b.runs.size()) left_b = b.runs[j];
  }
}

bool same_size(const Mask& a, const Mask& b) { return a.width == b.width && a.height == b.height; }

/// Reads one number of COCO's text from the position on.
std::int64_t read_number(std::string_view text, std::size_t& at) {
  constexpr int first_letter = 48, most_bits = 35;
  std::int64_t value = 0;
  for (int shift = 0;; shift += 5) {
    if (at == text.size()) throw std::invalid_argument("the text of the mask breaks off");
    const int letter = static_cast<unsigned char>(text[at]) - first_letter;
    if (letter < 0 || letter > 63)
      throw std::invalid_argument(fmt::format("the text of the mask has a wrong character at position {}", at + 1));
    if (shift >= most_bits) throw std::invalid_argument("the text of the mask has a run that is too long");
    ++at;
    value |= static_cast<std::int64_t>(letter & 0x1f) << shift;
    if (letter & 0x20) continue;
    if (letter & 0x10) value |= -(std::int64_t{1} << (shift + 5));  // the sign
    return value;
  }
}

}  // namespace

Mask to_mask(const cv::Mat& picture) {
  if (picture.type() != CV_8UC1) throw std::invalid_argument("a mask needs a picture of one channel of 8 bits");
  Mask mask{picture.cols, picture.rows, {}};
  RunWriter writer(mask.runs);
  for (int x = 0; x < picture.cols; ++x) {
    for (int y = 0; y < picture.rows;) {
      const bool inside = picture.at<std::uint8_t>(y, x) != 0;
      const int first = y;
      while (y < picture.rows && (picture.at<std::uint8_t>(y, x) != 0) == inside) ++y;
      writer.append(inside, static_cast<std::uint32_t>(y - first));
    }
  }
  return mask;
}

cv::Mat to_picture(const Mask& mask) {
  if (mask.empty()) return {};
  cv::Mat columns = cv::Mat::zeros(mask.width, mask.height, CV_8UC1);  // transposed: runs are contiguous
  const auto total = columns.total();
  std::size_t at = 0;
  for (std::size_t i = 0; i < mask.runs.size(); ++i) {
    const auto end = std::min(total, at + mask.runs[i]);
    if (i % 2 == 1) std::fill(columns.data + at, columns.data + end, std::uint8_t{255});
    at = end;
  }
  return columns.t();
}

std::int64_t area(const Mask& mask) {
  std::int64_t pixels = 0;
  for (std::size_t i = 1; i < mask.runs.size(); i += 2) pixels += mask.runs[i];
  return pixels;
}

std::int64_t intersection_area(const Mask& a, const Mask& b) {
  std::int64_t common = 0;
  if (!same_size(a, b)) return common;
  walk_both(a, b, [&](bool in_a, bool in_b, std::uint32_t length) { common += in_a && in_b ? length : 0; });
  return common;
}

double intersection_over_union(const Mask& a, const Mask& b) {
  const auto common = intersection_area(a, b);
  return common > 0 ? static_cast<double>(common) / static_cast<double>(area(a) + area(b) - common) : 0;
}

Box bounding_box(const Mask& mask) {
  if (mask.height <= 0) return {};
  std::int64_t left = mask.width, top = mask.height, right = 0, bottom = 0, at = 0;
  for (std::size_t i = 0; i < mask.runs.size(); at += mask.runs[i++]) {
    if (i % 2 == 0 || mask.runs[i] == 0) continue;
    const std::int64_t last = at + mask.runs[i] - 1;
    const bool one_column = at / mask.height == last / mask.height;
    left = std::min(left, at / mask.height);
    right = std::max(right, last / mask.height + 1);
    top = std::min(top, one_column ? at % mask.height : 0);
    bottom = std::max(bottom, one_column ? last % mask.height + 1 : mask.height);
  }
  if (left >= right) return {};
  return {static_cast<float>(left), static_cast<float>(top), static_cast<float>(right - left),
          static_cast<float>(bottom - top)};
}

Mask without(const Mask& mask, const Mask& other) {
  if (!same_size(mask, other)) return mask;
  Mask rest{mask.width, mask.height, {}};
  RunWriter writer(rest.runs);
  walk_both(mask, other,
            [&](bool in_mask, bool in_other, std::uint32_t length) { writer.append(in_mask && !in_other, length); });
  return rest;
}

std::string to_coco_text(const Mask& mask) {
  std::string text;
  for (std::size_t i = 0; i < mask.runs.size(); ++i) {
    std::int64_t value = mask.runs[i];
    if (i > 2) value -= mask.runs[i - 2];
    for (bool more = true; more;) {
      int letter = static_cast<int>(value & 0x1f);
      value >>= 5;
      more = (letter & 0x10) ? value != -1 : value != 0;
      if (more) letter |= 0x20;
      text += static_cast<char>(letter + 48);
    }
  }
  return text;
}

Mask from_coco_text(std::string_view text, int width, int height) {
  if (width < 1 || height < 1) throw std::invalid_argument("a mask has no size");
  const std::int64_t total = std::int64_t{width} * height;
  if (total > std::numeric_limits<std::uint32_t>::max()) throw std::invalid_argument("a mask is too large");
  Mask mask{width, height, {}};
  std::int64_t sum = 0;
  for (std::size_t at = 0; at < text.size();) {
    auto run = read_number(text, at);
    if (mask.runs.size() > 2) run += mask.runs[mask.runs.size() - 2];
    if (run < 0) throw std::invalid_argument("the text of the mask has a run of negative length");
    sum += run;
    if (sum > total)
      throw std::invalid_argument(fmt::format("the runs of the mask are longer than {}×{} pixels", width, height));
    mask.runs.push_back(static_cast<std::uint32_t>(run));
  }
  if (sum != total)
    throw std::invalid_argument(
        fmt::format("the runs of the mask add up to {} pixels instead of {}×{} = {}", sum, width, height, total));
  return mask;
}

}  // namespace onepass
