// Compares OpenVINO with ATen on the real YOLOv8n and YOLOv5n.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "model/load_network.hpp"
#include "model/run/openvino/openvino_executor.hpp"
#include "support/at_maps.hpp"
#include "support/data.hpp"
#include "support/golden.hpp"
#include "support/taps.hpp"

namespace onepass::model {
namespace {

std::vector<at::Tensor> all_maps(const Network& network, const at::Tensor& image) {
  const auto output = test::run(network, image);
  auto maps = output.taps;
  for (const auto& level : output.levels) {
    maps.push_back(level.boxes);
    if (level.classes.defined()) maps.push_back(level.classes);
  }
  return maps;
}

TEST(RealOpenvinoExecutor, ComputesWhatAtenDoesWithTheSameBytesOnOneAndTwoThreads) {
  ONEPASS_REAL_DATA(data);
  for (const auto* file : {"models/yolov8n.pt", "models/yolov5n.pt"}) {
    const auto load = [&](ExecutorChoice executor, Precision precision, int threads) {
      return load_network(data / file, test::taps({2, 4, 6, 8}),
                          {.executor = executor, .precision = precision, .threads = threads});
    };
    const auto aten = load(ExecutorChoice::aten, Precision::f32, 2);
    const auto openvino = load(ExecutorChoice::openvino, Precision::f32, 2);
    const auto alone = load(ExecutorChoice::openvino, Precision::f32, 1);
    const auto fastest = load(ExecutorChoice::openvino, Precision::bf16, 2);
    const auto fastest_alone = load(ExecutorChoice::openvino, Precision::bf16, 1);
    for (const auto& image : {test::pattern(384, 640), test::pattern(640, 640), test::pattern(384, 640)}) {
      const auto expected = all_maps(aten, image), maps = all_maps(openvino, image), same = all_maps(alone, image);
      const auto fast = all_maps(fastest, image), fast_alone = all_maps(fastest_alone, image);
      for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto largest = expected[i].abs().max().item<double>();
        EXPECT_LE(test::largest_difference(maps[i], expected[i]), 1e-5 * largest) << file << ", map " << i;
        EXPECT_TRUE(maps[i].equal(same[i])) << file << ", map " << i;
        EXPECT_TRUE(fast[i].equal(fast_alone[i])) << file << ", map " << i;
      }
    }
  }
}

}  // namespace
}  // namespace onepass::model
