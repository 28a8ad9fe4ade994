// Remembers when an identity was where, and what it looked like, for its page.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <vector>

#include <opencv2/core/types.hpp>

#include "onepass/identity_events.hpp"

namespace onepass::sink {

/// A picture of an identity.
struct View {
  Timestamp time{0};                                 ///< in the time of the stream
  std::chrono::system_clock::time_point captured{};  ///< wall-clock time; the epoch if not live
  std::shared_ptr<const std::vector<unsigned char>> jpeg;
};

/// The stay of one identity in view of one camera, from its start event to its end event.
struct Visit {
  std::int64_t number = 0;  ///< counts the visits of a camera from 1
  IdentityEvent last;       ///< last event, without its picture
  bool ended = false;
  std::vector<View> views;        ///< oldest first; empty if there is no picture, or none any more
  std::vector<cv::Point2f> path;  ///< where its feet were, in shares of the picture, oldest first
};

/// The visits of one camera. Old ones are forgotten, so that the memory is bounded.
class VisitLog {
 public:
  static constexpr std::size_t most_visits = 500;
  static constexpr std::size_t most_views = 6;  ///< of a visit
  static constexpr std::size_t most_places = 64;
  static constexpr std::size_t most_picture_bytes = 4 << 20;  ///< of all visits; the oldest lose their pictures first

  /// @param picture size of the picture to which the box belongs
  void add(const IdentityEvent& event, cv::Size picture);

  /// The visits of an identity, the latest first.
  std::vector<Visit> visits_of(std::int64_t id) const;

  /// A view of a visit; null if it was forgotten.
  std::shared_ptr<const std::vector<unsigned char>> view(std::int64_t visit, std::size_t number) const;

 private:
  Visit& current(const IdentityEvent& event);
  void bound_pictures();

  std::deque<Visit> visits_;
  std::map<std::int64_t, std::int64_t> open_;  ///< number of the visit that lasts, by id
  std::int64_t count_ = 0;
};

}  // namespace onepass::sink
