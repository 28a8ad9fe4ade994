// What the page knows of one stream: its newest frame, who is there, who was lately.
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
#include "sink/draw.hpp"

namespace onepass {

struct ViewLimits {
  double rate = 15;  ///< pictures per second
  int size = 1280;   ///< pixels of the longer side
};

/// An encoded picture and how many came before it.
struct Picture {
  std::int64_t number = 0;
  std::shared_ptr<const std::vector<unsigned char>> jpeg;
};

/// Who is or was there, as the gallery shows them.
struct Gallery {
  std::vector<IdentityEvent> current;  ///< in order of id
  std::vector<IdentityEvent> recent;   ///< ended, the last one first
};

/// Counts for charts and metrics.
struct CameraCounts {
  std::int64_t objects = 0;  ///< in the newest frame
  std::map<std::string, std::int64_t> by_class;
  std::int64_t identities = 0;  ///< that have begun so far
  std::int64_t frame_index = 0;
  double time_s = 0;
  bool ended = false;
};

/// One thread calls follow(), clear() and finish(); any thread the rest. Nothing that a reader does holds a lock while
/// it draws or encodes that follow() needs.
class CameraPage {
 public:
  CameraPage(std::string name, std::vector<std::string> class_names, const ViewLimits& limits);

  const std::string& name() const { return name_; }

  /// Takes note of a frame, cheaply; true where there is a new picture for viewers.
  bool follow(const Frame& frame, std::span<const Track> tracks);
  void follow(const IdentityEvent& event);

  /// Nobody is seen any more; the last picture stays.
  void clear();

  /// As clear(), and for good.
  void finish();

  /// Number of the newest picture, from 1; 0 before the first.
  std::int64_t picture_number() const;

  /// The newest picture: drawn and encoded by the first who asks for it, shared with the others.
  Picture picture();

  Gallery gallery() const;
  CameraCounts counts() const;

  /// The best view of an identity as JPEG; empty where there is none.
  std::vector<unsigned char> best_shot(std::int64_t id) const;

 private:
  struct Snapshot {
    std::int64_t number = 0;
    Frame frame;
    std::vector<Track> tracks;
    Annotator annotator;
  };
  using Clock = std::chrono::steady_clock;

  std::string name_;
  ViewLimits limits_;
  Annotator annotator_;  ///< of the thread that follows
  std::vector<std::string> class_names_;
  std::optional<Clock::time_point> last_snapshot_;

  mutable std::mutex mutex_;  ///< of what follows; held for moments only
  std::shared_ptr<const Snapshot> newest_;
  std::map<std::int64_t, IdentityEvent> current_;
  std::deque<IdentityEvent> recent_;
  CameraCounts counts_;

  std::mutex encoding_;  ///< held while a picture is drawn; never by the thread that follows
  Picture encoded_;
};

}  // namespace onepass
