#include "detect/forward_pass.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include <fmt/format.h>

#include "core/nearest_name.hpp"
#include "detect/decode.hpp"
#include "detect/nms.hpp"

namespace onepass::detect {

std::vector<bool> kept_classes(const std::vector<std::string>& wanted, const model::NetworkInfo& network) {
  std::vector<bool> kept(static_cast<std::size_t>(network.head.class_count), wanted.empty());
  for (const auto& entry : wanted) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(entry.data(), entry.data() + entry.size(), number);
    const bool is_number = error == std::errc() && end == entry.data() + entry.size();
    if (!is_number) {
      number = static_cast<std::size_t>(std::ranges::find(network.class_names, entry) - network.class_names.begin());
    }
    if (number >= kept.size()) {
      throw std::runtime_error(fmt::format(
          "detector.classes: {} has no class '{}'{}; it has {} classes, 0 to {}; onepass inspect lists them",
          network.path, entry, did_you_mean(entry, network.class_names), kept.size(), kept.size() - 1));
    }
    kept[number] = true;
  }
  return kept;
}

int input_side(int imgsz, const model::NetworkInfo& network) {
  return (imgsz + network.stride - 1) / network.stride * network.stride;
}

ForwardPass run_forward(const model::Network& network, const DetectorConfig& config, const std::vector<bool>& kept,
                        const Frame& frame) {
  if (frame.image.empty()) throw std::runtime_error("the detector needs images, but this source has none");
  const auto& info = network.info();
  ForwardPass pass;
  pass.letterbox = fit_letterbox(frame.image.size(), input_side(config.imgsz, info), info.stride,
                                 config.rect ? Padding::minimal : Padding::square);
  auto output = network.forward(to_input(frame.image, pass.letterbox));
  pass.taps = std::move(output.taps);
  auto candidates = decode(output.levels, info.head, config.conf);
  std::erase_if(candidates, [&](const CandidateBox& candidate) { return !kept[candidate.class_id]; });
  constexpr float none_overlaps_more = 2;
  const float iou = info.head.end_to_end ? none_overlaps_more : config.iou;
  for (const int index : suppress(candidates, iou, config.max_det)) {
    const auto& candidate = candidates[index];
    const Box box = to_frame(candidate.box, pass.letterbox);
    if (!(box.width > 0 && box.height > 0)) continue;  // entirely in the padding, or with a negative size
    pass.detections.push_back({box, candidate.score, candidate.class_id, {}});
    pass.placed.push_back({to_input_box(box, pass.letterbox), candidate.score, candidate.anchor});
  }
  return pass;
}

}  // namespace onepass::detect
