#include "sink/web/visits.hpp"

#include <algorithm>
#include <utility>

#include "sink/video/jpeg.hpp"

namespace onepass::sink {
namespace {

constexpr int quality_percent = 80;
constexpr Timestamp least_between_views{4};

/// Adds the picture of the event. Better pictures of the same moment replace one another, and the first one stays.
void add_view(std::vector<View>& views, const IdentityEvent& event) {
  View view{event.last_time, event.last_captured, nullptr};
  auto jpeg = to_jpeg(event.best_shot, quality_percent);
  jpeg.shrink_to_fit();  // the encoder leaves up to as much again for growth
  view.jpeg = std::make_shared<const std::vector<unsigned char>>(std::move(jpeg));
  if (!views.empty() && event.last_time - views.back().time < least_between_views) {
    view.time = views.back().time;
    views.back() = std::move(view);
    return;
  }
  if (views.size() == VisitLog::most_views) views.erase(views.begin() + 1);
  views.push_back(std::move(view));
}

/// Adds a place. A path that gets too long loses every second place.
void add_place(std::vector<cv::Point2f>& path, const Box& box, cv::Size picture) {
  if (picture.empty()) return;
  const cv::Point2f place(std::clamp(box.center_x() / static_cast<float>(picture.width), 0.0F, 1.0F),
                          std::clamp(box.bottom() / static_cast<float>(picture.height), 0.0F, 1.0F));
  if (!path.empty() && path.back() == place) return;
  if (path.size() == VisitLog::most_places) {
    for (std::size_t i = 0; 2 * i < path.size(); ++i) path[i] = path[2 * i];
    path.resize(VisitLog::most_places / 2);
  }
  path.push_back(place);
}

std::size_t picture_bytes(const Visit& visit) {
  std::size_t bytes = 0;
  for (const auto& view : visit.views) bytes += view.jpeg->size();
  return bytes;
}

}  // namespace

/// The visit to which the event belongs; a new one, if the identity has no visit that lasts.
Visit& VisitLog::current(const IdentityEvent& event) {
  const auto open = open_.find(event.id);
  const auto found = open == open_.end() ? visits_.end() : std::ranges::find(visits_, open->second, &Visit::number);
  if (found != visits_.end()) return *found;
  visits_.push_back({++count_, {}, false, {}, {}});
  open_[event.id] = count_;
  if (visits_.size() > most_visits) visits_.pop_front();
  return visits_.back();
}

void VisitLog::add(const IdentityEvent& event, cv::Size picture) {
  auto& visit = current(event);
  visit.last = event;
  visit.last.best_shot.release();
  add_place(visit.path, event.box, picture);
  if (event.kind == IdentityEventKind::ended) {
    visit.ended = true;
    open_.erase(event.id);
  }
  if (!event.best_shot_is_new || event.best_shot.empty()) return;
  add_view(visit.views, event);
  bound_pictures();
}

void VisitLog::bound_pictures() {
  std::size_t bytes = 0;
  for (const auto& visit : visits_) bytes += picture_bytes(visit);
  for (auto visit = visits_.begin(); bytes > most_picture_bytes; ++visit) {
    bytes -= picture_bytes(*visit);
    visit->views.clear();
  }
}

std::vector<Visit> VisitLog::visits_of(std::int64_t id) const {
  std::vector<Visit> result;
  for (auto visit = visits_.rbegin(); visit != visits_.rend(); ++visit) {
    if (visit->last.id == id) result.push_back(*visit);
  }
  return result;
}

std::shared_ptr<const std::vector<unsigned char>> VisitLog::view(std::int64_t visit, std::size_t number) const {
  const auto found = std::ranges::find(visits_, visit, &Visit::number);
  return found == visits_.end() || number >= found->views.size() ? nullptr : found->views[number].jpeg;
}

}  // namespace onepass::sink
