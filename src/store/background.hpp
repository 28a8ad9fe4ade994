// Runs work in a thread of its own that is told to stop, and is left behind if it does not in time.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

namespace onepass::store {

/// Where the work of a Background waits, and learns that it must end.
class Pace {
 public:
  /// Waits for this time, until wake() or until it must stop. Returns whether the work goes on.
  bool wait(std::chrono::milliseconds longest);

  /// The same, but wake() does not end it.
  bool rest(std::chrono::milliseconds longest);
  bool stopping() const;
  void wake();

 private:
  friend class Background;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool awake_ = false;
  bool stopping_ = false;
  bool ended_ = false;
};

class Background {
 public:
  /// @param work must keep alive all that it uses, because it may outlive this object
  explicit Background(std::function<void(Pace& pace)> work);

  /// Tells the work to stop and waits for its end, but not longer than that: a name lookup or a connection that hangs
  /// cannot be canceled. Returns whether it has ended.
  bool stop(std::chrono::milliseconds longest);
  void wake() { pace_->wake(); }

 private:
  std::shared_ptr<Pace> pace_;
};

/// Pauses between attempts: they double up to a limit.
class Pause {
 public:
  explicit Pause(std::chrono::milliseconds longest) : longest_(longest) {}

  std::chrono::milliseconds next() {
    const auto now = next_;
    next_ = std::min(2 * next_, longest_);
    return now;
  }
  void reset() { next_ = shortest; }

 private:
  static constexpr std::chrono::milliseconds shortest{100};
  std::chrono::milliseconds longest_;
  std::chrono::milliseconds next_ = shortest;
};

}  // namespace onepass::store
