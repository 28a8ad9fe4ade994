// Holds the data that the web page shows of one stream: its newest frame, and its current and recent identities.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "onepass/identity_events.hpp"
#include "onepass/track_sink.hpp"
#include "onepass/web_server.hpp"
#include "sink/counts/heat_map.hpp"
#include "sink/video/draw.hpp"
#include "sink/web/visits.hpp"

namespace onepass::sink {

struct ViewLimits {
  double rate = 15;  ///< pictures per second
  int size = 1280;   ///< longer side in pixels
};

/// An encoded picture and its number, counted from 1.
struct Picture {
  std::int64_t number = 0;
  std::shared_ptr<const std::vector<unsigned char>> jpeg;
};

/// The identities of a stream that the page shows.
struct CameraIdentities {
  std::vector<IdentityEvent> current;  ///< sorted by id
  std::vector<IdentityEvent> recent;   ///< ended identities, the most recently ended first
};

/// A zone and what it has counted so far.
struct CountedZone {
  Zone zone;
  ZoneCounts counts;
};

/// Counts for charts and metrics.
struct CameraCounts {
  std::int64_t objects = 0;  ///< objects in the newest frame
  std::map<std::string, std::int64_t> by_class;
  std::int64_t identities = 0;  ///< identities that have started so far
  std::int64_t frame_index = 0;
  double time_s = 0;
  std::vector<CountedZone> zones;
  cv::Size size;  ///< of the newest frame, to which boxes belong
  bool ended = false;
};

/// One thread calls record(), idle(), clear() and finish(); any thread may call the other functions. Readers draw and
/// encode without holding a lock that record() needs.
class CameraPage {
 public:
  CameraPage(StreamInfo stream, const ViewLimits& limits, WebIdentities identities = {});

  const std::string& name() const { return stream_.source.name; }
  const std::vector<std::string>& class_names() const { return stream_.class_names; }

  /// Size of the first picture; empty before it.
  cv::Size first_size() const;

  /// Records a frame, at low cost. Returns true if there is a new picture for viewers.
  bool record(const Frame& frame, std::span<const Track> tracks);

  /// @param picture size of the picture to which the event's box belongs
  void record(const IdentityEvent& event, cv::Size picture = {});

  /// The stream is silent, and its tracks have ended; the last picture stays.
  void idle(const Frame& now);

  /// Sets the object counts to zero; the last picture stays.
  void clear();

  /// Calls clear() and marks the stream as ended.
  void finish();

  /// Number of the newest picture, from 1; 0 before the first.
  std::int64_t picture_number() const;

  /// Returns the newest picture. The first call draws and encodes it; later calls share the result.
  Picture picture();

  /// Returns the newest picture with the heat of where objects stood (see draw_heat) as JPEG; empty before the first
  /// frame.
  std::vector<unsigned char> heat_map() const;

  /// Returns the newest picture as picture() does, but without zones; empty before the first frame.
  std::vector<unsigned char> picture_without_zones() const;

  CameraIdentities identities() const;
  CameraCounts counts() const;

  /// Returns the best view of an identity as JPEG; empty if there is none.
  std::vector<unsigned char> best_shot(std::int64_t id) const;

  /// The visits of an identity that are remembered, the latest first.
  std::vector<Visit> visits_of(std::int64_t id) const;

  /// A view of a visit as JPEG; null if there is none.
  std::shared_ptr<const std::vector<unsigned char>> view(std::int64_t visit, std::size_t number) const;

  bool shares_ids() const { return identities_.share_ids; }

  /// The identities most similar to one; nullopt if nobody can say.
  std::optional<std::vector<SimilarIdentity>> similar_to(std::int64_t id) const;

 private:
  struct Snapshot {
    std::int64_t number = 0;
    Frame frame;
    std::vector<Track> tracks;
    Annotator annotator;
  };
  using Clock = std::chrono::steady_clock;

  std::vector<CountedZone> counted_zones() const;

  StreamInfo stream_;
  ViewLimits limits_;
  WebIdentities identities_;
  Annotator annotator_;  ///< used only by the thread that calls record()
  std::optional<Clock::time_point> last_snapshot_;

  mutable std::mutex mutex_;  ///< protects the members up to heat_; held briefly only
  std::shared_ptr<const Snapshot> newest_;
  cv::Size first_size_;
  std::map<std::int64_t, IdentityEvent> current_;
  std::deque<IdentityEvent> recent_;
  VisitLog visits_;
  CameraCounts counts_;
  HeatMap heat_;

  std::mutex encoding_;  ///< protects encoded_; held while a picture is drawn, never by record()
  Picture encoded_;
};

}  // namespace onepass::sink
