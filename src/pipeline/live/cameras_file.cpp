#include "pipeline/live/cameras_file.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "config/fields.hpp"
#include "core/printable.hpp"
#include "io/yaml_file.hpp"
#include "onepass/frame_source.hpp"

namespace onepass::pipeline {
namespace {

/// Makes a field for a section whose keys are read separately, so that unknown sections are reported like unknown keys.
config::Field section(const std::string& name) {
  return {name, "", "a map", [](const YAML::Node&) {}, [] { return YAML::Node(); }};
}

/// Returns the fields of a group as a camera reads them: parameters that cameras cannot set individually throw.
std::vector<config::Field> own_fields(const config::Group& group) {
  std::vector<config::Field> fields;
  for (const auto& field : group.fields) {
    const auto name = group.name + "." + field.name;
    const bool of_network =
        group.name == "embed" || name == "detector.device" || name == "detector.executor" || name == "detector.threads";
    const bool of_memory = group.name == "memory";
    fields.push_back(field);
    if (!of_network && !of_memory) continue;
    const std::string why = of_memory ? "the memory has the same settings for all cameras"  //
                                      : "all cameras share one network";
    fields.back().read = [why, name](const YAML::Node&) {
      throw std::invalid_argument(fmt::format("{}; set {} for all of them instead", why, name));
    };
  }
  return fields;
}

void require_file_name(const std::string& name, const std::string& where) {
  if (as_file_name(name) != name)
    throw std::invalid_argument(where + ": a camera's name is used in file names; '" + name + "' is not usable there");
}

Camera read_camera(const YAML::Node& node, const Config& config, const std::string& file) {
  const auto where = fmt::format("{}:{}", file, node.Mark().line + 1);
  Camera camera{"", "", config};
  const auto groups = config::groups_of(camera.config);
  std::vector<config::Field> fields = {config::text("name", camera.name, ""), config::text("url", camera.location, "")};
  for (const auto& group : groups) fields.push_back(section(group.name));
  config::read_fields(node, fields, "camera", file);
  if (camera.location.empty()) throw std::invalid_argument(where + ": this camera has no url");
  if (node["name"]) {
    require_file_name(camera.name, where);
  } else {
    camera.name = source_name(camera.location);
  }
  for (const auto& group : groups) {
    if (const auto own = node[group.name])
      config::read_fields(own, own_fields(group), camera.name + "." + group.name, file);
  }
  return camera;
}

}  // namespace

std::vector<Camera> read_cameras(const std::filesystem::path& path, const Config& config) {
  const auto root = io::read_yaml(path, "file of cameras");
  try {
    const std::vector<config::Field> sections = {section("cameras")};
    config::read_fields(root, sections, "sources", path.string());
    const auto list = root.IsMap() ? root["cameras"] : YAML::Node();
    if (!list.IsSequence() || list.size() == 0)
      throw std::invalid_argument(path.string() + ": expected 'cameras:' and a list of cameras, each with a url");
    std::vector<Camera> cameras;
    for (const auto& node : list) {
      cameras.push_back(read_camera(node, config, path.string()));
      const auto same = [&](const Camera& other) { return other.name == cameras.back().name; };
      if (std::count_if(cameras.begin(), cameras.end(), same) > 1)
        throw std::invalid_argument(
            fmt::format("{}:{}: duplicate camera name '{}'", path.string(), node.Mark().line + 1, cameras.back().name));
    }
    return cameras;
  } catch (const std::invalid_argument& error) {
    throw std::runtime_error(error.what());
  }
}

}  // namespace onepass::pipeline
