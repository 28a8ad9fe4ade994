// Tests the places of maps in the arena: only the intended maps share memory.
#include "model/run/onednn/map_layout.hpp"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "model/graph/architecture.hpp"
#include "model/graph/graph_builder.hpp"
#include "model/read/checkpoint.hpp"

namespace onepass::model {
namespace {

Convolution pointwise(int in, int out) {
  Convolution result;
  result.weight = at::zeros({out, in, 1, 1});
  result.bias = at::zeros({out});
  return result;
}

/// Like C2f: a map, the convolution of its second half, and their concatenation.
struct SplitAndJoin {
  explicit SplitAndJoin(int half) {
    GraphBuilder builder;
    whole = builder.convolve(0, pointwise(3, 2 * half));
    const auto halves = builder.halves(whole);
    left = halves[0];
    right = halves[1];
    deep = builder.convolve(right, pointwise(half, half));
    joined = builder.concat({left, right, deep});
    output = builder.convolve(joined, pointwise(3 * half, half));
    graph = builder.finish({output}, {{output, -1}});
  }

  Graph graph;
  int whole = 0, left = 0, right = 0, deep = 0, joined = 0, output = 0;
};

TEST(MapLayout, HalvesAndTheirJoinShareMemory) {
  const SplitAndJoin c(32);
  const auto layout = plan_layout(c.graph, infer_shapes(c.graph, 8, 10), 16);
  EXPECT_TRUE(layout.holds(c.whole, c.left, 0));
  EXPECT_TRUE(layout.holds(c.whole, c.right, 32));
  EXPECT_TRUE(layout.holds(c.joined, c.left, 0));
  EXPECT_TRUE(layout.holds(c.joined, c.right, 32));
  EXPECT_TRUE(layout.holds(c.joined, c.deep, 64));
  EXPECT_EQ(layout.position(c.deep), layout.position(c.joined) + 64 * 80);
  EXPECT_EQ(layout.size, (96 + 32) * 80U);  // the concatenation and the output
}

TEST(MapLayout, PartsThatAreNoBlocksLieByThemselves) {
  const SplitAndJoin c(24);
  const auto layout = plan_layout(c.graph, infer_shapes(c.graph, 8, 10), 16);
  EXPECT_TRUE(layout.holds(c.whole, c.left, 0) == false);  // 24 channels end within a block
  EXPECT_FALSE(layout.holds(c.whole, c.right, 24));
  EXPECT_FALSE(layout.holds(c.joined, c.right, 24));
  EXPECT_TRUE(plan_layout(c.graph, infer_shapes(c.graph, 8, 10), 8).holds(c.joined, c.right, 24));
}

TEST(MapLayout, AMapLiesInOneJoinOnly) {
  GraphBuilder builder;
  const int a = builder.convolve(0, pointwise(3, 16)), b = builder.convolve(0, pointwise(3, 16));
  const int first = builder.concat({a, b}), second = builder.concat({b, a});
  const auto graph = builder.finish({first, second}, {{first, -1}});
  const auto layout = plan_layout(graph, infer_shapes(graph, 4, 4), 16);
  EXPECT_TRUE(layout.holds(first, a, 0) && layout.holds(first, b, 16));
  EXPECT_FALSE(layout.holds(second, b, 0) || layout.holds(second, a, 16));
}

/// Simulates the steps: the values that a step reads must be the last ones written at that place.
void expect_nothing_overwritten(const Graph& graph, int block, const std::string& what) {
  const auto layout = plan_layout(graph, infer_shapes(graph, 64, 96), block);
  // For every float of the arena, the buffer and channel that it contains: value · 2¹⁶ + channel.
  std::vector<std::int64_t> arena(layout.size, -1);
  const auto visit = [&](int value, auto action) {
    const auto& place = layout.places[value];
    const auto& shape = layout.shapes[value];
    for (std::int64_t c = 0; c < shape.channels; ++c)
      for (std::int64_t cell = 0; cell < shape.cells(); ++cell) {
        const auto at = layout.position(value) + c / block * block * shape.cells() + cell * block + c % block;
        ASSERT_LT(at, arena.size()) << what;
        action(arena[at], place.buffer * 65536LL + place.first + c);
      }
  };
  for (const auto& step : graph.steps) {
    for (const int read : values_read(step)) {
      if (read == 0) continue;
      int wrong = 0;
      visit(read, [&](std::int64_t found, std::int64_t expected) { wrong += found != expected; });
      EXPECT_EQ(wrong, 0) << what << ", value " << read;
    }
    visit(step.output, [](std::int64_t& number, std::int64_t written) { number = written; });
  }
}

TEST(MapLayout, NothingIsOverwrittenThatIsStillRead) {
  for (const auto* file : {"tiny_v8.pt", "tiny_v5.pt", "tiny_blocks.pt"})
    for (const int block : {1, 4, 8, 16}) {
      const auto graph = read_architecture(Checkpoint(std::filesystem::path(ONEPASS_TEST_DATA) / file)).graph;
      expect_nothing_overwritten(graph, block, std::string(file) + " in blocks of " + std::to_string(block));
    }
}

TEST(MapLayout, MemoryIsUsedAgain) {
  const auto graph = read_architecture(Checkpoint(std::filesystem::path(ONEPASS_TEST_DATA) / "tiny_v8.pt")).graph;
  const auto layout = plan_layout(graph, infer_shapes(graph, 64, 96), 1);
  std::size_t all = 0;
  for (const auto& step : graph.steps) {
    const auto& shape = layout.shapes[step.output];
    if (layout.places[step.output].buffer == step.output) all += shape.channels * shape.cells();
  }
  EXPECT_LT(layout.size, all / 2);
}

}  // namespace
}  // namespace onepass::model
