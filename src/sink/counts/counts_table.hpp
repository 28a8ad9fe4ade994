// Sums up what zones count, interval by interval.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "onepass/track_sink.hpp"

namespace onepass::sink {

/// Makes the rows of make_counts_sink.
class CountsTable {
 public:
  /// @param interval_s > 0
  CountsTable(const StreamInfo& stream, double interval_s);

  /// Returns the rows of the interval that ended before this frame, if one did.
  std::string update(const Frame& frame, std::span<const Track> tracks);

  /// Returns the rows of the open interval, up to the last frame; "" before the first frame.
  std::string open_interval() const;

  /// Returns the rows of the last interval, which is not complete.
  std::string finish();

 private:
  /// One zone in the current interval.
  struct Sums {
    ZoneCounts before;      ///< at the start of the interval
    double occupied_s = 0;  ///< time times occupancy
    std::int64_t most = 0;
    double longest_dwell_s = 0;
  };

  double clock_s(const Frame& frame) const;
  std::string start_text(double seconds) const;
  void begin(std::int64_t interval, double start_s, double now_s);
  std::string change_zones(double now_s);
  void add_time(double now_s);
  void add(const std::vector<ZoneEvent>& events);
  std::string rows(double end_s) const;
  std::string row(std::size_t zone, const std::string& interval, double observed_s) const;

  std::string source_;
  bool live_;
  double interval_s_;
  double longest_step_s_;                           ///< of time between two frames; a longer one is an outage
  std::shared_ptr<StreamCounter> counter_;          ///< shared with sinks that may have counted the next frame
  std::shared_ptr<const std::vector<Zone>> zones_;  ///< of the last frame
  std::vector<ZoneCounts> counts_;                  ///< after the last frame
  std::vector<Sums> sums_;
  std::optional<std::int64_t> interval_;  ///< number of the current interval
  double start_s_ = 0;                    ///< clock at the start of the rows
  double last_s_ = 0;                     ///< clock at the last frame
  double observed_s_ = 0;                 ///< observed time in the current interval
};

}  // namespace onepass::sink
