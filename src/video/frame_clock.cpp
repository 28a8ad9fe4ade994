#include "video/frame_clock.hpp"

#include <algorithm>
#include <cmath>

namespace onepass::video {

Timestamp FrameClock::time_of(std::int64_t index, double presentation_s) {
  constexpr double longest_disorder_s = 1;
  double time_s = 0;
  if (!previous_) {
    // Even with a stride, the first delivered frame is frame 0 of the source, so its time is 0.
    origin_s_ = std::isfinite(presentation_s) ? presentation_s : 0;
  } else {
    time_s = presentation_s - origin_s_;
    const bool usable = std::isfinite(time_s) && time_s > previous_->time_s;
    const bool leapt_back = std::isfinite(time_s) && time_s < previous_->time_s - longest_disorder_s;
    if (!usable) time_s = previous_->time_s + static_cast<double>(index - previous_->index) / frame_rate_;
    if (leapt_back) origin_s_ = presentation_s - time_s;
  }
  previous_ = Tick{index, time_s};
  return Timestamp(time_s);
}

double sane_frame_rate(double announced) {
  constexpr double slowest = 0.01;  // one frame in 100 s, as in time lapses
  constexpr double fallback = 30;
  return announced >= slowest && announced < 1000 ? announced : fallback;
}

IndexRange frames_in(const TimeSpan& span, double frame_rate, int stride) {
  constexpr double rounding = 1e-6;  // of a product of decimal numbers
  constexpr double largest = 1e15;
  const auto index_at = [=](double time_s) {
    return static_cast<std::int64_t>(std::ceil(std::clamp(time_s * frame_rate - rounding, 0.0, largest)));
  };
  return {(index_at(span.from_s) + stride - 1) / stride * stride, index_at(span.to_s)};
}

}  // namespace onepass::video
