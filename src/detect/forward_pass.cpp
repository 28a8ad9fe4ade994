#include "detect/forward_pass.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include <fmt/format.h>

#include "core/nearest_name.hpp"
#include "detect/decode.hpp"
#include "detect/decode_rows.hpp"
#include "detect/mask_placement.hpp"
#include "detect/nms.hpp"
#include "detect/shape_decoder.hpp"

namespace onepass::detect {

namespace {

/// Returns per class number whether to keep the class. `wanted` holds class names or numbers; if empty, all are kept.
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
      const auto commas = separation_advice(entry, network.class_names);
      throw std::runtime_error(fmt::format(
          "detector.classes: {} has no class '{}'{}; it has {} classes, 0 to {}{}", network.path, entry,
          commas.empty() ? did_you_mean(entry, network.class_names) : "", kept.size(), kept.size() - 1, commas));
    }
    kept[number] = true;
  }
  return kept;
}

std::vector<CandidateBox> candidates_in(const model::NetworkOutput& output, const model::Head& head,
                                        const Letterbox& letterbox, float conf) {
  if (head.kind != model::HeadKind::rows) return decode(output.levels, head, conf);
  return decode_rows(output.rows, head, {letterbox.input.width, letterbox.input.height}, conf);
}

}  // namespace

int input_side(int imgsz, const model::NetworkInfo& network) {
  if (network.only_size) return std::max(network.only_size->width, network.only_size->height);
  return (imgsz + network.stride - 1) / network.stride * network.stride;
}

Letterbox place_frame(cv::Size frame, const DetectorConfig& config, const model::NetworkInfo& network) {
  if (network.only_size)
    return fit_letterbox(frame, {network.only_size->width, network.only_size->height}, network.fit);
  const int side = input_side(config.imgsz, network);
  if (network.fit != model::FrameFit::centered) return fit_letterbox(frame, {side, side}, network.fit);
  return fit_letterbox(frame, side, network.stride, config.rect ? Padding::minimal : Padding::square);
}

ForwardPass::ForwardPass(std::shared_ptr<const model::Network> network, const DetectorConfig& config,
                         EmbedRegion region)
    : network_(std::move(network)),
      config_(config),
      region_(region),
      kept_(kept_classes(config.classes, network_->info)) {}

PassResult ForwardPass::run(const Frame& frame, model::PassMode mode) const {
  if (frame.image.empty()) throw std::runtime_error("the detector needs images, but this source has none");
  const auto& info = network_->info;
  PassResult result;
  result.letterbox = place_frame(frame.image.size(), config_, info);
  const auto output = network_->run(to_input(frame.image, result.letterbox), mode);
  result.taps = output.taps;
  auto candidates = candidates_in(output, info.head, result.letterbox, config_.conf);
  std::erase_if(candidates, [&](const CandidateBox& candidate) { return !kept_[candidate.class_id]; });
  constexpr float none_overlaps_more = 2;
  const float iou = info.head.end_to_end ? none_overlaps_more : config_.iou;
  const ShapeDecoder shapes(output, info.head, result.letterbox);
  for (const int index : suppress(candidates, iou, config_.max_det)) {
    const auto& candidate = candidates[index];
    const Box box = to_frame(candidate.box, result.letterbox);
    if (!(box.width > 0 && box.height > 0)) continue;  // entirely in the padding, or with a negative size
    result.detections.push_back({box, candidate.score, candidate.class_id, {}, shapes.shape_of(candidate, box)});
    result.placed.push_back({to_input_box(box, result.letterbox), candidate.score, candidate.anchor});
    if (region_ == EmbedRegion::mask)
      result.placed.back().mask = place_mask(result.detections.back().shape.mask, result.letterbox);
  }
  return result;
}

std::shared_ptr<const model::Network> load_network(const std::filesystem::path& path, const model::ChooseTaps& taps,
                                                   const DetectorConfig& config) {
  model::ComputeOptions options;
  options.device = config.device;
  options.executor = config.executor;
  options.precision = config.precision;
  options.threads = config.threads;
  options.cache = config.cache;
  return std::make_shared<const model::Network>(model::load_network(path, taps, options));
}

EmbeddingNetwork::EmbeddingNetwork(const std::filesystem::path& path, const DetectorConfig& detector,
                                   const EmbedConfig& given)
    : config(given) {
  const auto taps = [&](const model::NetworkInfo& info) {
    plan = embed::plan_embedding(config, info);
    return plan.layers;
  };
  network = load_network(path, taps, detector);
}

std::optional<embed::Calibration> EmbeddingNetwork::open_calibration(int imgsz) const {
  return embed::open_calibration(config, plan, network->info.path, imgsz);
}

}  // namespace onepass::detect
