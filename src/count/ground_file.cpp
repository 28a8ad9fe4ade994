#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "core/nearest_name.hpp"
#include "count/yaml_points.hpp"
#include "io/yaml_file.hpp"
#include "onepass/ground.hpp"

namespace onepass {
namespace {

struct ListedPoint {
  GroundPoint point;
  std::vector<std::string> cameras;
};

ListedPoint read_point(const YAML::Node& node, const std::string& file) {
  ListedPoint listed;
  const std::vector<config::Field> fields = {count::point("image", listed.point.image),
                                             count::point("meters", listed.point.meters),
                                             config::texts("cameras", listed.cameras, "")};
  config::read_fields(node, fields, "ground", file);
  if (!node.IsMap() || !node["image"] || !node["meters"])
    throw std::runtime_error(fmt::format("{}:{}: a point of the ground needs 'image: [x, y]' and 'meters: [x, y]'",
                                         file, node.Mark().line + 1));
  if (listed.point.image.x < 0 || listed.point.image.y < 0)
    throw std::runtime_error(fmt::format("{}:{}: this point lies outside the picture", file, node.Mark().line + 1));
  return listed;
}

YAML::Node read_list(const std::filesystem::path& path) {
  const auto root = io::read_yaml(path, "file of ground points");
  const std::vector<config::Field> sections = {count::section("ground")};
  config::read_fields(root, sections, "ground file", path.string());
  const auto list = root.IsMap() ? root["ground"] : YAML::Node();
  if (!list || !list.IsSequence() || list.size() == 0)
    throw std::runtime_error(path.string() + ": expected 'ground:' and a list of points, each with image and meters");
  return list;
}

}  // namespace

std::optional<Ground> read_ground(const std::filesystem::path& path, const std::string& camera) {
  const auto list = read_list(path);
  std::vector<GroundPoint> points;
  bool in_pixels = false;
  for (const auto& node : list) {
    const auto listed = read_point(node, path.string());
    if (!listed.cameras.empty() && std::ranges::count(listed.cameras, camera) == 0) continue;
    points.push_back(listed.point);
    in_pixels = in_pixels || std::max(listed.point.image.x, listed.point.image.y) > 1;
  }
  if (points.empty()) return std::nullopt;
  try {
    return Ground(points, in_pixels);
  } catch (const std::invalid_argument& error) {
    throw std::runtime_error(fmt::format("{}:{}: {}", path.string(), list.Mark().line + 1, error.what()));
  }
}

void check_ground_cameras(const std::filesystem::path& path, std::span<const std::string> cameras) {
  for (const auto& node : read_list(path)) {
    for (const auto& name : read_point(node, path.string()).cameras) {
      if (std::ranges::count(cameras, name) == 0)
        throw std::runtime_error(fmt::format("{}:{}: there is no camera '{}'{}", path.string(), node.Mark().line + 1,
                                             name, did_you_mean(name, cameras)));
    }
  }
}

}  // namespace onepass
