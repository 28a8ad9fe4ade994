#include "sink/video/draw.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>

#include "core/printable.hpp"
#include "sink/video/label.hpp"
#include "sink/video/shape_drawing.hpp"
#include "sink/video/zone_drawing.hpp"

namespace onepass::sink {
namespace {

constexpr Timestamp trail_duration{1.5};
constexpr std::size_t longest_trail = 120;  // points; keeps memory bounded at any frame rate

/// Converts the box to whole pixels; clamps coordinates far outside the image, where integers and drawing would
/// overflow.
cv::Rect to_pixels(const Box& box, cv::Size image) {
  const auto clamped = [](float value, int size) {
    const auto limit = static_cast<float>(size);
    return value > -limit ? static_cast<int>(std::lround(std::min(value, 2 * limit))) : -size;
  };
  const cv::Point top_left(clamped(box.left, image.width), clamped(box.top, image.height));
  const cv::Point bottom_right(clamped(box.right(), image.width), clamped(box.bottom(), image.height));
  return {top_left, bottom_right};
}

/// Draws the outline of a track: its rotated box, if it has one, or its box; dashed if it was not detected.
void draw_track(cv::Mat& image, const Track& track, int width) {
  const LineStyle style{color_of(track.id), width, track.origin != BoxOrigin::detected};
  if (track.shape.rotated) {
    draw_outline(image, pixel_corners(*track.shape.rotated, image.size()), style);
    return;
  }
  const auto box = to_pixels(track.box, image.size());
  if (!style.dashed) {
    cv::rectangle(image, box, style.color, style.width, cv::LINE_8);
    return;
  }
  const cv::Point top_left = box.tl();
  const cv::Point bottom_right = box.br() - cv::Point(1, 1);
  const cv::Point top_right(bottom_right.x, top_left.y), bottom_left(top_left.x, bottom_right.y);
  draw_outline(image, {top_left, top_right, bottom_right, bottom_left}, style);
}

/// Blends a line into the image; `opacity` is in [0, 1], where 0 leaves the image unchanged.
void blend_line(cv::Mat& image, cv::Point from, cv::Point to, const cv::Scalar& color, int width, double opacity) {
  const cv::Rect around(std::min(from.x, to.x) - width, std::min(from.y, to.y) - width,
                        std::abs(to.x - from.x) + 2 * width + 1, std::abs(to.y - from.y) + 2 * width + 1);
  const cv::Rect visible = around & cv::Rect({}, image.size());
  if (visible.empty()) return;
  cv::Mat region = image(visible);
  cv::Mat covered = region.clone();
  cv::line(covered, from - visible.tl(), to - visible.tl(), color, width, cv::LINE_AA);
  cv::addWeighted(covered, opacity, region, 1 - opacity, 0, region);
}

}  // namespace

cv::Scalar color_of(std::int64_t id) {
  // Steps of the golden ratio spread consecutive hues evenly over the circle. The lightness alternates, so that ids
  // with similar hues still differ.
  constexpr double golden_ratio = 0.6180339887498949;
  constexpr std::array lightness = {1.0, 0.8, 0.62};
  const double whole_turns = static_cast<double>(id) * golden_ratio;
  const double sector = (whole_turns - std::floor(whole_turns)) * 6;
  const double value = 255 * lightness[static_cast<std::size_t>(id % 3 + 3) % 3];
  constexpr double saturation = 0.85;
  // HSV to RGB: each channel has its full value within a third of the circle around its own hue and falls off linearly.
  const auto channel = [&](double hue_sector) {
    const double distance = std::abs(std::remainder(sector - hue_sector, 6));
    return std::round(value * (1 - saturation * std::clamp(distance - 1, 0.0, 1.0)));
  };
  return {channel(4), channel(2), channel(0)};
}

std::string label_of(const Track& track, const std::vector<std::string>& class_names) {
  const auto index = static_cast<std::size_t>(track.class_id);
  return index < class_names.size() ? fmt::format("{} {}", class_names[index], track.id) : std::to_string(track.id);
}

std::vector<std::string> undrawable(const std::vector<std::string>& class_names) {
  std::vector<std::string> result;
  for (const auto& name : class_names) {
    const auto text = printable(name);
    if (!is_ascii(text) && !write_text(text, 16)) result.push_back(name);
  }
  return result;
}

Annotator::Annotator(std::vector<std::string> class_names, const Counting& counting)
    : class_names_(std::move(class_names)),
      counter_(counting.shared ? counting.shared : std::make_shared<StreamCounter>(counting, class_names_)),
      zones_(counter_->zones()),
      zone_counts_(counter_->counts()) {
  const auto missing = undrawable(class_names_);
  for (std::size_t i = 0; i < class_names_.size(); ++i) {
    const bool drawable = std::ranges::find(missing, class_names_[i]) == missing.end();
    class_names_[i] = drawable ? printable(class_names_[i]) : fmt::format("class {}", i);
  }
}

cv::Mat Annotator::draw(const Frame& frame, std::span<const Track> tracks) {
  update(frame, tracks);
  return render(frame, tracks);
}

cv::Mat Annotator::render(const Frame& frame, std::span<const Track> tracks) const {
  if (frame.image.empty())
    throw std::invalid_argument(
        fmt::format("frame {} has no image to draw on; drawing tracks needs images", frame.index));
  cv::Mat image = frame.image.clone();
  const int width = line_width(image.size());
  draw_zones(image, *zones_, first_size_, zone_counts_);
  for (const auto& track : tracks) fill_mask(image, track.shape.mask, color_of(track.id));
  for (const auto& track : tracks) draw_trail(image, track.id, frame.time, width);
  for (const auto& track : tracks) draw_track(image, track, width);
  for (const auto& track : tracks) draw_skeleton(image, track.shape.keypoints, {color_of(track.id), width});
  draw_labels(image, tracks);
  return image;
}

void Annotator::draw_labels(cv::Mat& image, std::span<const Track> tracks) const {
  const auto style = label_style(image.size());
  std::vector<Label> labels;
  std::vector<cv::Rect> placed;
  for (const auto& track : tracks) {  // sorted by id, so that labels keep their places from frame to frame
    labels.push_back(make_label(label_of(track, class_names_), to_pixels(track.box, image.size()), color_of(track.id),
                                image.size(), style, placed));
    placed.push_back(labels.back().place);
  }
  for (const auto& label : labels) draw_label(image, label, style);
}

void Annotator::update(const Frame& frame, std::span<const Track> tracks) {
  count(frame, tracks);
  for (const auto& track : tracks) {
    auto& trail = trails_[track.id];
    trail.push_back({frame.time, {track.box.center_x(), track.box.bottom()}});
    if (trail.size() > longest_trail) trail.pop_front();
  }
  for (auto& [id, trail] : trails_) {
    while (!trail.empty() && frame.time - trail.front().time > trail_duration) trail.pop_front();
  }
  std::erase_if(trails_, [](const auto& entry) { return entry.second.empty(); });
}

void Annotator::hide_zones() {
  zones_ = std::make_shared<const std::vector<Zone>>();
  zone_counts_.clear();
}

void Annotator::count(const Frame& frame, std::span<const Track> tracks) {
  counter_->update(frame, tracks);
  zones_ = counter_->zones();
  zone_counts_ = counter_->counts();
  if (first_size_.empty()) first_size_ = frame.size.empty() ? frame.image.size() : frame.size;
}

void Annotator::draw_trail(cv::Mat& image, std::int64_t id, Timestamp now, int width) const {
  const auto& trail = trails_.at(id);
  const auto limit = 2 * std::max(image.cols, image.rows);
  const cv::Rect2f drawable(-limit, -limit, 3 * limit, 3 * limit);  // outside, pixel coordinates might overflow
  for (std::size_t i = 1; i < trail.size(); ++i) {
    if (!drawable.contains(trail[i - 1].position) || !drawable.contains(trail[i].position)) continue;
    const double opacity = 1 - (now - trail[i].time) / trail_duration;
    blend_line(image, trail[i - 1].position, trail[i].position, color_of(id), width, opacity);
  }
}

}  // namespace onepass::sink
