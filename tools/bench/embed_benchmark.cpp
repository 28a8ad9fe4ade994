// Benchmarks the embeddings of one frame, as the detector computes them after the forward pass:
//   embed_benchmark MODEL [PEOPLE] [HEIGHT WIDTH] [FRAMES]
// The feature maps are those of MODEL on a fixed noise image; PEOPLE boxes of 30×80 to 50×130 pixels walk through it.
// Prints the median, mean and longest time of a frame in milliseconds.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <numeric>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "embed/embedder.hpp"
#include "model/load_network.hpp"

namespace {

using onepass::embed::PlacedBox;

std::vector<PlacedBox> people(int count, int frame, int height, int width) {
  std::vector<PlacedBox> boxes;
  for (int i = 0; i < count; ++i) {
    const float size = 80 + static_cast<float>(i % 6) * 10;
    const auto left = static_cast<float>((i * 97 + frame) % (width - 60));
    const auto top = static_cast<float>((i * 53) % std::max(1, height - 140));
    boxes.push_back({{left, top, size * 0.38F, size}, 0.9F, {}});
  }
  return boxes;
}

}  // namespace

int main(int count, char** words) try {
  if (count < 2) throw std::invalid_argument("usage: embed_benchmark MODEL [PEOPLE] [HEIGHT WIDTH] [FRAMES]");
  const auto number = [&](int i, int standard) { return count > i ? std::stoi(words[i]) : standard; };
  const int height = number(3, 384), width = number(4, 640);
  onepass::embed::EmbedPlan plan;
  const auto network = onepass::model::load_network(words[1], [&](const onepass::model::NetworkInfo& info) {
    plan = onepass::embed::plan_embedding({}, info);
    return plan.layers;
  });
  onepass::model::Tensor image({1, height, width, 3});
  std::mt19937 noise(1);
  std::ranges::generate(image.floats(), [&] { return std::uniform_real_distribution<float>()(noise); });
  const auto taps = network.run(image).taps;
  onepass::embed::Embedder embedder(plan);
  std::vector<double> times_ms;
  for (int frame = 0; frame < number(5, 300); ++frame) {
    const auto boxes = people(number(2, 24), frame, height, width);
    const auto start = std::chrono::steady_clock::now();
    embedder.embed(taps, boxes);
    times_ms.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  const double mean_ms = std::accumulate(times_ms.begin(), times_ms.end(), 0.0) / static_cast<double>(times_ms.size());
  std::ranges::sort(times_ms);
  std::printf("median %.3f ms, mean %.3f ms, longest %.3f ms\n", times_ms[times_ms.size() / 2], mean_ms,
              times_ms.back());
} catch (const std::exception& error) {
  std::fprintf(stderr, "embed_benchmark: %s\n", error.what());
  return 1;
}
