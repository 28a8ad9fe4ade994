#include "sink/web/report/identity_report.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "sink/text/json_values.hpp"
#include "sink/video/draw.hpp"
#include "sink/web/report/reports.hpp"

namespace onepass::sink {
namespace {

using Cameras = std::vector<std::shared_ptr<CameraPage>>;

/// The numbers of the cameras that know an identity of this camera by the same id; this one comes first.
std::vector<std::size_t> same_ids(const Cameras& cameras, std::size_t camera) {
  std::vector<std::size_t> result = {camera};
  for (std::size_t i = 0; i < cameras.size(); ++i) {
    if (i != camera && cameras[i]->shares_ids() && cameras[camera]->shares_ids()) result.push_back(i);
  }
  return result;
}

Json view_json(const Visit& visit, std::size_t camera, std::size_t number) {
  const auto& view = visit.views[number];
  Json result;
  result["time"] = rounded(view.time.count(), 3);
  if (view.captured != std::chrono::system_clock::time_point{}) result["wall"] = utc_text(view.captured);
  // The size distinguishes a picture from a better one that replaces it.
  result["picture"] =
      fmt::format("view.jpg?camera={}&visit={}&view={}&size={}", camera, visit.number, number, view.jpeg->size());
  return result;
}

Json visit_json(const Visit& visit, const CameraPage& page, std::size_t camera) {
  const auto& last = visit.last;
  Json result;
  result["camera"] = camera;
  result["source"] = page.name();
  result["first_time"] = rounded(last.first_time.count(), 3);
  result["last_time"] = rounded(last.last_time.count(), 3);
  if (last.first_captured != std::chrono::system_clock::time_point{}) {
    result["first_wall"] = utc_text(last.first_captured);
    result["last_wall"] = utc_text(last.last_captured);
  }
  result["duration"] = rounded((last.last_time - last.first_time).count(), 3);
  result["ended"] = visit.ended;
  result["views"] = Json::array();
  for (std::size_t i = 0; i < visit.views.size(); ++i) result["views"].push_back(view_json(visit, camera, i));
  result["path"] = Json::array();
  for (const auto& place : visit.path) result["path"].push_back({rounded(place.x, 4), rounded(place.y, 4)});
  const auto size = page.first_size();
  result["aspect"] = size.empty() ? Json() : rounded(static_cast<double>(size.width) / size.height, 4);
  return result;
}

/// When the visit ended on the clock that cameras share, or in the time of the stream.
double end_of(const Visit& visit) {
  const auto wall = visit.last.last_captured.time_since_epoch();
  return wall.count() > 0 ? std::chrono::duration<double>(wall).count() : visit.last.last_time.count();
}

Json similar_json(const Cameras& cameras, std::size_t camera, const SimilarIdentity& similar) {
  Json result;
  result["id"] = similar.id;
  result["likeness"] = rounded(1 - 2 * similar.distance, 3);
  result["color"] = color_text(similar.id);
  for (const auto i : same_ids(cameras, camera)) {
    const auto visits = cameras[i]->visits_of(similar.id);
    if (visits.empty()) continue;
    result["camera"] = i;
    result["class_name"] = visits.front().last.class_name;
    for (const auto& visit : visits) {
      if (visit.views.empty()) continue;
      result["picture"] = view_json(visit, i, visit.views.size() - 1)["picture"];
      return result;
    }
  }
  return result;
}

}  // namespace

std::string identity_json(const Cameras& cameras, std::size_t camera, std::int64_t id) {
  std::vector<std::pair<std::size_t, Visit>> visits;
  for (const auto i : same_ids(cameras, camera)) {
    for (auto& visit : cameras[i]->visits_of(id)) visits.emplace_back(i, std::move(visit));
  }
  if (visits.empty()) return "";
  std::ranges::stable_sort(visits, std::greater(), [](const auto& entry) { return end_of(entry.second); });
  Json result;
  result["id"] = id;
  result["camera"] = camera;
  result["class_name"] = visits.front().second.last.class_name;
  result["color"] = color_text(id);
  result["visits"] = Json::array();
  for (const auto& [i, visit] : visits) result["visits"].push_back(visit_json(visit, *cameras[i], i));
  result["similar"] = nullptr;
  if (const auto similar = cameras[camera]->similar_to(id)) {
    result["similar"] = Json::array();
    for (const auto& other : *similar) result["similar"].push_back(similar_json(cameras, camera, other));
  }
  return to_line(result);
}

}  // namespace onepass::sink
