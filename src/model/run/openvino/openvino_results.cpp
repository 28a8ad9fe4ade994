#include "model/run/openvino/openvino_results.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "model/graph/shape_parts.hpp"

namespace onepass::model {
namespace {

/// The output with the prototypes of masks: a map of few channels.
std::optional<std::size_t> find_prototypes(const NetworkResults& results) {
  for (std::size_t i = 0; i < results.all.size(); ++i) {
    const auto& shape = results.all[i].shape;
    if (is_of_one_image(results.all[i], 4) && shape[1] > 0 && shape[1] < 256 && shape[2] > 1 && shape[3] > 1) return i;
  }
  return std::nullopt;
}

/// The columns of a row after the classes.
struct Extras {
  int first = 0;
  int count = 0;
};

Extras extras_of(const RowSource& source, const std::vector<std::int64_t>& shape) {
  const auto scores = source.head.rows.scores;
  const int first = scores == RowScores::best         ? 6
                    : scores == RowScores::objectness ? 5 + source.head.class_count
                                                      : 4 + source.head.class_count;
  return {first, static_cast<int>(shape[source.columns_first ? 1 : 2]) - first};
}

void add_masks(RowSource& source, const Extras& extras, const NetworkResults& results, const ModelNotes& notes) {
  const auto prototypes = find_prototypes(results);
  if (notes.task == "segment" && !prototypes && notes.outputs.empty())
    throw std::runtime_error(fmt::format(
        "is a segmentation model, but the prototypes of its masks are missing: its outputs are {}; export it again",
        describe(results.all)));
  if (!prototypes) return;
  const auto& output = results.all[*prototypes];
  const bool wanted = notes.outputs.empty() || std::ranges::find(notes.outputs, output.name) != notes.outputs.end();
  const bool fits = output.shape[1] == extras.count;
  if (wanted && notes.task == "segment" && !fits)
    throw std::runtime_error(fmt::format("its outputs ({}) have {} coefficients for {} prototypes of masks",
                                         describe(results.all), extras.count, output.shape[1]));
  if (!wanted || !fits || (!notes.task.empty() && notes.task != "segment")) return;
  source.head.mask_channels = extras.count;
  source.head.rows.mask_column = extras.first;
  source.prototypes = prototypes;
}

void add_keypoints(RowSource& source, const Extras& extras, const NetworkResults& results, const ModelNotes& notes) {
  const auto given = notes.keypoint_shape.empty() ? std::vector{extras.count / 3, 3} : notes.keypoint_shape;
  auto& head = source.head;
  head.keypoints = keypoint_layout(given, KeypointCoding::corner);
  if (head.keypoints.channels() != extras.count)
    throw std::runtime_error(
        fmt::format("its outputs ({}) have {} columns for keypoints, which do not fit the shape of keypoints {}×{} "
                    "(kpt_shape)",
                    describe(results.all), extras.count, given[0], given[1]));
  head.rows.keypoint_column = extras.first;
}

}  // namespace

std::string describe(const NetworkResult& result) {
  std::vector<std::string> sides;
  for (const auto side : result.shape) sides.push_back(side < 0 ? "?" : std::to_string(side));
  return fmt::format("'{}' {}", result.name, fmt::join(sides, "×"));
}

std::string describe(const std::vector<NetworkResult>& results) {
  std::vector<std::string> texts;
  for (const auto& result : results) texts.push_back(describe(result));
  return fmt::format("{}", fmt::join(texts, ", "));
}

bool is_of_one_image(const NetworkResult& result, std::size_t dimensions) {
  return result.shape.size() == dimensions && result.shape[0] == 1;
}

int mask_columns(const NetworkResults& results) {
  const auto prototypes = find_prototypes(results);
  return prototypes ? static_cast<int>(results.all[*prototypes].shape[1]) : 0;
}

RowSource with_shapes(RowSource source, const NetworkResults& results, const ModelNotes& notes) {
  const auto extras = extras_of(source, results.all[source.outputs.front()].shape);
  add_masks(source, extras, results, notes);
  if (notes.task == "pose") add_keypoints(source, extras, results, notes);
  return source;
}

}  // namespace onepass::model
