#include "sink/interpolation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <map>
#include <stdexcept>

#include <fmt/format.h>

#include "onepass/shape_geometry.hpp"

namespace onepass::sink {
namespace {

constexpr double kernel_width = 3;  // standard deviation of the smoothing kernel, in frames
constexpr int reach = 6;            // radius of the smoothing kernel, in frames

/// Weighted least-squares line through values over time, evaluated at time 0. A mean instead of a line would lag behind
/// at the ends of a track.
class LineFit {
 public:
  void add(double time, double value, double weight) {
    weights_ += weight;
    times_ += weight * time;
    squares_ += weight * time * time;
    values_ += weight * value;
    products_ += weight * time * value;
  }

  double at_zero() const {
    const double determinant = weights_ * squares_ - times_ * times_;
    if (determinant < 1e-9 * weights_ * weights_) return values_ / weights_;
    return (squares_ * values_ - times_ * products_) / determinant;
  }

 private:
  double weights_ = 0, times_ = 0, squares_ = 0, values_ = 0, products_ = 0;
};

Box between(const Box& a, const Box& b, float share) {
  const auto mix = [share](float x, float y) { return x + (y - x) * share; };
  return {mix(a.left, b.left), mix(a.top, b.top), mix(a.width, b.width), mix(a.height, b.height)};
}

class InterpolatingSink : public TrackSink {
 public:
  InterpolatingSink(std::unique_ptr<TrackSink> target, int longest_gap)
      : target_(std::move(target)), longest_gap_(longest_gap) {
    if (longest_gap < 1) {
      throw std::invalid_argument(
          fmt::format("interpolation: the longest gap is {} frames, must be >= 1", longest_gap));
    }
  }

  ~InterpolatingSink() override {
    try {
      close();
    } catch (...) {  // documented for sinks: errors are lost without close()
    }
  }

  void write(const Frame& frame, std::span<const Track> tracks) override {
    frames_.push_back({frame, {tracks.begin(), tracks.end()}});
    for (const auto& track : tracks) {
      if (track.origin == BoxOrigin::detected) fill_gap_before(track);
    }
    while (pending() > 0 && next().frame.index + longest_gap_ + reach < frame.index) hand_on();
  }

  void close() override {
    if (closed_) return;
    closed_ = true;
    while (pending() > 0) hand_on();
    target_->close();
  }

  bool wants_stop() const override { return target_->wants_stop(); }

 private:
  struct Rows {
    Frame frame;
    std::vector<Track> tracks;  ///< tracked and filled-in boxes, before smoothing
  };

  std::size_t pending() const { return frames_.size() - handed_on_; }
  Rows& next() { return frames_[handed_on_]; }

  void fill_gap_before(const Track& found);
  void hand_on();
  Box smoothed(const Track& track, std::int64_t index) const;

  std::unique_ptr<TrackSink> target_;
  int longest_gap_;
  bool closed_ = false;
  std::deque<Rows> frames_;    ///< frames already handed on but needed for smoothing, then the pending frames
  std::size_t handed_on_ = 0;  ///< number of frames at the front of frames_ that were handed on
  std::map<std::int64_t, std::pair<std::int64_t, Track>> last_seen_;  ///< by id: frame index and track
};

void InterpolatingSink::fill_gap_before(const Track& found) {
  const auto& now = frames_.back().frame;
  const auto last = last_seen_.find(found.id);
  if (last != last_seen_.end() && now.index - last->second.first <= longest_gap_ + 1) {
    const auto& [lost_index, lost] = last->second;
    for (auto rows = frames_.rbegin() + 1; rows != frames_.rend() && rows->frame.index > lost_index; ++rows) {
      const double share =
          static_cast<double>(rows->frame.index - lost_index) / static_cast<double>(now.index - lost_index);
      auto filled = found;
      filled.box = between(lost.box, found.box, static_cast<float>(share));
      filled.score = std::min(lost.score, found.score);
      filled.state = TrackState::lost;
      filled.origin = BoxOrigin::interpolated;
      filled.detection = -1;
      filled.shape = onepass::between(lost.shape, found.shape, static_cast<float>(share));
      const auto place = std::ranges::lower_bound(rows->tracks, found.id, {}, &Track::id);
      if (place != rows->tracks.end() && place->id == found.id) {
        *place = filled;
      } else {
        rows->tracks.insert(place, filled);
      }
    }
  }
  last_seen_.insert_or_assign(found.id, std::pair(now.index, found));
}

void InterpolatingSink::hand_on() {
  auto& rows = next();
  auto tracks = rows.tracks;
  for (auto& track : tracks) {
    if (track.origin != BoxOrigin::predicted) track.box = smoothed(track, rows.frame.index);
  }
  target_->write(rows.frame, tracks);
  rows.frame.image.release();
  const auto index = rows.frame.index;
  ++handed_on_;
  while (handed_on_ > 0 && frames_.front().frame.index + reach < index) {
    frames_.pop_front();
    --handed_on_;
  }
  std::erase_if(last_seen_, [&](const auto& entry) { return entry.second.first + longest_gap_ + reach < index; });
}

Box InterpolatingSink::smoothed(const Track& track, std::int64_t index) const {
  std::array<LineFit, 4> fits;  // center x and y, width, height
  for (const auto& rows : frames_) {
    const auto offset = static_cast<double>(rows.frame.index - index);
    if (std::abs(offset) > reach) continue;
    const auto row = std::ranges::lower_bound(rows.tracks, track.id, {}, &Track::id);
    if (row == rows.tracks.end() || row->id != track.id || row->origin == BoxOrigin::predicted) continue;
    const double weight = std::exp(-0.5 * offset * offset / (kernel_width * kernel_width));
    const auto& box = row->box;
    const std::array<float, 4> values = {box.center_x(), box.center_y(), box.width, box.height};
    for (std::size_t i = 0; i < fits.size(); ++i) fits[i].add(offset, values[i], weight);
  }
  const auto width = static_cast<float>(fits[2].at_zero());
  const auto height = static_cast<float>(fits[3].at_zero());
  if (width <= 0 || height <= 0) return track.box;
  return {static_cast<float>(fits[0].at_zero()) - width / 2, static_cast<float>(fits[1].at_zero()) - height / 2, width,
          height};
}

}  // namespace

std::unique_ptr<TrackSink> make_interpolating_sink(std::unique_ptr<TrackSink> target, int longest_gap) {
  return std::make_unique<InterpolatingSink>(std::move(target), longest_gap);
}

}  // namespace onepass::sink
