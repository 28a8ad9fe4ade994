// The real YOLOv8n and YOLOv5n through oneDNN, against ATen.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include "model/network.hpp"
#include "model/run/onednn/onednn_executor.hpp"
#include "support/data.hpp"
#include "support/golden.hpp"

namespace onepass::model {
namespace {

std::vector<at::Tensor> all_maps(const Network& network, const at::Tensor& image) {
  const auto output = network.forward(image);
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
  const int before = at::get_num_threads();
  for (const auto* file : {"models/yolov8n.pt", "models/yolov5n.pt"}) {
    const auto onednn = load_network(data / file), aten = load_network(data / file);
    onednn->prepare(std::vector{2, 4, 6, 8}, "cpu", ExecutorChoice::onednn);
    aten->prepare(std::vector{2, 4, 6, 8}, "cpu", ExecutorChoice::aten);
    for (const auto& image : {test::pattern(384, 640), test::pattern(640, 640), test::pattern(384, 640)}) {
      at::set_num_threads(2);
      const auto maps = all_maps(*onednn, image), expected = all_maps(*aten, image);
      at::set_num_threads(1);
      const auto alone = all_maps(*onednn, image);
      for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto largest = expected[i].abs().max().item<double>();
        EXPECT_LE(test::largest_difference(maps[i], expected[i]), 1e-5 * largest) << file << ", map " << i;
        EXPECT_TRUE(maps[i].equal(alone[i])) << file << ", map " << i;
      }
    }
  }
  at::set_num_threads(before);
}

}  // namespace
}  // namespace onepass::model
