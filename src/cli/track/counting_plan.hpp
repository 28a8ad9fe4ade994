// Reads the zones and grounds of a run, and tells what was counted at its end.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "onepass/track_sink.hpp"
#include "onepass/zone_store.hpp"

namespace onepass::cli {

/// The requested counting; an empty path means not requested.
struct CountingOptions {
  std::string zones;
  std::string ground;
  std::string counts;  ///< --save-counts
  double counts_interval_s = 60;
};

/// @param writes_motions an output shows positions on the ground
/// @throws UsageError for options that have no effect.
void check_counting(const CountingOptions& options, bool writes_motions);

/// The zones and grounds of all sources, read before the first frame. Zones can be changed during the run, by any
/// thread.
class CountingPlan {
 public:
  /// @param sources names of the sources
  /// @param missing what a missing file of zones is
  /// @throws std::runtime_error as read_zones, check_cameras, read_ground and check_ground_cameras do.
  CountingPlan(const CountingOptions& options, const std::vector<std::string>& sources, ZoneStore::Missing missing);

  /// Returns the stream with what to count in the source of this number, and a counter that its sinks share.
  /// @throws std::runtime_error as check_size does, if the size is known.
  StreamInfo counted(std::size_t source, StreamInfo stream, double end_after_s, cv::Size picture = {});

  bool has_zones_file() const { return store_ != nullptr; }
  const std::filesystem::path& zones_file() const { return store_->path(); }

  /// The zones of all sources, as they are in the file.
  StoredZones read() const { return store_->read(); }

  /// Checks the zones, writes the file and lets them count from the next frame of every source on.
  /// @throws std::invalid_argument naming the zone, as read_zones, check_cameras and check_classes do; what
  ///         ZoneStore::write() throws
  StoredZones change(const std::vector<Zone>& zones, const std::string& revision);

 private:
  /// A source that is or was open.
  struct Counter {
    std::weak_ptr<StreamCounter> counter;
    std::vector<std::string> class_names;
  };

  void check(const std::vector<Zone>& zones) const;

  std::vector<std::string> sources_;
  std::unique_ptr<ZoneStore> store_;  ///< null without a file of zones
  std::mutex mutex_;                  ///< protects the members below
  std::vector<Counting> counting_;    ///< one per source
  std::vector<Counter> counters_;     ///< one per source
};

/// A sink that counts for the summary on standard error.
class CountingSummary : public TrackSink {
 public:
  /// @param warn receives one line if zones lie outside the picture of a live stream
  explicit CountingSummary(
      const StreamInfo& stream, std::function<void(const std::string&)> warn = [](const std::string&) {})
      : counter_(counter_of(stream)), warn_(std::move(warn)) {}

  void write(const Frame& frame, std::span<const Track> tracks) override;
  void idle(const Frame& now) override { counter_->update(now, {}); }
  void close() override { counter_->finish(); }

  /// One line per zone, each with a newline: "  door: in 3, out 2" or
  /// "  queue: 7 entered, stayed 12.0 s on average, 40.0 s at most".
  std::string text() const;

 private:
  void check_size_of(const Frame& frame);

  std::shared_ptr<StreamCounter> counter_;
  std::function<void(const std::string&)> warn_;
  cv::Size checked_;   ///< of the last picture that was checked
  bool fits_ = false;  ///< a picture has contained all zones
};

/// The text of the CountingSummary among the sinks; "" if there is none.
std::string counting_summary(const Sinks& sinks);

}  // namespace onepass::cli
