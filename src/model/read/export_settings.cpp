#include "model/read/export_settings.hpp"

#include <charconv>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace onepass::model {
namespace {

using Json = nlohmann::json;

constexpr std::size_t most_classes = 100'000;
constexpr int longest_side = 8192;
constexpr int largest_stride = 512;
constexpr int most_keypoints = 1000;

std::size_t parse_class_number(const std::string& text) {
  std::size_t number = 0;
  const auto* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || rest != end) throw std::runtime_error(fmt::format("'{}' is not a class number", text));
  if (number >= most_classes) throw std::runtime_error(fmt::format("class number {} is out of range", number));
  return number;
}

/// A list of names, or an object from class number (as text) to name.
std::vector<std::string> parse_names(const Json& names) {
  if (names.is_array() && names.size() > most_classes)
    throw std::runtime_error(fmt::format("has {} class names, more than {}", names.size(), most_classes));
  if (names.is_array()) return names.get<std::vector<std::string>>();
  std::vector<std::string> result;
  for (const auto& [key, name] : names.items()) {
    const auto number = parse_class_number(key);
    if (result.size() <= number) result.resize(number + 1);
    result[number] = name.get<std::string>();
  }
  return result;
}

/// Reads the value as double, because a number in a file may exceed int.
/// @throws std::runtime_error unless the value is from 1 to `largest`.
int parse_length(const Json& value, const char* name, int largest) {
  const auto length = value.get<double>();
  if (!(length >= 1 && length <= largest)) throw std::runtime_error(fmt::format("{} {} is out of range", name, length));
  return static_cast<int>(length);
}

int parse_side(const Json& value) { return parse_length(value, "image side", longest_side); }

ExportSettings parse(const Json& config) {
  ExportSettings settings;
  if (config.contains("names")) settings.names = parse_names(config["names"]);
  if (config.contains("task")) settings.task = config["task"].get<std::string>();
  if (config.contains("stride")) settings.stride = parse_length(config["stride"], "stride", largest_stride);
  if (config.contains("kpt_shape") && !config["kpt_shape"].is_null())
    for (const auto& number : config["kpt_shape"])
      settings.keypoint_shape.push_back(parse_length(number, "number in kpt_shape", most_keypoints));
  if (config.contains("imgsz")) {
    const auto& size = config["imgsz"];
    settings.height = parse_side(size.is_array() ? size.at(0) : size);
    settings.width = parse_side(size.is_array() ? size.at(size.size() - 1) : size);
  } else if (config.contains("shape")) {  // yolov5: batch, channels, height, width
    settings.height = parse_side(config["shape"].at(2));
    settings.width = parse_side(config["shape"].at(3));
  }
  return settings;
}

}  // namespace

ExportSettings parse_export_settings(const std::string& text) {
  if (text.empty()) return {};
  try {
    return parse(Json::parse(text));
  } catch (const std::exception& error) {
    throw std::runtime_error(fmt::format("config.txt inside it is invalid ({}); export the model again", error.what()));
  }
}

}  // namespace onepass::model
