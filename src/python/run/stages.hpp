// The stages of a run as the extension modules pass them to each other.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "onepass/counting.hpp"
#include "onepass/detector.hpp"
#include "onepass/frame_source.hpp"
#include "onepass/memory.hpp"
#include "onepass/pipeline.hpp"
#include "onepass/track_sink.hpp"
#include "onepass/tracker.hpp"

namespace onepass::python {

/// Collects warnings of any thread for the thread that holds Python's lock.
class Notes {
 public:
  void add(const std::string& line) {
    const std::lock_guard lock(mutex_);
    lines_.push_back(line);
  }

  /// Returns the lines since the last call.
  std::vector<std::string> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(lines_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> lines_;
};

enum class Reading { ahead, in_turn };

/// Where the frames of one run come from. A run takes `frames`.
struct Source {
  std::unique_ptr<FrameSource> frames;
  std::shared_ptr<Notes> notes;
  /// in_turn: the frames come from Python, or from a camera, where frames read ahead would be stale.
  Reading reading = Reading::ahead;
  /// Ends a wait of frames->next(), which then returns nullopt. Any thread may call it while `frames` exists.
  std::function<void()> interrupt = [] {};
};

/// The detector of one run, which takes it.
struct StreamDetector {
  std::unique_ptr<Detector> detector;
};

/// The outputs of one run, which takes them, and what else happens around its frames. All functions are called without
/// Python's lock.
struct Outputs {
  std::shared_ptr<void> owner;             ///< of what the members below use; destroyed after them
  std::shared_ptr<Memory> memory;          ///< for the tracker; null: its own, if the configuration enables one
  std::shared_ptr<StreamCounter> counter;  ///< of zones; may be null
  Sinks sinks;
  std::function<void(Tracker&)> begin = [](Tracker&) {};
  std::function<void(const RunStatistics&)> update = [](const RunStatistics&) {};  ///< after every frame
  /// Called once, when the sinks are closed.
  std::function<void(Tracker&, const RunStatistics&)> finish = [](Tracker&, const RunStatistics&) {};
};

}  // namespace onepass::python
