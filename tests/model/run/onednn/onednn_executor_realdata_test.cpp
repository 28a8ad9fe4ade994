// Compares oneDNN with ATen on the real YOLOv8n and YOLOv5n.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "model/load_network.hpp"
#include "model/run/onednn/onednn_executor.hpp"
#include "support/data.hpp"
#include "support/golden.hpp"
#include "support/taps.hpp"

namespace onepass::model {
namespace {

std::vector<at::Tensor> all_maps(const Network& network, const at::Tensor& image) {
  const auto output = network.run(image);
  auto maps = output.taps;
  for (const auto& level : output.levels) {
    maps.push_back(level.boxes);
    if (level.classes.defined()) maps.push_back(level.classes);
  }
  return maps;
}

TEST(RealOnednnExecutor, ComputesWhatAtenDoesWithTheSameBytesOnOneAndTwoThreads) {
  ONEPASS_REAL_DATA(data);
  if (const auto why = OnednnExecutor::why_not({}, {}); !why.empty()) GTEST_SKIP() << why;
  for (const auto* file : {"models/yolov8n.pt", "models/yolov5n.pt"}) {
    const auto taps = test::taps({2, 4, 6, 8});
    auto onednn = load_network(data / file, taps, {.executor = ExecutorChoice::onednn});
    const auto aten = load_network(data / file, taps, {.executor = ExecutorChoice::aten, .threads = 2});
    for (const auto& image : {test::pattern(384, 640), test::pattern(640, 640), test::pattern(384, 640)}) {
      onednn.options.threads = 2;
      const auto maps = all_maps(onednn, image), expected = all_maps(aten, image);
      onednn.options.threads = 1;
      const auto alone = all_maps(onednn, image);
      for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto largest = expected[i].abs().max().item<double>();
        EXPECT_LE(test::largest_difference(maps[i], expected[i]), 1e-5 * largest) << file << ", map " << i;
        EXPECT_TRUE(maps[i].equal(alone[i])) << file << ", map " << i;
      }
    }
  }
}

}  // namespace
}  // namespace onepass::model
