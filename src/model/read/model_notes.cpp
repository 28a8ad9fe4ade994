#include "model/read/model_notes.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "core/nearest_name.hpp"
#include "io/yaml_file.hpp"

namespace onepass::model {
namespace {

constexpr std::size_t most_classes = 100'000;
constexpr int longest_side = 8192;
constexpr int largest_stride = 512;

int length(const YAML::Node& node, int largest) {
  const auto value = node.as<double>();
  if (!(value >= 1 && value <= largest))
    throw std::runtime_error(fmt::format("{} is not in the range from 1 to {}", node.as<std::string>(), largest));
  return static_cast<int>(value);
}

/// A list of names, or a map from class number to name.
std::vector<std::string> class_names(const YAML::Node& node) {
  std::vector<std::string> names;
  if (!node.IsMap()) return node.as<std::vector<std::string>>();
  for (const auto& entry : node) {
    const auto number = entry.first.as<std::size_t>();
    if (number >= most_classes) throw std::runtime_error(fmt::format("class number {} is out of range", number));
    if (names.size() <= number) names.resize(number + 1);
    names[number] = entry.second.as<std::string>();
  }
  return names;
}

/// One number, or height and width.
ImageSize image_size(const YAML::Node& node) {
  if (!node.IsSequence()) return {length(node, longest_side), length(node, longest_side)};
  if (node.size() < 1) throw std::runtime_error("is an empty list");
  return {length(node[node.size() - 1], longest_side), length(node[0], longest_side)};
}

/// The number of keypoints, and of values per keypoint.
std::vector<int> keypoint_shape(const YAML::Node& node) {
  constexpr int most_keypoints = 1000;
  if (!node.IsSequence() || node.size() != 2) throw std::runtime_error("is not a list of two numbers");
  return {length(node[0], most_keypoints), length(node[1], most_keypoints)};
}

template <typename Value>
Value choice(const YAML::Node& node, const std::vector<std::pair<std::string, Value>>& choices) {
  const auto text = node.as<std::string>();
  std::vector<std::string> known;
  for (const auto& [name, value] : choices) {
    if (name == text) return value;
    known.push_back(name);
  }
  throw std::runtime_error(
      fmt::format("'{}' is unknown{}; give one of {}", text, did_you_mean(text, known), fmt::join(known, ", ")));
}

std::array<float, 3> per_channel(const YAML::Node& node) {
  const auto values = node.as<std::vector<float>>();
  if (values.size() != 3) throw std::runtime_error("is not a list of three numbers");
  return {values[0], values[1], values[2]};
}

std::array<float, 3> deviations(const YAML::Node& node) {
  const auto values = per_channel(node);
  if (std::ranges::any_of(values, [](float value) { return !(value > 0); }))
    throw std::runtime_error("has a number that is not positive");
  return values;
}

struct Field {
  std::string name;
  bool recorded;  ///< by exporters; they use other keys of these names otherwise
  std::function<void(const YAML::Node&, ModelNotes&)> read;
};

const std::vector<Field>& fields() {
  static const std::vector<Field> table = {
      {"names", true, [](const auto& node, auto& notes) { notes.names = class_names(node); }},
      {"task", true, [](const auto& node, auto& notes) { notes.task = node.template as<std::string>(); }},
      {"head", true, [](const auto& node, auto& notes) { notes.head = node.template as<std::string>(); }},
      {"stride", true, [](const auto& node, auto& notes) { notes.stride = length(node, largest_stride); }},
      {"kpt_shape", true, [](const auto& node, auto& notes) { notes.keypoint_shape = keypoint_shape(node); }},
      {"imgsz", true, [](const auto& node, auto& notes) { notes.image_size = image_size(node); }},
      {"layout", false,
       [](const auto& node, auto& notes) {
         notes.layout = choice<OutputLayout>(node, {{"yolov8", OutputLayout::yolov8},
                                                    {"yolov5", OutputLayout::yolov5},
                                                    {"yolox", OutputLayout::yolox},
                                                    {"end2end", OutputLayout::end2end},
                                                    {"detr", OutputLayout::detr}});
       }},
      {"fit", false,
       [](const auto& node, auto& notes) {
         notes.fit = choice<FrameFit>(
             node,
             {{"centered", FrameFit::centered}, {"top-left", FrameFit::top_left}, {"stretched", FrameFit::stretched}});
       }},
      {"channels", false,
       [](const auto& node, auto& notes) {
         notes.bgr = choice<bool>(node, {{"rgb", false}, {"bgr", true}});
       }},
      {"white", false,
       [](const auto& node, auto& notes) {
         notes.white = choice<float>(node, {{"1", 1.0F}, {"255", 255.0F}});
       }},
      {"mean", false, [](const auto& node, auto& notes) { notes.mean = per_channel(node); }},
      {"std", false, [](const auto& node, auto& notes) { notes.std = deviations(node); }},
      {"outputs", false,
       [](const auto& node, auto& notes) { notes.outputs = node.template as<std::vector<std::string>>(); }},
      {"layers", false,
       [](const auto& node, auto& notes) { notes.layers = node.template as<std::vector<std::string>>(); }},
  };
  return table;
}

void read_field(const Field& field, const YAML::Node& node, ModelNotes& notes) try {
  field.read(node, notes);
} catch (const YAML::Exception&) {
  throw std::runtime_error(fmt::format("{}: has another form than expected", field.name));
} catch (const std::exception& error) {
  throw std::runtime_error(fmt::format("{}: {}", field.name, error.what()));
}

YAML::Node read_map(const std::filesystem::path& path) {
  auto node = io::read_yaml(path, "description of a model");
  if (!node.IsNull() && !node.IsMap()) throw std::runtime_error(path.string() + ": is not a map of keys to values");
  return node;
}

std::runtime_error in_file(const std::filesystem::path& path, const std::exception& error) {
  return std::runtime_error(fmt::format("{}: {}", path.string(), error.what()));
}

}  // namespace

void add_recorded(const std::map<std::string, std::string>& recorded, ModelNotes& notes) {
  for (const auto& field : fields()) {
    const auto found = recorded.find(field.name);
    if (!field.recorded || found == recorded.end()) continue;
    YAML::Node node;
    try {
      node = YAML::Load(found->second);
    } catch (const YAML::Exception&) {
      throw std::runtime_error(fmt::format("its metadata are damaged ({})", field.name));
    }
    read_field(field, node, notes);
  }
}

void add_recorded_file(const std::filesystem::path& path, ModelNotes& notes) {
  const auto map = read_map(path);
  for (const auto& field : fields()) {
    if (!field.recorded || !map[field.name]) continue;
    try {
      read_field(field, map[field.name], notes);
    } catch (const std::exception& error) {
      throw in_file(path, error);
    }
  }
}

void add_user_file(const std::filesystem::path& path, ModelNotes& notes) {
  std::vector<std::string> known;
  for (const auto& field : fields()) known.push_back(field.name);
  for (const auto& entry : read_map(path)) {
    const auto key = entry.first.as<std::string>();
    const auto field = std::ranges::find(fields(), key, &Field::name);
    if (field == fields().end())
      throw std::runtime_error(fmt::format("{}: unknown key '{}'{}; known keys: {}", path.string(), key,
                                           did_you_mean(key, known), fmt::join(known, ", ")));
    try {
      read_field(*field, entry.second, notes);
    } catch (const std::exception& error) {
      throw in_file(path, error);
    }
  }
}

}  // namespace onepass::model
