#include "sink/web/report/zone_json.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

#include "sink/text/json_values.hpp"

namespace onepass::sink {
namespace {

constexpr std::size_t most_zones = 200;
constexpr std::size_t most_points = 200;  // of one zone

Json zone_to_json(const Zone& zone) {
  Json result;
  result["name"] = zone.name;
  result["shape"] = zone.shape == ZoneShape::line ? "line" : "polygon";
  result["points"] = Json::array();
  for (const auto& point : zone.points) result["points"].push_back({point.x, point.y});
  result["in_pixels"] = zone.in_pixels;
  result["classes"] = zone.classes;
  result["cameras"] = zone.cameras;
  result["directions"] = zone.directions;
  result["alone"] = zone.alone_s;
  result["band"] = zone.band;
  return result;
}

/// Reads the values of one zone, and complains with its name.
class ZoneReader {
 public:
  explicit ZoneReader(const Json& given) : given_(given) {
    if (!given.is_object()) throw std::invalid_argument("every zone must be an object");
  }

  Zone read() {
    static const std::set<std::string> known = {"name",    "shape",      "points", "in_pixels", "classes",
                                                "cameras", "directions", "alone",  "band"};
    zone_.name = text("name");
    for (const auto& [key, value] : given_.items()) {
      if (!known.contains(key)) fail(fmt::format("unknown key '{}'", key));
    }
    const auto shape = text("shape");
    if (shape != "line" && shape != "polygon") fail("'shape' must be line or polygon");
    zone_.shape = shape == "line" ? ZoneShape::line : ZoneShape::polygon;
    zone_.in_pixels = given_.value("in_pixels", Json(false)) == Json(true);
    read_points();
    zone_.classes = texts("classes");
    zone_.cameras = texts("cameras");
    if (given_.contains("directions")) read_directions();
    zone_.alone_s = number(given_.value("alone", Json(zone_.alone_s)), "alone");
    zone_.band = number(given_.value("band", Json(zone_.band)), "band");
    return zone_;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw std::invalid_argument(fmt::format("zone '{}': {}", zone_.name, what));
  }

  std::string text(const char* key) const {
    const auto value = given_.value(key, Json());
    if (!value.is_string()) fail(fmt::format("'{}' must be a text", key));
    return value.get<std::string>();
  }

  double number(const Json& value, const char* key) const {
    if (!value.is_number() || !std::isfinite(value.get<double>())) fail(fmt::format("'{}' must be a number", key));
    return value.get<double>();
  }

  std::vector<std::string> texts(const char* key) const {
    std::vector<std::string> result;
    const auto list = given_.value(key, Json::array());
    if (!list.is_array()) fail(fmt::format("'{}' must be a list", key));
    for (const auto& value : list) {
      if (!value.is_string()) fail(fmt::format("'{}' must be a list of texts", key));
      result.push_back(value.get<std::string>());
    }
    return result;
  }

  void read_points() {
    const auto list = given_.value("points", Json());
    if (!list.is_array() || list.size() > most_points)
      fail(fmt::format("needs a list of up to {} points", most_points));
    for (const auto& point : list) {
      if (!point.is_array() || point.size() != 2) fail("a point must be [x, y]");
      zone_.points.emplace_back(number(point[0], "x"), number(point[1], "y"));
      const auto& [x, y] = std::pair(zone_.points.back().x, zone_.points.back().y);
      if (x < 0 || y < 0 || (!zone_.in_pixels && (x > 1 || y > 1)))
        fail(fmt::format("lies outside the picture: point {} at {:g}, {:g}", zone_.points.size(), x, y));
    }
    const auto reaches = [](const cv::Point2d& point) { return point.x > 1 || point.y > 1; };
    // A file tells pixels from shares by their size.
    if (zone_.in_pixels && std::ranges::none_of(zone_.points, reaches)) fail("is smaller than a pixel");
  }

  void read_directions() {
    const auto names = texts("directions");
    if (names.size() != 2) fail(fmt::format("'directions' has {} names, needs two", names.size()));
    zone_.directions = {names[0], names[1]};
  }

  const Json& given_;
  Zone zone_;
};

}  // namespace

std::string zones_json(const ZoneDesk& desk, const std::vector<std::shared_ptr<CameraPage>>& cameras) {
  Json result;
  result["may_edit"] = desk.may_edit;
  result["revision"] = desk.stored.revision;
  result["zones"] = Json::array();
  for (const auto& zone : desk.stored.zones) result["zones"].push_back(zone_to_json(zone));
  result["cameras"] = Json::array();
  std::set<std::string> classes;
  for (std::size_t i = 0; i < cameras.size(); ++i) {
    const auto size = cameras[i]->first_size();
    result["cameras"].push_back(
        {{"name", cameras[i]->name()}, {"camera", i}, {"width", size.width}, {"height", size.height}});
    classes.insert(cameras[i]->class_names().begin(), cameras[i]->class_names().end());
  }
  result["classes"] = classes;
  return to_line(result);
}

StoredZones zones_from_json(const std::string& text) {
  const auto given = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!given.is_object() || !given.contains("revision") || !given["revision"].is_string() || !given.contains("zones") ||
      !given["zones"].is_array())
    throw std::invalid_argument("expected JSON with 'revision' and the list 'zones'");
  if (given["zones"].size() > most_zones)
    throw std::invalid_argument(fmt::format("{} zones are too many; at most {}", given["zones"].size(), most_zones));
  StoredZones result;
  result.revision = given["revision"].get<std::string>();
  for (const auto& zone : given["zones"]) result.zones.push_back(ZoneReader(zone).read());
  return result;
}

}  // namespace onepass::sink
