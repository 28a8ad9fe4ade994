#include "lab/inspection.hpp"

#include <algorithm>
#include <bit>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "core/printable.hpp"
#include "detect/forward_pass.hpp"
#include "embed/embedder.hpp"

namespace onepass::lab {
namespace {

/// Names a level by the convention of feature pyramids: level n has stride 2^n.
std::string level_name(int stride) {
  return std::has_single_bit(static_cast<unsigned>(stride))
             ? fmt::format("P{}", std::countr_zero(static_cast<unsigned>(stride)))
             : fmt::format("stride {}", stride);
}

std::string reason_for(const model::Layer& layer) {
  const auto place = fmt::format("deepest of the backbone at stride {}", layer.stride);
  if (layer.stride <= 4) return place + ": color and texture, fine enough for stripes";
  if (layer.stride <= 8) return place + ": texture and parts";
  if (layer.stride <= 16) return place + ": parts; coarse, so fewer stripes";
  return place + ": the object as a whole; helps over short gaps";
}

/// Returns no taps if the network has no suitable layer; the rest of the inspection is still valid.
std::vector<SuggestedTap> suggested_taps(const model::NetworkInfo& network) {
  std::vector<SuggestedTap> taps;
  try {
    const auto plan = embed::plan_embedding(EmbedConfig{}, network);
    for (std::size_t i = 0; i < plan.layers.size(); ++i)
      taps.push_back({plan.layers[i], plan.stripes.at(i), reason_for(layer_at(network, plan.layers[i]))});
  } catch (const std::runtime_error&) {
    return {};
  }
  return taps;
}

std::vector<FeatureLevel> levels_of(const model::NetworkInfo& network, const std::vector<SuggestedTap>& taps) {
  std::vector<FeatureLevel> levels;
  const auto add = [&](int index, bool head_input) {
    const auto& layer = layer_at(network, index);
    levels.push_back({level_name(layer.stride), index, layer.channels, layer.stride, head_input});
  };
  for (const auto& tap : taps) add(tap.layer, false);
  for (const int input : network.head.inputs) add(input, true);
  return levels;
}

/// Side of the layer's map; 0 if it has none.
int side_of(const model::Layer& layer, int imgsz) { return layer.stride > 0 ? imgsz / layer.stride : 0; }

std::string field_text(const model::Layer& layer) {
  return layer.receptive_field > 0 ? std::to_string(layer.receptive_field) : "image";
}

std::string layer_line(const model::Layer& layer, int imgsz) {
  const int side = side_of(layer, imgsz);
  return fmt::format("{:>5}  {:<18}{:>12}{:>18}{:>8}{:>8}  {}\n", layer.index, printable(layer.type), layer.parameters,
                     fmt::format("{}x{}x{}", layer.channels, side, side), layer.stride, field_text(layer),
                     printable(layer.name));
}

std::string inputs_text(const model::Head& head) {
  if (head.inputs.empty()) return "";
  return fmt::format("  reads layers {} at strides {}", fmt::join(head.inputs, ", "), fmt::join(head.strides, ", "));
}

/// What the network says of each object.
std::string task_text(const model::Head& head) {
  if (head.mask_channels > 0) return fmt::format("segmentation (masks from {} prototypes)", head.mask_channels);
  if (head.keypoints.count > 0)
    return fmt::format("pose ({} keypoints {})", head.keypoints.count,
                       head.keypoints.values == 3 ? "with scores" : "without scores");
  return head.angle != model::AngleKind::none || head.rows.angle_column >= 0 ? "oriented boxes" : "boxes";
}

std::string operators_text(const model::NetworkInfo& network, int imgsz) {
  if (network.operators.empty()) return "";
  std::string text = "\nother operators with a map (--embed.layers takes their numbers and names)\n";
  for (const auto& each : network.operators)
    text += fmt::format("{:>5}  {:<18}{:>18}{:>8}  {}\n", each.index, printable(each.type),
                        fmt::format("{}x{}x{}", each.channels, side_of(each, imgsz), side_of(each, imgsz)), each.stride,
                        printable(each.name));
  return text;
}

nlohmann::ordered_json operators_json(const model::NetworkInfo& network, int imgsz) {
  nlohmann::ordered_json operators = nlohmann::ordered_json::array();
  for (const auto& each : network.operators)
    operators.push_back({{"index", each.index},
                         {"class", each.type},
                         {"output_shape", {each.channels, side_of(each, imgsz), side_of(each, imgsz)}},
                         {"stride", each.stride},
                         {"name", each.name}});
  return operators;
}

}  // namespace

Inspection inspect(const model::NetworkInfo& network, int imgsz) {
  Inspection result;
  result.network = network;
  result.imgsz = detect::input_side(imgsz, network);
  result.parameters = network.head.parameters;
  for (const auto& layer : network.layers) result.parameters += layer.parameters;
  result.taps = suggested_taps(network);
  result.levels = levels_of(network, result.taps);
  return result;
}

std::string to_text(const Inspection& inspection) {
  const auto& network = inspection.network;
  auto text = fmt::format("{}: {} layers and a head, {} parameters, {} classes, made for {} pixels; shapes at {}\n\n",
                          printable(network.path), network.layers.size(), inspection.parameters,
                          network.class_names.size(), network.image_size, inspection.imgsz);
  text += fmt::format("{:>5}  {:<18}{:>12}{:>18}{:>8}{:>8}  {}\n", "layer", "class", "parameters", "output", "stride",
                      "sees", "name");
  for (const auto& layer : network.layers) text += layer_line(layer, inspection.imgsz);
  text += fmt::format("{:>5}  {:<18}{:>12}{}\n", network.layers.size(), printable(network.head.type),
                      network.head.parameters, inputs_text(network.head));
  text += fmt::format("\npredicts {}\n", task_text(network.head));
  text += "\nsees: side of the square of input pixels that a cell can depend on\n\nfeature levels\n";
  for (const auto& level : inspection.levels)
    text += fmt::format("  {:<4} layer {:>3}, {:>5} channels, reduction {:>3}, {}\n", level.name, level.layer,
                        level.channels, level.reduction, level.head_input ? "neck, read by the head" : "backbone");
  text += "\nsuggested taps (--embed.layers, --embed.stripes)\n";
  for (const auto& tap : inspection.taps)
    text += fmt::format("  layer {:>3} in {} {}: {}\n", tap.layer, tap.stripes, tap.stripes == 1 ? "piece" : "stripes",
                        tap.reason);
  text += "  the layers that the head reads distinguish classes better than individuals\n";
  text += operators_text(network, inspection.imgsz);
  if (!network.class_names.empty())
    text += fmt::format("\nclasses (--classes)\n  {}\n",
                        printable(fmt::format("{}", fmt::join(network.class_names, ", "))));
  return text;
}

std::string to_json(const Inspection& inspection) {
  const auto& network = inspection.network;
  nlohmann::ordered_json layers = nlohmann::ordered_json::array();
  for (const auto& layer : network.layers) {
    const int side = side_of(layer, inspection.imgsz);
    layers.push_back({{"index", layer.index},
                      {"class", layer.type},
                      {"parameters", layer.parameters},
                      {"output_shape", {layer.channels, side, side}},
                      {"stride", layer.stride},
                      {"receptive_field", layer.receptive_field > 0 ? nlohmann::ordered_json(layer.receptive_field)
                                                                    : nlohmann::ordered_json()},
                      {"name", layer.name}});
  }
  nlohmann::ordered_json levels = nlohmann::ordered_json::array();
  for (const auto& level : inspection.levels)
    levels.push_back({{"name", level.name},
                      {"layer", level.layer},
                      {"channels", level.channels},
                      {"reduction", level.reduction},
                      {"head_input", level.head_input}});
  nlohmann::ordered_json taps = nlohmann::ordered_json::array();
  for (const auto& tap : inspection.taps)
    taps.push_back({{"layer", tap.layer}, {"stripes", tap.stripes}, {"reason", tap.reason}});
  const nlohmann::ordered_json result{{"model", network.path},
                                      {"parameters", inspection.parameters},
                                      {"classes", network.class_names},
                                      {"task", task_text(network.head)},
                                      {"image_size", network.image_size},
                                      {"stride", network.stride},
                                      {"imgsz", inspection.imgsz},
                                      {"layers", layers},
                                      {"operators", operators_json(network, inspection.imgsz)},
                                      {"head",
                                       {{"index", network.layers.size()},
                                        {"class", network.head.type},
                                        {"parameters", network.head.parameters},
                                        {"inputs", network.head.inputs},
                                        {"strides", network.head.strides}}},
                                      {"feature_levels", levels},
                                      {"suggested_taps", taps}};
  return result.dump(2, ' ', true, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace onepass::lab
