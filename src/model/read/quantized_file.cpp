#include "model/read/quantized_file.hpp"

#include <array>
#include <cmath>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "io/checksum.hpp"
#include "io/yaml_file.hpp"

namespace onepass::model {
namespace {

constexpr std::string_view first_line = "# quantized model: a network, and the ranges of its values";
constexpr int version = 1;

std::runtime_error damaged(const char* key) {
  return std::runtime_error(fmt::format("'{}' is missing or damaged; quantize the model again", key));
}

template <typename Value>
Value value_of(const YAML::Node& root, const char* key) {
  Value value{};
  const auto node = root[key];
  if (!node || !YAML::convert<Value>::decode(node, value)) throw damaged(key);
  return value;
}

ValueRange to_range(const std::string& name, const YAML::Node& node) {
  std::array<float, 2> ends{};
  const bool possible = YAML::convert<std::array<float, 2>>::decode(node, ends) && std::isfinite(ends[0]) &&
                        std::isfinite(ends[1]) && ends[0] <= ends[1];
  if (!possible) throw std::runtime_error(fmt::format("the range of '{}' is impossible", name));
  return {ends[0], ends[1]};
}

}  // namespace

bool is_quantized_file(std::string_view first_bytes) { return first_bytes.starts_with(first_line); }

QuantizedText read_quantized_text(const std::filesystem::path& path) {
  const auto root = io::read_yaml(path, "quantized model");
  if (!root.IsMap()) throw std::runtime_error("is damaged; quantize the model again");
  if (const auto its = value_of<int>(root, "version"); its != version)
    throw std::runtime_error(
        fmt::format("has version {} of quantized models; this program reads version {}", its, version));
  QuantizedText text{value_of<std::string>(root, "model"), value_of<std::uint32_t>(root, "model_checksum"), {}};
  const auto ranges = root["ranges"];
  if (!ranges || !ranges.IsMap()) throw damaged("ranges");
  for (const auto& entry : ranges) {
    const auto& name = entry.first.Scalar();
    text.ranges[name] = to_range(name, entry.second);
  }
  return text;
}

QuantizedFile read_quantized_file(const std::filesystem::path& path) {
  auto [model, checksum, ranges] = read_quantized_text(path);
  QuantizedFile file{path.parent_path() / model, std::move(ranges)};
  if (!std::filesystem::is_regular_file(file.model))
    throw std::runtime_error(
        fmt::format("its model {} is missing; quantized models do not contain the weights", file.model.string()));
  if (io::checksum_of_file(file.model) != checksum)
    throw std::runtime_error(
        fmt::format("its model {} is not the one that was quantized; quantize it again", file.model.string()));
  return file;
}

std::string to_text(const QuantizedFile& file, std::uint32_t checksum, int images) {
  YAML::Emitter yaml;
  yaml << YAML::BeginMap;
  yaml << YAML::Key << "version" << YAML::Value << version;
  yaml << YAML::Key << "model" << YAML::Value << file.model.string();
  yaml << YAML::Key << "model_checksum" << YAML::Value << checksum;
  yaml << YAML::Key << "images" << YAML::Value << images;
  yaml << YAML::Key << "ranges" << YAML::Value << YAML::BeginMap;
  for (const auto& [name, range] : file.ranges)
    yaml << YAML::Key << name << YAML::Value << YAML::Flow << std::vector<float>{range.low, range.high};
  yaml << YAML::EndMap << YAML::EndMap;
  return fmt::format("{}\n{}\n", first_line, yaml.c_str());
}

}  // namespace onepass::model
