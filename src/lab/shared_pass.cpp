#include "lab/shared_pass.hpp"

#include <algorithm>

#include "core/timed.hpp"

namespace onepass::lab {
namespace {

/// Returns the index of `layer` in `layers`; appends the layer if it is missing.
std::size_t place_of(int layer, std::vector<int>& layers) {
  const auto found = std::ranges::find(layers, layer);
  const auto place = static_cast<std::size_t>(found - layers.begin());
  if (found == layers.end()) layers.push_back(layer);
  return place;
}

}  // namespace

SharedPass::SharedPass(const std::filesystem::path& model, const DetectorConfig& detector,
                       const ChooseVariants& variants)
    : pass_(detect::load_network(
                model, [&](const model::NetworkInfo& network) { return choose_taps(variants(network)); }, detector),
            detector) {
  begin_stream();
}

std::vector<int> SharedPass::choose_taps(std::vector<Variant> variants) {
  variants_ = std::move(variants);
  std::vector<int> layers;
  for (const auto& variant : variants_) {
    auto& places = taps_.emplace_back();
    for (const int layer : variant.layers) places.push_back(place_of(layer, layers));
  }
  return layers;
}

void SharedPass::begin_stream() {
  streams_.clear();
  for (const auto& variant : variants_) streams_.push_back({variant.open()});
  forward_seconds_ = 0;
}

detect::PassResult SharedPass::forward(const Frame& frame) {
  return timed(forward_seconds_, [&] { return pass_.run(frame); });
}

std::vector<Embedding> SharedPass::embed(std::size_t variant, const detect::PassResult& pass) {
  std::vector<model::Tensor> taps;
  for (const auto place : taps_.at(variant)) taps.push_back(pass.taps.at(place));
  auto& stream = streams_[variant];
  return timed(stream.seconds, [&] { return stream.embedder(taps, pass.placed); });
}

}  // namespace onepass::lab
