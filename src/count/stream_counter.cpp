#include "onepass/counting.hpp"

namespace onepass {

void ZoneBoard::post(std::vector<Zone> zones) {
  const std::lock_guard lock(mutex_);
  zones_ = std::move(zones);
  ++posts_;
}

std::optional<std::vector<Zone>> ZoneBoard::newer_than(std::int64_t& number) const {
  const std::lock_guard lock(mutex_);
  if (posts_ == number) return std::nullopt;
  number = posts_;
  return zones_;
}

bool StreamCounter::Newest::replace(const Frame& frame) {
  const auto given = std::pair(frame.index, frame.time);
  if (frame_ == given) return false;
  frame_ = given;
  return true;
}

StreamCounter::StreamCounter(const Counting& counting, std::vector<std::string> class_names)
    : counting_(counting),
      class_names_(std::move(class_names)),
      counter_(counting.zones, class_names_, counting.end_after_s),
      zones_(std::make_shared<const std::vector<Zone>>(counting.zones)),
      board_(std::make_shared<ZoneBoard>()) {
  counting_.shared.reset();
  if (counting.ground) ground_.emplace(*counting.ground, counting.end_after_s);
}

std::shared_ptr<StreamCounter> StreamCounter::another() const {
  auto result = std::make_shared<StreamCounter>(counting_, class_names_);
  result->board_ = board_;
  return result;
}

void StreamCounter::take_over_changes() {
  auto changed = board_->newer_than(taken_over_);
  if (!changed) return;
  counter_.change_zones(*changed);
  zones_ = std::make_shared<const std::vector<Zone>>(*std::move(changed));
}

const std::vector<ZoneEvent>& StreamCounter::update(const Frame& frame, std::span<const Track> tracks) {
  if (!counted_.replace(frame)) return events_;
  take_over_changes();
  events_ = counter_.update(frame, tracks);
  return events_;
}

const std::vector<ZoneEvent>& StreamCounter::finish() {
  if (!std::exchange(finished_, true)) events_ = counter_.finish();
  return events_;
}

const GroundMotions& StreamCounter::motions(const Frame& frame, std::span<const Track> tracks) {
  if (ground_ && measured_.replace(frame)) motions_ = ground_->update(frame, tracks);
  return motions_;
}

}  // namespace onepass
