// Reads the zones and grounds of a run, and tells what was counted at its end.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "onepass/track_sink.hpp"

namespace onepass::cli {

/// The requested counting; an empty path means not requested.
struct CountingOptions {
  std::string zones;
  std::string ground;
  std::string counts;  ///< --save-counts
  double counts_interval_s = 60;
};

/// The zones and grounds of all sources, read before the first frame.
class CountingPlan {
 public:
  /// @param sources names of the sources
  /// @throws std::runtime_error as read_zones, check_cameras and read_ground do.
  CountingPlan(const CountingOptions& options, const std::vector<std::string>& sources);

  /// What to count in the source of this number.
  /// @throws std::runtime_error as check_size does, if the size is known.
  Counting of(std::size_t source, double end_after_s, cv::Size picture = {}) const;

 private:
  std::vector<Counting> counting_;
};

/// A sink that counts for a line on standard error: "street: door: in 3, out 2; queue: 7 entered, mean stay 12.0 s".
class CountingSummary : public TrackSink {
 public:
  explicit CountingSummary(const StreamInfo& stream) : counter_(counter_of(stream)) {}

  void write(const Frame& frame, std::span<const Track> tracks) override { counter_.update(frame, tracks); }
  void idle(const Frame& now) override { counter_.update(now, {}); }
  void close() override { counter_.finish(); }

  /// One line per zone, each with a newline.
  std::string text() const;

 private:
  ZoneCounter counter_;
};

/// The text of the CountingSummary among the sinks; "" if there is none.
std::string counting_summary(const Sinks& sinks);

}  // namespace onepass::cli
