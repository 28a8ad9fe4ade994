#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "config/fields.hpp"
#include "core/nearest_name.hpp"
#include "count/geometry.hpp"
#include "count/yaml_points.hpp"
#include "io/yaml_file.hpp"
#include "onepass/zones.hpp"

namespace onepass {
namespace {

std::string described(const Zone& zone, const std::string& what) {
  return fmt::format("{}{}zone '{}': {}", zone.place, zone.place.empty() ? "" : ": ", zone.name, what);
}

[[noreturn]] void fail(const Zone& zone, const std::string& what) { throw std::runtime_error(described(zone, what)); }

/// Coordinates are shares of the picture if all of them are at most 1.
bool are_pixels(std::span<const cv::Point2d> points) {
  return std::ranges::any_of(points, [](const auto& point) { return std::max(point.x, point.y) > 1; });
}

void check_shape(const Zone& zone) {
  const auto ends = zone.shape == ZoneShape::line ? count::Ends::open : count::Ends::closed;
  const std::size_t least = zone.shape == ZoneShape::line ? 2 : 3;
  if (zone.points.size() < least)
    fail(zone, fmt::format("has {} points, needs at least {}", zone.points.size(), least));
  for (std::size_t i = 0; i + 1 < zone.points.size(); ++i) {
    if (zone.points[i] == zone.points[i + 1]) fail(zone, fmt::format("points {} and {} are the same", i + 1, i + 2));
  }
  const auto negative = [](const auto& point) { return point.x < 0 || point.y < 0; };
  if (std::ranges::any_of(zone.points, negative)) fail(zone, "lies outside the picture: a coordinate is negative");
  const auto is_share = [](const auto& point) {
    const auto fraction = [](double value) { return value > 0 && value < 1; };
    return point.x <= 1 && point.y <= 1 && (fraction(point.x) || fraction(point.y));
  };
  const auto share = std::ranges::find_if(zone.points, is_share);
  const auto barely = [](const auto& point) { return point.x <= 2 && point.y <= 2; };
  if (zone.in_pixels && std::ranges::all_of(zone.points, barely))
    fail(zone, "lies outside the picture: shares of the picture go from 0 to 1");
  if (zone.in_pixels && share != zone.points.end())
    fail(zone, fmt::format("mixes shares of the picture ({:g}, {:g}) and pixels; give either for all points", share->x,
                           share->y));
  if (count::crosses_itself(zone.points, ends)) fail(zone, "crosses itself; give its corners in order");
  if (zone.shape == ZoneShape::polygon && !(count::area(zone.points) > 0)) fail(zone, "has no area");
}

void check_options(const Zone& zone, const YAML::Node& node) {
  if (zone.shape == ZoneShape::line && node["alone"]) fail(zone, "'alone' belongs to polygons");
  if (zone.shape == ZoneShape::polygon && node["directions"]) fail(zone, "'directions' belongs to lines");
  if (zone.directions[0].empty() || zone.directions[0] == zone.directions[1])
    fail(zone, "needs two different names of directions");
}

Zone read_zone(const YAML::Node& node, const std::string& file) {
  Zone zone;
  if (!file.empty()) zone.place = fmt::format("{}:{}", file, node.Mark().line + 1);
  std::vector<std::string> directions = {zone.directions.begin(), zone.directions.end()};
  std::vector<cv::Point2d> line;
  std::vector<cv::Point2d> polygon;
  const std::vector<config::Field> fields = {config::text("name", zone.name, ""),
                                             count::points("line", line),
                                             count::points("polygon", polygon),
                                             config::texts("classes", zone.classes, ""),
                                             config::texts("cameras", zone.cameras, ""),
                                             config::texts("directions", directions, ""),
                                             config::number("alone", zone.alone_s, 0, 1e6, ""),
                                             config::number("band", zone.band, 0, 1, "")};
  config::read_fields(node, fields, "zones", file);
  if (!node.IsMap() || zone.name.empty())
    throw std::runtime_error(zone.place + (file.empty() ? "" : ": ") + "this zone has no name");
  if (line.empty() == polygon.empty()) fail(zone, "needs either a 'line' or a 'polygon': a list of points [x, y]");
  if (directions.size() != 2) fail(zone, fmt::format("'directions' has {} names, needs two", directions.size()));
  zone.directions = {directions[0], directions[1]};
  zone.shape = line.empty() ? ZoneShape::polygon : ZoneShape::line;
  zone.points = line.empty() ? polygon : line;
  zone.in_pixels = are_pixels(zone.points);
  check_shape(zone);
  check_options(zone, node);
  return zone;
}

/// Returns whether this is the number of a class: below the count of names if they are known, else of at most 9 digits.
bool is_class_number(const std::string& name, std::span<const std::string> class_names) {
  constexpr std::size_t most_digits = 9;  // fits an int
  if (name.empty() || name.size() > most_digits || name.find_first_not_of("0123456789") != std::string::npos)
    return false;
  return class_names.empty() || std::stoul(name) < class_names.size();
}

bool share_a_camera(const Zone& a, const Zone& b) {
  if (a.cameras.empty() || b.cameras.empty()) return true;
  return std::ranges::any_of(a.cameras, [&](const auto& name) { return std::ranges::count(b.cameras, name) > 0; });
}

std::vector<Zone> zones_in(const YAML::Node& root, const std::string& file) {
  const std::vector<config::Field> sections = {count::section("zones")};
  config::read_fields(root, sections, "zones file", file);
  const auto list = root.IsMap() ? root["zones"] : YAML::Node();
  if (!list || !list.IsSequence())
    throw std::runtime_error(file + ": expected 'zones:' and a list of zones, each with a name");
  std::vector<Zone> zones;
  for (const auto& node : list) {
    auto zone = read_zone(node, file);
    const auto same = [&](const Zone& other) { return other.name == zone.name && share_a_camera(other, zone); };
    if (std::ranges::any_of(zones, same)) fail(zone, "this name is used twice");
    zones.push_back(std::move(zone));
  }
  return zones;
}

void write_texts(YAML::Emitter& text, const char* key, std::span<const std::string> values) {
  if (values.empty()) return;
  text << YAML::Key << key << YAML::Value << YAML::Flow << YAML::BeginSeq;
  for (const auto& value : values) text << value;
  text << YAML::EndSeq;
}

/// Writes the values that differ from their defaults.
void write_zone(YAML::Emitter& text, const Zone& zone) {
  const Zone defaults;
  text << YAML::BeginMap << YAML::Key << "name" << YAML::Value << zone.name;
  text << YAML::Key << (zone.shape == ZoneShape::line ? "line" : "polygon") << YAML::Value << YAML::Flow;
  text << YAML::BeginSeq;
  for (const auto& point : zone.points)
    text << YAML::Flow << YAML::BeginSeq << fmt::format("{}", point.x) << fmt::format("{}", point.y) << YAML::EndSeq;
  text << YAML::EndSeq;
  write_texts(text, "classes", zone.classes);
  write_texts(text, "cameras", zone.cameras);
  if (zone.directions != defaults.directions) write_texts(text, "directions", zone.directions);
  if (zone.alone_s != defaults.alone_s) text << YAML::Key << "alone" << YAML::Value << fmt::format("{}", zone.alone_s);
  if (zone.band != defaults.band) text << YAML::Key << "band" << YAML::Value << fmt::format("{}", zone.band);
  text << YAML::EndMap;
}

}  // namespace

std::vector<Zone> read_zones(const std::filesystem::path& path) {
  return zones_in(io::read_yaml(path, "file of zones"), path.string());
}

std::vector<Zone> parse_zones(const std::string& text, const std::string& name) {
  return zones_in(io::parse_yaml(text, name), name);
}

std::string zones_text(std::span<const Zone> zones) {
  YAML::Emitter text;
  text << YAML::BeginMap << YAML::Key << "zones" << YAML::Value;
  if (zones.empty()) text << YAML::Flow;
  text << YAML::BeginSeq;
  for (const auto& zone : zones) write_zone(text, zone);
  text << YAML::EndSeq << YAML::EndMap;
  return std::string(text.c_str()) + "\n";
}
std::vector<Zone> zones_of(const std::string& camera, std::span<const Zone> zones) {
  std::vector<Zone> result;
  for (const auto& zone : zones) {
    if (zone.cameras.empty() || std::ranges::count(zone.cameras, camera) > 0) result.push_back(zone);
  }
  return result;
}

void check_cameras(std::span<const Zone> zones, std::span<const std::string> cameras) {
  for (const auto& zone : zones) {
    for (const auto& name : zone.cameras) {
      if (std::ranges::count(cameras, name) == 0)
        fail(zone, fmt::format("there is no camera '{}'{}", name, did_you_mean(name, cameras)));
    }
  }
}

void check_classes(std::span<const Zone> zones, std::span<const std::string> class_names) {
  for (const auto& zone : zones) {
    for (const auto& name : zone.classes) {
      if (std::ranges::count(class_names, name) > 0 || is_class_number(name, class_names)) continue;
      if (class_names.empty()) fail(zone, fmt::format("the classes have no names here; give the number of '{}'", name));
      fail(zone, fmt::format("unknown class '{}'{}", name, did_you_mean(name, class_names)));
    }
  }
}

std::string size_problem(std::span<const Zone> zones, cv::Size picture) {
  for (const auto& zone : zones) {
    if (!zone.in_pixels) continue;
    for (const auto& point : zone.points) {
      if (point.x > picture.width || point.y > picture.height)
        return described(zone, fmt::format("lies outside the picture: {:g}, {:g} in {}x{}", point.x, point.y,
                                           picture.width, picture.height));
    }
  }
  return "";
}

void check_size(std::span<const Zone> zones, cv::Size picture) {
  if (const auto problem = size_problem(zones, picture); !problem.empty()) throw std::runtime_error(problem);
}

}  // namespace onepass
