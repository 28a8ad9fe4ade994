#include "lab/shared_pass.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>

#include <ATen/Parallel.h>

namespace onepass::lab {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Returns the index of `layer` in `layers`; appends the layer if it is missing.
std::size_t place_of(int layer, std::vector<int>& layers) {
  const auto found = std::ranges::find(layers, layer);
  const auto place = static_cast<std::size_t>(found - layers.begin());
  if (found == layers.end()) layers.push_back(layer);
  return place;
}

}  // namespace

std::unique_ptr<model::Network> open_network(const std::filesystem::path& path, const DetectorConfig& detector) {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  at::set_num_threads(detector.threads > 0 ? detector.threads : static_cast<int>(cores));
  return model::load_network(path);
}

SharedPass::SharedPass(std::unique_ptr<model::Network> network, const DetectorConfig& detector,
                       std::vector<Variant> variants)
    : network_(std::move(network)),
      detector_(detector),
      kept_classes_(detect::kept_classes(detector.classes, network_->info())),
      variants_(std::move(variants)) {
  std::vector<int> layers;
  for (const auto& variant : variants_) {
    auto& places = taps_.emplace_back();
    for (const int layer : variant.layers) places.push_back(place_of(layer, layers));
  }
  network_->prepare(layers, detector.device, detector.executor);
  begin_stream();
}

void SharedPass::begin_stream() {
  streams_.clear();
  for (const auto& variant : variants_) streams_.push_back({variant.open()});
  forward_seconds_ = 0;
}

detect::ForwardPass SharedPass::forward(const Frame& frame) {
  const auto start = Clock::now();
  auto pass = detect::run_forward(*network_, detector_, kept_classes_, frame);
  forward_seconds_ += seconds_since(start);
  return pass;
}

std::vector<Embedding> SharedPass::embed(std::size_t variant, const detect::ForwardPass& pass) {
  std::vector<at::Tensor> taps;
  for (const auto place : taps_.at(variant)) taps.push_back(pass.taps.at(place));
  const auto start = Clock::now();
  auto embeddings = streams_[variant].embedder(taps, pass.placed);
  streams_[variant].seconds += seconds_since(start);
  return embeddings;
}

}  // namespace onepass::lab
