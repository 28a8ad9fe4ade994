// Quantizing a network: measured ranges, and what the quantized network computes.
#include "model/range_finder.hpp"

#include <fstream>

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/checksum.hpp"
#include "model/load_network.hpp"
#include "model/read/quantized_file.hpp"
#include "support/at_maps.hpp"
#include "support/golden.hpp"
#include "support/message_of.hpp"
#include "support/taps.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::model {
namespace {

using test::message_of;
using test::pattern;
using test::taps;
using test::TemporaryFolder;
using testing::HasSubstr;

const std::filesystem::path tiny = std::filesystem::path(ONEPASS_TEST_DATA) / "tiny_v8.pt";

ValueRanges ranges_of(const std::filesystem::path& model, const std::vector<at::Tensor>& images) {
  RangeFinder finder(model);
  for (const auto& image : images) finder.observe(test::image_of(image));
  return finder.ranges();
}

std::filesystem::path quantized_tiny(const TemporaryFolder& folder, const ValueRanges& ranges) {
  return folder.write("tiny-int8.yaml", to_text({tiny, ranges}, io::checksum_of_file(tiny), 2));
}

TEST(RangeFinder, MeansOfSmallestAndLargestElements) {
  const std::vector<at::Tensor> images = {pattern(64, 96), pattern(64, 96) * 0.5, pattern(32, 64)};
  const auto ranges = ranges_of(tiny, images);
  const auto network = load_network(tiny, taps({0, 2, 9}), {.executor = ExecutorChoice::aten});
  for (const auto& [index, name] : {std::pair{0U, "model.0"}, {1U, "model.2"}, {2U, "model.9"}}) {
    double low = 0, high = 0;
    for (const auto& image : images) {
      const auto map = test::run(network, image).taps[index];
      low += map.min().item<double>() / 3;
      high += map.max().item<double>() / 3;
    }
    ASSERT_TRUE(ranges.contains(name)) << name;
    EXPECT_NEAR(ranges.at(name).low, low, 1e-4) << name;
    EXPECT_NEAR(ranges.at(name).high, high, 1e-4 * high) << name;
  }
}

TEST(RangeFinder, RefusesWhatCannotBeQuantized) {
  const TemporaryFolder folder;
  const auto script = std::filesystem::path(ONEPASS_TEST_DATA) / "tiny_v8.torchscript";
  EXPECT_EQ(message_of([&] { RangeFinder{script}; }),
            script.string() + ": exports cannot be quantized; use the model's .pt file");
  const auto quantized = quantized_tiny(folder, ranges_of(tiny, {pattern(64, 96)}));
  EXPECT_THAT(message_of([&] { RangeFinder{quantized}; }), HasSubstr("is quantized already"));
}

TEST(QuantizedNetwork, IsCloseToSinglePrecisionWithTheSameBytesForAnyNumberOfThreads) {
  const TemporaryFolder folder;
  const auto image = pattern(64, 96);
  const auto file = quantized_tiny(folder, ranges_of(tiny, {image, pattern(96, 64)}));
  const auto exact = test::run(load_network(tiny, taps({0, 4, 9}), {.precision = Precision::f32}), image);
  const auto quantized = load_network(file, taps({0, 4, 9}), {.precision = Precision::int8, .threads = 1});
  EXPECT_EQ(quantized.info.path, file.string());
  const auto rounded = test::run(quantized, image);
  const auto with_threads = test::run(load_network(file, taps({0, 4, 9}), {.threads = 3}), image);
  for (std::size_t i = 0; i < exact.taps.size(); ++i) {
    const auto share = ((rounded.taps[i] - exact.taps[i]).norm() / exact.taps[i].norm()).item<double>();
    EXPECT_GT(share, 1e-4) << "tap " << i;  // it was rounded
    EXPECT_LT(share, 0.2) << "tap " << i;
    EXPECT_TRUE(with_threads.taps[i].equal(rounded.taps[i])) << "tap " << i;
  }
}

TEST(QuantizedNetwork, ComputesInSinglePrecisionIfAsked) {
  const TemporaryFolder folder;
  const auto file = quantized_tiny(folder, ranges_of(tiny, {pattern(64, 96)}));
  const auto exact = test::run(load_network(tiny, taps({9}), {.precision = Precision::f32}), pattern(64, 96));
  const auto same = test::run(load_network(file, taps({9}), {.precision = Precision::f32}), pattern(64, 96));
  EXPECT_TRUE(same.taps[0].equal(exact.taps[0]));
}

TEST(QuantizedNetwork, AQuantizedModelOfAQuantizedModelIsRefused) {
  const TemporaryFolder folder;
  const auto inner = quantized_tiny(folder, ranges_of(tiny, {pattern(64, 96)}));
  const auto outer = folder.write("outer.yaml", to_text({inner, {}}, io::checksum_of_file(inner), 1));
  EXPECT_EQ(message_of([&] { load_network(outer); }), outer.string() + ": its model is a quantized model itself");
}

TEST(QuantizedNetwork, MissingRangesAreNamed) {
  const TemporaryFolder folder;
  auto ranges = ranges_of(tiny, {pattern(64, 96)});
  ranges.erase("model.4");
  const auto network = load_network(quantized_tiny(folder, ranges));
  EXPECT_THAT(message_of([&] { test::run(network, pattern(64, 96)); }),
              HasSubstr("the ranges lack that of model.4; quantize the model again"));
}

}  // namespace
}  // namespace onepass::model
