// Compares OpenVINO with ATen on every operation and every network.
#include "model/run/openvino/openvino_executor.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/processor.hpp"
#include "model/graph/graph_builder.hpp"
#include "model/load_network.hpp"
#include "model/run/engines.hpp"
#include "model/run/torch/at_tensor.hpp"
#include "model/run/torch_library.hpp"
#include "support/at_maps.hpp"
#include "support/environment.hpp"
#include "support/golden.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::model {
namespace {

using test::largest_difference;
using test::message_of;
using test::pattern;
using testing::HasSubstr;

constexpr double tolerance = 1e-5;

/// Numbers in [-1, 1] that are the same in every run.
at::Tensor numbers(at::IntArrayRef shape, int seed) {
  const auto count = at::prod(at::tensor(shape)).item<std::int64_t>();
  const auto angles = at::arange(count, at::kDouble).mul(0.7137 + 0.011 * seed).add(seed);
  return at::sin(angles.mul(angles)).to(at::kFloat).view(shape).contiguous();
}

Convolution convolution(int in, int out, int kernel, int groups = 1) {
  Convolution result;
  result.weight =
      from_at(numbers({out, in / groups, kernel, kernel}, out + kernel) / std::sqrt(in / groups * kernel * kernel));
  result.bias = from_at(numbers({out}, in));
  result.padding = kernel / 2;
  result.groups = groups;
  result.activation = Activation::silu;
  return result;
}

/// A graph whose first layer has the given number of channels, at half of the image's size.
struct Stem {
  GraphBuilder builder;
  int value = 0;

  explicit Stem(int channels) {
    auto first = convolution(3, channels, 3);
    first.stride = 2;
    value = builder.convolve(0, std::move(first));
  }
};

void expect_same(const test::AtOutput& actual, const test::AtOutput& expected, double limit, const std::string& what) {
  ASSERT_EQ(actual.taps.size(), expected.taps.size());
  ASSERT_EQ(actual.levels.size(), expected.levels.size());
  for (std::size_t i = 0; i < expected.taps.size(); ++i) {
    EXPECT_LE(largest_difference(actual.taps[i], expected.taps[i]), limit) << what << ", tap " << i;
  }
  for (std::size_t i = 0; i < expected.levels.size(); ++i) {
    EXPECT_LE(largest_difference(actual.levels[i].boxes, expected.levels[i].boxes), limit) << what << ", level " << i;
    ASSERT_EQ(actual.levels[i].classes.defined(), expected.levels[i].classes.defined()) << what << ", level " << i;
    ASSERT_EQ(actual.levels[i].angles.defined(), expected.levels[i].angles.defined()) << what << ", level " << i;
    for (const auto& [mine, theirs] : {std::pair{actual.levels[i].classes, expected.levels[i].classes},
                                       {actual.levels[i].angles, expected.levels[i].angles}}) {
      if (!theirs.defined()) continue;
      EXPECT_LE(largest_difference(mine, theirs), limit) << what << ", level " << i;
    }
  }
}

/// Runs a graph that returns all of `layers` and, as the head's map, the last of them.
void expect_as_aten(GraphBuilder& builder, const std::vector<int>& layers, const std::string& what) {
  const auto graph = builder.finish(layers, {{layers.back(), -1}});
  std::vector<int> all;
  for (std::size_t i = 0; i < layers.size(); ++i) all.push_back(static_cast<int>(i));
  const auto aten = torch_library().run_graph(graph, all, {});
  const OpenvinoExecutor openvino(graph, all, {.precision = Precision::f32});
  for (const auto& image : {pattern(20, 28), pattern(32, 16), pattern(20, 28)})
    expect_same(test::run(openvino, image), test::run(*aten, image), tolerance, what);
}

TEST(OpenvinoExecutor, Convolutions) {
  struct Case {
    int in, out, kernel, stride, padding, groups;
  };
  for (const auto& c : std::vector<Case>{{16, 16, 3, 1, 1, 1},
                                         {16, 32, 3, 2, 1, 1},
                                         {32, 32, 1, 1, 0, 1},
                                         {8, 4, 3, 1, 1, 1},
                                         {20, 18, 3, 1, 1, 1},
                                         {32, 48, 3, 1, 0, 1},
                                         {96, 64, 3, 1, 1, 1},
                                         {5, 7, 1, 1, 0, 1},
                                         {48, 80, 1, 1, 0, 1},
                                         {4, 6, 6, 2, 2, 1},
                                         {16, 16, 3, 1, 1, 16},
                                         {20, 20, 3, 2, 1, 20},
                                         {32, 32, 7, 1, 3, 32},
                                         {6, 6, 7, 1, 3, 6},
                                         {32, 64, 3, 1, 1, 2},
                                         {12, 18, 3, 1, 1, 3},
                                         {16, 255, 1, 1, 0, 1},
                                         {64, 16, 3, 1, 1, 16}}) {
    Stem stem(c.in);
    auto tested = convolution(c.in, c.out, c.kernel, c.groups);
    tested.stride = c.stride;
    tested.padding = c.padding;
    const int output = stem.builder.convolve(stem.value, std::move(tested));
    expect_as_aten(
        stem.builder, {stem.value, output},
        fmt::format("{}→{}, {}×{}, stride {}, {} groups", c.in, c.out, c.kernel, c.kernel, c.stride, c.groups));
  }
}

TEST(OpenvinoExecutor, ActivationsWithAndWithoutResidual) {
  for (const auto activation : {Activation::none, Activation::silu, Activation::relu, Activation::leaky_relu})
    for (const int channels : {16, 24, 32}) {
      Stem stem(channels);
      auto tested = convolution(channels, channels, 3);
      tested.activation = activation;
      tested.slope = 0.1;
      const int plain = stem.builder.convolve(stem.value, tested);
      const int added = stem.builder.add(stem.value, stem.builder.convolve(plain, tested));
      expect_as_aten(stem.builder, {plain, added}, fmt::format("activation {}", static_cast<int>(activation)));
    }
}

TEST(OpenvinoExecutor, PoolingsUpsamplingAndSums) {
  for (const int channels : {16, 20, 48}) {
    Stem stem(channels);
    std::vector<int> outputs;
    for (const auto& pool : {MaxPool{5, 1, 2}, MaxPool{3, 2, 1}, MaxPool{2, 2, 0}, MaxPool{3, 1, 1}, MaxPool{1, 2, 0}})
      outputs.push_back(stem.builder.max_pool(stem.value, pool));
    outputs.push_back(stem.builder.average_pool(stem.value));
    outputs.push_back(stem.builder.upsample(stem.value));
    outputs.push_back(stem.builder.add(stem.value, stem.value));
    expect_as_aten(stem.builder, outputs, fmt::format("{} channels", channels));
  }
}

TEST(OpenvinoExecutor, PaddingOfAllSides) {
  for (const int channels : {16, 20, 5}) {
    Stem stem(channels);
    std::vector<int> outputs{stem.value};
    for (const auto& pad : {ZeroPad{0, 1, 0, 1}, ZeroPad{2, 0, 1, 0}, ZeroPad{1, 2, 3, 4}})
      outputs.push_back(stem.builder.zero_pad(stem.value, pad));
    outputs.push_back(stem.builder.convolve(outputs.back(), convolution(channels, 16, 3)));
    expect_as_aten(stem.builder, outputs, fmt::format("{} channels", channels));
  }
}

TEST(OpenvinoExecutor, JoinsOfAnyChannels) {
  for (const auto& [left, right] : {std::pair{16, 16}, {16, 20}, {20, 16}, {3, 5}, {32, 48}}) {
    Stem stem(24);
    auto& builder = stem.builder;
    const int a = builder.convolve(stem.value, convolution(24, left, 1));
    const int b = builder.convolve(stem.value, convolution(24, right, 1));
    const int joined = builder.concat({a, b});
    const int reversed = builder.concat({b, a, a});  // a value can be part of one concatenation only
    const int nested = builder.concat({stem.value, joined, b});
    const int read = builder.convolve(nested, convolution(24 + left + 2 * right, 16, 3));
    expect_as_aten(builder, {a, b, joined, reversed, nested, read}, fmt::format("{} and {} channels", left, right));
  }
}

TEST(OpenvinoExecutor, SlicesOfAnyChannels) {
  for (const int half : {16, 24, 32, 5}) {
    Stem stem(2 * half);
    auto& builder = stem.builder;
    const auto halves = builder.halves(stem.value);
    const int deep = builder.add(halves[1], builder.convolve(halves[1], convolution(half, half, 3)));
    const int joined = builder.concat({halves[0], halves[1], deep});  // like C2f
    const int swapped = builder.concat({halves[1], halves[0]});
    const int middle = builder.slice(joined, half / 2, half + 1);
    const int read = builder.convolve(middle, convolution(half + 1, 8, 1));
    expect_as_aten(builder, {halves[0], halves[1], deep, joined, swapped, middle, read},
                   fmt::format("halves of {} channels", half));
  }
}

TEST(OpenvinoExecutor, Attention) {
  for (const auto& shape :
       {SelfAttention{2, 16, 32}, SelfAttention{1, 4, 8}, SelfAttention{3, 5, 7}, SelfAttention{2, 8, 8, 2}}) {
    Stem stem(shape.heads * (2 * shape.key_channels + shape.value_channels));
    const int attended = stem.builder.self_attention(stem.value, shape);
    const int values =
        stem.builder.attention_values(stem.value, {shape.heads, shape.key_channels, shape.value_channels});
    expect_as_aten(stem.builder, {attended, values, stem.builder.add(attended, values)},
                   fmt::format("{} heads, {} areas", shape.heads, shape.areas));
  }
}

Network loaded(const std::string& file, ExecutorChoice choice, Precision precision = Precision::f32, int threads = 0) {
  const auto taps = [](const NetworkInfo& info) {
    std::vector<int> layers;
    for (const auto& layer : info.layers)
      if (layer.stride > 1) layers.push_back(layer.index);
    return layers;
  };
  return load_network(std::filesystem::path(ONEPASS_TEST_DATA) / file, taps,
                      {.executor = choice, .precision = precision, .threads = threads});
}

TEST(OpenvinoExecutor, NetworksInAllTheirLayers) {
  for (const auto* file : {"tiny_v5.pt", "tiny_v8.pt", "tiny_v9e.pt", "tiny_v10.pt", "tiny_12_obb.pt", "tiny_26_seg.pt",
                           "tiny_blocks.pt"}) {
    const auto openvino = loaded(file, ExecutorChoice::openvino);
    const auto aten = loaded(file, ExecutorChoice::aten);
    for (const auto& image : {pattern(64, 96), pattern(128, 64), pattern(64, 96)})
      expect_same(test::run(openvino, image), test::run(aten, image), 2 * tolerance, file);
  }
}

TEST(OpenvinoExecutor, SameBytesWhateverTheNumberOfThreads) {
  // Maps of sizes that do not divide evenly; attention works on all cells at once.
  for (const auto& [file, image] : {std::pair{"tiny_v8.pt", pattern(480, 544)}, {"tiny_blocks.pt", pattern(96, 112)}})
    for (const auto precision : {Precision::f32, Precision::bf16}) {
      const auto expected = test::run(loaded(file, ExecutorChoice::openvino, precision, 1), image);
      for (const int threads : {2, 3, 4})
        for (const auto mode : {PassMode::alone, PassMode::shared})
          expect_same(test::run(loaded(file, ExecutorChoice::openvino, precision, threads), image, mode), expected, 0,
                      fmt::format("{} with {} threads", file, threads));
    }
}

TEST(OpenvinoExecutor, SharedPassesGiveTheSameBytes) {
  const auto network = loaded("tiny_v8.pt", ExecutorChoice::openvino, Precision::bf16, 3);
  EXPECT_EQ(network.executor->passes_at_once(), 3);
  std::vector<at::Tensor> images;
  for (int i = 0; i < 6; ++i) images.push_back(pattern(96 + 32 * (i % 2), 128) * (1 - 0.1 * i));
  std::vector<std::future<test::AtOutput>> outputs;
  for (const auto& image : images)
    outputs.push_back(std::async(std::launch::async, [&] { return test::run(network, image, PassMode::shared); }));
  for (std::size_t i = 0; i < images.size(); ++i)
    expect_same(outputs[i].get(), test::run(network, images[i]), 0, fmt::format("image {}", i));
}

TEST(OpenvinoExecutor, KeepsToManySizesInTurn) {
  const auto openvino = loaded("tiny_v8.pt", ExecutorChoice::openvino);
  const auto first = test::run(openvino, pattern(64, 64));
  for (int side = 80; side < 80 + 16 * 12; side += 16) test::run(openvino, pattern(side, 64));
  expect_same(test::run(openvino, pattern(64, 64)), first, 0, "the first size again");
}

TEST(OpenvinoExecutor, IsChosenIfPossible) {
  const auto image = pattern(64, 96);
  const auto automatic = test::run(loaded("tiny_v8.pt", ExecutorChoice::automatic), image);
  expect_same(automatic, test::run(loaded("tiny_v8.pt", ExecutorChoice::openvino), image), 0, "automatic");
}

TEST(OpenvinoExecutor, LayersThatPassTheImage) {
  GraphBuilder pools_the_image;
  const int pooled = pools_the_image.max_pool(0, {2, 2, 0});
  expect_as_aten(pools_the_image, {0, pooled}, "a pooled image");
}

TEST(OpenvinoExecutor, Bfloat16IsCloseToSinglePrecision) {
  if (bf16_support() != Bf16Support::native) GTEST_SKIP() << "this processor does not compute in bf16";
  const auto image = pattern(64, 96);
  const auto expected = test::run(loaded("tiny_v8.pt", ExecutorChoice::openvino), image);
  const auto rounded = test::run(loaded("tiny_v8.pt", ExecutorChoice::openvino, Precision::bf16), image);
  for (std::size_t i = 0; i < expected.taps.size(); ++i) {
    const auto error = (rounded.taps[i] - expected.taps[i]).norm().item<double>();
    const auto share = error / expected.taps[i].norm().item<double>();
    EXPECT_LT(share, 0.02) << "tap " << i;  // 8 bits of mantissa
    EXPECT_GT(share, 0) << "tap " << i;
  }
}

TEST(OpenvinoExecutor, ComputesInBfloat16OnlyWhereTheProcessorDoes) {
  const auto image = pattern(64, 96);
  const auto maps = [&](Precision precision) {
    return test::run(loaded("tiny_v8.pt", ExecutorChoice::openvino, precision), image);
  };
  const bool native = bf16_support() == Bf16Support::native;
  expect_same(maps(Precision::automatic), maps(native ? Precision::bf16 : Precision::f32), 0, "auto");
  const test::Environment emulates("ONEDNN_MAX_CPU_ISA", "AVX512_CORE_VNNI");
  expect_same(maps(Precision::automatic), maps(Precision::f32), 0, "auto without instructions for bf16");
}

TEST(OpenvinoExecutor, CompiledNetworksAreKeptForTheNextRun) {
  const test::TemporaryFolder folder;
  const char* const before = std::getenv("XDG_CACHE_HOME");
  const std::string restored = before ? before : "";
  ::setenv("XDG_CACHE_HOME", folder.path().c_str(), 1);
  const auto graph = std::get<Graph>(read_model(std::filesystem::path(ONEPASS_TEST_DATA) / "tiny_v8.pt").program);
  const auto run = [&](bool cache, Precision precision) {
    return test::run(OpenvinoExecutor(graph, {2, 4}, {.precision = precision, .cache = cache}), pattern(64, 96));
  };
  const auto expected = run(false, Precision::f32);
  const auto place = folder / "onepass";
  EXPECT_FALSE(std::filesystem::exists(place)) << "without the option";
  expect_same(run(true, Precision::f32), expected, 0, "compiled");
  const auto files = [&] { return std::vector<std::filesystem::path>(std::filesystem::directory_iterator(place), {}); };
  ASSERT_EQ(files().size(), 1U);
  const auto long_ago = std::filesystem::file_time_type::clock::now() - std::chrono::hours(5);
  std::filesystem::last_write_time(files()[0], long_ago);
  expect_same(run(true, Precision::f32), expected, 0, "read");
  ASSERT_EQ(files().size(), 1U);
  EXPECT_GT(std::filesystem::last_write_time(files()[0]), long_ago) << "the file was used";
  std::ofstream(files()[0]) << "damaged";
  expect_same(run(true, Precision::f32), expected, 0, "compiled again");
  EXPECT_GT(std::filesystem::file_size(files()[0]), 10'000U);
  run(true, Precision::bf16);
  EXPECT_EQ(files().size(), 2U) << "another precision is another network";
  before ? ::setenv("XDG_CACHE_HOME", restored.c_str(), 1) : ::unsetenv("XDG_CACHE_HOME");
}

TEST(OpenvinoExecutor, PrecisionsThatItDoesNotHaveAreRefused) {
  const auto refusal = [](Precision precision) {
    return message_of([&] { loaded("tiny_v8.pt", ExecutorChoice::automatic, precision); });
  };
  EXPECT_THAT(refusal(Precision::int8), HasSubstr("no executor can run this model in this precision (openvino: this "
                                                  "model is not quantized: the ranges of its values are unknown"));
  EXPECT_THAT(refusal(Precision::f16),
              HasSubstr("(openvino: it does not compute in f16; aten: it computes in f16 on CUDA only"));
  EXPECT_THAT(refusal(Precision::f16), HasSubstr("(setting: detector.precision)"));
  const test::Environment processor("ONEDNN_MAX_CPU_ISA", "AVX2");
  EXPECT_THAT(
      refusal(Precision::bf16),
      testing::EndsWith("no executor can run this model in this precision (openvino: this processor has no bf16 "
                        "instructions; use f32; aten: it computes in f32 and f16 only; torchscript: it does not "
                        "run checkpoints) (setting: detector.precision)"));
  const auto exported = [] { loaded("tiny_v8.torchscript", ExecutorChoice::automatic, Precision::bf16); };
  EXPECT_THAT(message_of(exported), HasSubstr("(openvino, aten: it does not run TorchScript exports; torchscript: it "
                                              "computes in f32 and f16 only)"));
}

TEST(OpenvinoExecutor, EmulatedBf16IsSlow) {
  if (bf16_support() == Bf16Support::none) GTEST_SKIP() << "this processor has no AVX-512";
  const auto caution = [](const char* processor, Precision precision) {
    const test::Environment environment("ONEDNN_MAX_CPU_ISA", processor);
    return load_network(std::filesystem::path(ONEPASS_TEST_DATA) / "tiny_v8.pt", no_taps, {.precision = precision})
        .executor->caution();
  };
  EXPECT_EQ(caution("AVX512_CORE_VNNI", Precision::bf16), "this processor emulates bf16, which is slower than f32");
  EXPECT_EQ(caution("AVX512_CORE_VNNI", Precision::f32), "");
  const bool is_emulated = bf16_support() == Bf16Support::emulated;
  EXPECT_EQ(caution("DEFAULT", Precision::bf16).empty(), !is_emulated);
}

TEST(OpenvinoExecutor, MapsThatDoNotFitAreNamed) {
  Stem stem(16);
  auto shrinking = convolution(16, 16, 3);
  shrinking.padding = 0;
  const int smaller = stem.builder.convolve(stem.value, std::move(shrinking));
  const int joined = stem.builder.concat({stem.value, smaller});
  const OpenvinoExecutor executor(stem.builder.finish({joined}, {{joined, -1}}), {}, {});
  EXPECT_EQ(message_of([&] { test::run(executor, pattern(32, 64)); }),
            "OpenVINO: Argument shapes are inconsistent; they must have the same rank, and must have equal dimension "
            "everywhere "
            "except on the concatenation axis (axis 1).");
  EXPECT_EQ(
      message_of([&] { test::run(executor, pattern(2, 2)); }),
      "OpenVINO: Kernel after dilation has size (dim: 3) larger than the data shape after padding (dim: 1) at axis 0.");
}

}  // namespace
}  // namespace onepass::model
