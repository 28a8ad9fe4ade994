// Compares models saved and exported by the framework with its own outputs (tools/models/reference_models.py,
// reference_v7_models.py).
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "detect/decode.hpp"
#include "model/load_network.hpp"
#include "support/at_maps.hpp"
#include "support/golden.hpp"
#include "support/taps.hpp"

namespace onepass::model {
namespace {

namespace fs = std::filesystem;
using test::Golden;
using test::layers_in;

/// Of maps whose values have a deviation around one; the references are computed in double. All but one
/// stay below half of it; the deepest, yolov10l, comes to 1.3e-4, and to 1.7e-4 in the framework's own floats.
constexpr double map_tolerance = 2e-4;
/// Exports run in LibTorch's own kernels; torch 2.15 itself has rounding errors up to 1.7e-4 (yolov10l, channels last).
constexpr double export_tolerance = 3e-4;
constexpr double pixel_tolerance = 2e-2;
constexpr double score_tolerance = 1e-4;
constexpr float lowest_score = 1e-3F;

fs::path folder() {
  const char* named = std::getenv("ONEPASS_REFERENCE_MODELS");
  return named ? named : "";
}

/// Names of the models in the folder that have a file of this kind.
std::vector<std::string> models_with(const std::string& extension) {
  std::set<std::string> names;
  if (!folder().empty())
    for (const auto& entry : fs::directory_iterator(folder()))
      if (entry.path().extension() == ".golden" && fs::exists(fs::path(entry.path()).replace_extension(extension)))
        names.insert(entry.path().stem().string());
  return {names.begin(), names.end()};
}

struct Reference {
  Golden golden;
  double tolerance = map_tolerance;
};

void expect_equal(const at::Tensor& found, const Reference& reference, const std::string& name) {
  ASSERT_TRUE(reference.golden.contains(name)) << "the reference has no " << name;
  EXPECT_LT(test::largest_difference(found, reference.golden.at(name)), reference.tolerance) << name;
}

/// Anchors are numbered level by level, row by row.
std::int64_t anchor_number(const std::vector<test::AtMaps>& levels, const embed::AnchorCell& cell) {
  std::int64_t number = 0;
  for (int level = 0; level < cell.level; ++level) {
    const auto& map = levels[static_cast<std::size_t>(level)].boxes;
    number += map.size(2) * map.size(3);
  }
  return number + cell.y * levels[static_cast<std::size_t>(cell.level)].boxes.size(3) + cell.x;
}

Box upright(float center_x, float center_y, float width, float height, float angle) {
  const float across = std::abs(width * std::cos(angle)) + std::abs(height * std::sin(angle));
  const float along = std::abs(width * std::sin(angle)) + std::abs(height * std::cos(angle));
  return {center_x - across / 2, center_y - along / 2, across, along};
}

double largest_difference(const Box& a, const Box& b) {
  return std::max(
      {std::abs(a.left - b.left), std::abs(a.top - b.top), std::abs(a.width - b.width), std::abs(a.height - b.height)});
}

/// @param decoded center, size, objectness and class scores of each anchor: level by level, and within a level all
/// cells for the first anchor before those for the next.
void expect_decoded_anchors(const std::vector<detect::CandidateBox>& candidates,
                            const std::vector<test::AtMaps>& levels, const Head& head, const at::Tensor& decoded) {
  EXPECT_GT(candidates.size(), 50U);
  const auto rows = decoded.contiguous();
  const auto anchors = static_cast<std::int64_t>(head.anchors.front().size());
  std::size_t next = 0;
  std::int64_t first_row = 0;
  for (std::size_t level = 0; level < levels.size(); ++level) {
    const auto& map = levels[level].boxes;
    const auto cells = map.size(2) * map.size(3);
    for (std::int64_t i = 0; i < anchors * cells; ++i) {
      const auto* row = rows.data_ptr<float>() + (first_row + i) * rows.size(1);
      const auto* best = std::max_element(row + 5, row + 5 + head.class_count);
      const float score = row[4] * *best;
      if (score < lowest_score + score_tolerance) {  // too close to the threshold to be expected
        if (next < candidates.size() && std::abs(candidates[next].score - score) < score_tolerance) ++next;
        continue;
      }
      ASSERT_LT(next, candidates.size());
      const auto& candidate = candidates[next++];
      ASSERT_EQ(candidate.anchor.level, static_cast<int>(level));
      ASSERT_EQ(candidate.anchor.y * map.size(3) + candidate.anchor.x, i % cells);
      ASSERT_LT(largest_difference(candidate.box, {row[0] - row[2] / 2, row[1] - row[3] / 2, row[2], row[3]}),
                pixel_tolerance);
      ASSERT_NEAR(candidate.score, score, score_tolerance);
      ASSERT_NEAR(candidate.score, row[4] * row[5 + candidate.class_id], score_tolerance);
    }
    first_row += anchors * cells;
  }
  EXPECT_EQ(next, candidates.size());
  EXPECT_EQ(first_row, rows.size(0));
}

/// @param decoded center, size, class scores and, of oriented boxes, the angle: channels × anchors.
void expect_decoded(const std::vector<detect::CandidateBox>& candidates, const std::vector<test::AtMaps>& levels,
                    const Head& head, const at::Tensor& decoded) {
  EXPECT_GT(candidates.size(), 50U);
  for (const auto& candidate : candidates) {
    const auto column = decoded.select(1, anchor_number(levels, candidate.anchor)).contiguous();
    const auto* value = column.data_ptr<float>();
    const bool oriented = head.angle != AngleKind::none;
    const Box box = oriented ? upright(value[0], value[1], value[2], value[3], value[4 + head.class_count])
                             : Box{value[0] - value[2] / 2, value[1] - value[3] / 2, value[2], value[3]};
    ASSERT_LT(largest_difference(candidate.box, box), pixel_tolerance);
    ASSERT_NEAR(candidate.score, value[4 + candidate.class_id], score_tolerance);
    ASSERT_NEAR(candidate.score, column.narrow(0, 4, head.class_count).max().item<float>(), score_tolerance);
  }
}

/// @param rows of the best pairs of anchor and class: left, top, right, bottom (oriented boxes: center and size),
/// score, class, …, angle. The class of a candidate is its anchor's best; the pair must be in the table if its score is
/// high enough.
void expect_among_rows(const std::vector<detect::CandidateBox>& candidates, const Head& head, const at::Tensor& rows) {
  const auto table = rows.contiguous();
  const auto count = table.size(0);
  const auto width = table.size(1);
  const float lowest = table.select(1, 4).min().item<float>();
  const auto matches = [&](const detect::CandidateBox& candidate, const float* row) {
    if (std::abs(row[4] - candidate.score) > score_tolerance || row[5] != static_cast<float>(candidate.class_id))
      return false;
    const Box box = head.angle != AngleKind::none ? upright(row[0], row[1], row[2], row[3], row[width - 1])
                                                  : Box{row[0], row[1], row[2] - row[0], row[3] - row[1]};
    return largest_difference(candidate.box, box) < pixel_tolerance;
  };
  int found = 0;
  for (const auto& candidate : candidates) {
    if (candidate.score < lowest + 1e-3F) continue;
    bool is_there = false;
    for (std::int64_t i = 0; i < count && !is_there; ++i)
      is_there = matches(candidate, table.data_ptr<float>() + i * width);
    ASSERT_TRUE(is_there) << "score " << candidate.score << " class " << candidate.class_id;
    ++found;
  }
  EXPECT_GT(found, 30);
}

struct ReferenceCheckpoint : testing::TestWithParam<std::string> {};
struct ReferenceExport : testing::TestWithParam<std::string> {};

void expect_equals_reference(const std::string& file, double tolerance) {
  const auto path = folder() / file;
  const Reference reference{test::read_golden(fs::path(path).replace_extension(".golden")), tolerance};
  const auto& golden = reference.golden;
  const auto* size = golden.at("size").data_ptr<float>();
  const auto layers = layers_in(golden);
  const auto network = load_network(path, test::taps(layers), {.precision = Precision::f32});
  const auto output = test::run(network, test::pattern(static_cast<int>(size[0]), static_cast<int>(size[1])));
  for (std::size_t i = 0; i < layers.size(); ++i)
    expect_equal(output.taps[i], reference, "layer " + std::to_string(layers[i]));
  for (std::size_t level = 0; level < output.levels.size(); ++level) {
    const auto& maps = output.levels[level];
    expect_equal(maps.boxes, reference, "boxes " + std::to_string(level));
    if (maps.classes.defined()) expect_equal(maps.classes, reference, "classes " + std::to_string(level));
    if (maps.angles.defined()) expect_equal(maps.angles, reference, "angles " + std::to_string(level));
  }
  const auto& head = network.info.head;
  const auto candidates = detect::decode(test::maps_of(output.levels), head, lowest_score);
  EXPECT_EQ(head.end_to_end, golden.contains("rows"));
  if (head.end_to_end)
    expect_among_rows(candidates, head, golden.at("rows")[0]);
  else if (head.kind == HeadKind::anchors)
    expect_decoded_anchors(candidates, output.levels, head, golden.at("decoded")[0]);
  else
    expect_decoded(candidates, output.levels, head, golden.at("decoded")[0]);
}

TEST_P(ReferenceCheckpoint, ComputesWhatTheFrameworkDoes) {
  expect_equals_reference(GetParam() + ".pt", map_tolerance);
}
TEST_P(ReferenceExport, ComputesWhatTheFrameworkDoes) {
  expect_equals_reference(GetParam() + ".torchscript", export_tolerance);
}

/// A trace may contain constants of the image size it was made with; other sizes must then be refused.
TEST_P(ReferenceExport, RunsAtAnotherSizeOrRefusesIt) {
  if (!fs::exists(folder() / (GetParam() + ".pt"))) GTEST_SKIP() << "nothing to compare with at another size";
  const auto head_inputs = [](const NetworkInfo& info) { return info.head.inputs; };
  const ComputeOptions options{.precision = Precision::f32};
  const auto checkpoint = load_network(folder() / (GetParam() + ".pt"), head_inputs, options);
  const auto exported =
      load_network(folder() / (GetParam() + ".torchscript"), test::taps(checkpoint.info.head.inputs), options);
  const auto inputs = checkpoint.info.head.inputs;
  const int stride = checkpoint.info.stride;
  const auto image = test::pattern(5 * stride, 4 * stride);
  const auto expected = test::run(checkpoint, image);
  test::AtOutput output;
  try {
    output = test::run(exported, image);
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("this export only runs on images of"), std::string::npos) << error.what();
    RecordProperty("fixed_size", "yes");
    return;
  }
  // Far from the size at which the statistics were collected, values and their rounding errors are larger.
  const auto expect_close = [](const at::Tensor& found, const at::Tensor& wanted) {
    const double scale = std::max(1.0, wanted.abs().max().item<double>());
    EXPECT_LT(test::largest_difference(found, wanted), 1e-3 * scale);
  };
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    expect_close(output.taps[i], expected.taps[i]);
    expect_close(output.levels[i].boxes, expected.levels[i].boxes);
    if (expected.levels[i].classes.defined()) expect_close(output.levels[i].classes, expected.levels[i].classes);
  }
}

std::string test_name(const testing::TestParamInfo<std::string>& model) {
  auto name = model.param;
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Models, ReferenceCheckpoint, testing::ValuesIn(models_with(".pt")), test_name);
INSTANTIATE_TEST_SUITE_P(Models, ReferenceExport, testing::ValuesIn(models_with(".torchscript")), test_name);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ReferenceCheckpoint);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ReferenceExport);

TEST(ReferenceModels, AreThere) {
  if (folder().empty())
    GTEST_SKIP() << "no reference models: set ONEPASS_REFERENCE_MODELS to a folder of tools/models/reference_models.py";
  EXPECT_FALSE(models_with(".pt").empty()) << folder() << " holds none";
}

}  // namespace
}  // namespace onepass::model
