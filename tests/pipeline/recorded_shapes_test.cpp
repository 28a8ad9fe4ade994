#include "pipeline/recorded_shapes.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "io/npz.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::pipeline {
namespace {

std::map<std::string, io::NpyArray> arrays_of(ShapeRecorder& recorder) {
  std::map<std::string, io::NpyArray> arrays;
  for (const auto& entry : recorder.entries())
    arrays[entry.name] = {entry.shape, {entry.values.begin(), entry.values.end()}};
  return arrays;
}

TEST(RecordedShapes, AreReadAsTheyWere) {
  const std::vector<Shape> shapes = {{{4, 3, {2, 5, 5}}, {{1, 2, 0.5F}, {3, 4, 0}}, RotatedBox{10, 20, 30, 4, -0.3F}},
                                     {},
                                     {{2, 2, {0, 4}}, {{-1, 7, 1}}, {}}};
  ShapeRecorder recorder;
  for (const auto& shape : shapes) recorder.add(shape);
  EXPECT_EQ(read_shapes(arrays_of(recorder), 3), shapes);
}

TEST(RecordedShapes, LongRunsAreDivided) {
  constexpr std::uint32_t long_run = 3 * (1U << 24) + 5;  // of an empty picture of 7096×7093 pixels, about
  const int height = 1 << 15, width = static_cast<int>(long_run / height) + 1;
  const auto rest = static_cast<std::uint32_t>(std::int64_t{width} * height - long_run);
  ShapeRecorder recorder;
  recorder.add({{width, height, {long_run, rest}}, {}, {}});
  const auto mask = read_shapes(arrays_of(recorder), 1).front().mask;
  ASSERT_EQ(mask.runs.size(), 8U);
  EXPECT_EQ(mask.runs[6], 5U);
  EXPECT_EQ(mask.runs[7], rest);
}

TEST(RecordedShapes, WithoutShapesHaveNoArrays) {
  ShapeRecorder recorder;
  recorder.add({});
  EXPECT_TRUE(recorder.entries().empty());
  EXPECT_EQ(read_shapes({}, 2), std::vector<Shape>(2));
}

TEST(RecordedShapes, DamagedArraysAreRefused) {
  const auto reason = [](const std::map<std::string, io::NpyArray>& arrays) {
    return test::message_of([&] { read_shapes(arrays, 1); });
  };
  EXPECT_EQ(reason({{"rotated", {{2, 5}, std::vector<float>(10)}}}),
            "'rotated' does not have 5 values for each of the 1 rows of 'detections'");
  EXPECT_EQ(reason({{"rotated", {{1, 5}, {1, 2, 3, NAN, 5}}}}), "row 0 of 'rotated' is not finite");
  EXPECT_EQ(reason({{"keypoints", {{1, 1, 3}, {1, 2, 3}}}}),
            "row 0 of 'keypoints' is not finite, or has a score above 1");
  EXPECT_EQ(reason({{"mask_sizes", {{1, 3}, {2, 2, 1}}}}), "has 'mask_sizes' but no list 'mask_runs'");
  EXPECT_EQ(reason({{"mask_sizes", {{1, 3}, {2, 2, 2}}}, {"mask_runs", {{1}, {4}}}}),
            "row 0 of 'mask_sizes' is not a width, a height and a number of runs in 'mask_runs'");
  EXPECT_EQ(reason({{"mask_sizes", {{1, 3}, {2, 2, 1}}}, {"mask_runs", {{1}, {3}}}}),
            "the runs of row 0 in 'mask_runs' do not add up to its mask");
  EXPECT_EQ(reason({{"mask_sizes", {{1, 3}, {2, 2, 2}}}, {"mask_runs", {{2}, {9, -5}}}}),
            "the runs of row 0 in 'mask_runs' do not add up to its mask");
}

}  // namespace
}  // namespace onepass::pipeline
