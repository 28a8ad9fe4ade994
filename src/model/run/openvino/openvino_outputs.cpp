#include "model/run/openvino/openvino_outputs.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

namespace onepass::model {
namespace {

/// The levels of a grid: strides, finest first, and boxes per cell.
struct Grid {
  std::vector<int> strides;
  int per_cell = 1;
};

/// Finds neighboring powers of two as strides whose cells have this number of boxes. The finest stride of known heads
/// is at most 8, or 16 with three boxes per cell (YOLOv3-tiny); coarser grids would take the 300 objects of an
/// end-to-end head for cells.
std::optional<Grid> find_grid(std::int64_t boxes, const ImageSize& input) {
  for (const int per_cell : {1, 3}) {
    for (int finest = 4; finest <= (per_cell == 1 ? 8 : 16); finest *= 2) {
      std::vector<int> strides;
      std::int64_t cells = 0;
      for (int stride = finest; stride <= 128 && cells * per_cell < boxes; stride *= 2) {
        strides.push_back(stride);
        cells += std::int64_t{input.width / stride} * (input.height / stride);
        const bool whole = input.width % stride == 0 && input.height % stride == 0;
        if (whole && cells * per_cell == boxes && strides.size() > 1) return Grid{strides, per_cell};
      }
    }
  }
  return std::nullopt;
}

class Recognition {
 public:
  Recognition(const NetworkResults& results, const ModelNotes& notes) : results_(results), notes_(notes) {
    for (std::size_t i = 0; i < results.all.size(); ++i) {
      const auto& result = results.all[i];
      const bool wanted = notes.outputs.empty() || std::ranges::find(notes.outputs, result.name) != notes.outputs.end();
      if (wanted) candidates_.push_back(i);
    }
    const auto place = [&](std::size_t i) { return std::ranges::find(notes.outputs, results.all[i].name); };
    if (!notes.outputs.empty()) std::ranges::sort(candidates_, [&](auto a, auto b) { return place(a) < place(b); });
  }

  RowSource run() {
    require_detector();
    if (auto found = boxes_scores_labels()) return *found;
    if (auto found = queries()) return *found;
    for (const auto i : candidates_)
      if (auto found = one_output(i)) return with_shapes(std::move(*found), results_, notes_);
    throw unknown();
  }

 private:
  const std::vector<std::int64_t>& shape(std::size_t i) const { return results_.all[i].shape; }
  bool is(std::size_t i, std::size_t dimensions) const { return is_of_one_image(results_.all[i], dimensions); }
  bool may_be(OutputLayout layout) const { return !notes_.layout || notes_.layout == layout; }
  int named() const { return static_cast<int>(notes_.names.size()); }

  void require_detector() const {
    constexpr std::array<std::string_view, 5> tasks{"", "detect", "segment", "pose", "obb"};
    if (std::ranges::find(tasks, notes_.task) == tasks.end())
      throw std::runtime_error(fmt::format("is a model for the task '{}'; use a detection model", notes_.task));
    const bool vectors = std::ranges::all_of(results_.all, [](const auto& result) { return result.shape.size() == 2; });
    if (vectors && results_.all.size() == 1)
      throw std::runtime_error(fmt::format(
          "has one vector per image as its output ({}), like models for classification and re-identification; use a "
          "detection model",
          describe(results_.all)));
  }

  std::runtime_error unknown() const {
    return std::runtime_error(fmt::format(
        "its outputs are not those of a known detector: {}; if it is one, describe it in a YAML file beside it, of the "
        "same name, such as {{layout: yolov8, names: [person, car], outputs: [{}]}} (layouts: yolov8, yolov5, yolox, "
        "end2end, detr)",
        describe(results_.all), results_.all.empty() ? "" : results_.all.front().name));
  }

  /// Three outputs, as the deployed models of RT-DETR and D-FINE have: boxes 1×N×4, scores and class numbers 1×N.
  std::optional<RowSource> boxes_scores_labels() const {
    if (!may_be(OutputLayout::end2end) || candidates_.size() != 3) return std::nullopt;
    std::optional<std::size_t> boxes, scores, labels;
    for (const auto i : candidates_) {
      if (is(i, 3) && shape(i)[2] == 4) boxes = i;
      if (is(i, 2)) (results_.all[i].name.find("label") != std::string::npos ? labels : scores) = i;
    }
    if (!boxes || !scores || !labels) return std::nullopt;
    auto source = end_to_end({*boxes, *scores, *labels});
    source.head.rows.boxes = RowBoxes::corners;
    return source;
  }

  RowSource end_to_end(std::vector<std::size_t> outputs) const {
    RowSource source{.outputs = std::move(outputs), .layout = OutputLayout::end2end};
    source.head.rows = {.boxes = RowBoxes::corners, .scores = RowScores::best};
    source.head.end_to_end = true;
    source.head.class_count = named();
    if (named() == 0)
      throw std::runtime_error(
          fmt::format("its outputs ({}) do not tell how many classes it has; write their names into a YAML file beside "
                      "it, of the same name, such as {{names: [person, car]}}",
                      describe(results_.all)));
    return source;
  }

  /// Two outputs: boxes 1×N×4 and scores 1×N×classes.
  std::optional<RowSource> queries() const {
    if (!may_be(OutputLayout::detr)) return std::nullopt;
    for (const auto boxes : candidates_) {
      if (!is(boxes, 3) || shape(boxes)[2] != 4) continue;
      for (const auto scores : candidates_) {
        if (scores == boxes || !is(scores, 3) || shape(scores)[1] != shape(boxes)[1] || shape(scores)[2] < 1) continue;
        if (shape(scores)[2] == 4 && scores < boxes && candidates_.size() == 2) continue;   // boxes come first
        if (!notes_.layout && find_grid(shape(boxes)[1], results_.input)) throw unknown();  // boxes of cells
        auto source = of_queries({boxes, scores}, static_cast<int>(shape(scores)[2]));
        source.head.rows.scores = results_.all[scores].is_probability ? RowScores::classes : RowScores::logits;
        return source;
      }
    }
    return std::nullopt;
  }

  RowSource of_queries(std::vector<std::size_t> outputs, int classes) const {
    if (named() > classes) refuse_names(fmt::format("its outputs ({}) have", describe(results_.all)), classes);
    RowSource source{.outputs = std::move(outputs), .layout = OutputLayout::detr};
    source.head.rows = {.unit = RowUnit::shares, .scores = RowScores::classes};
    source.head.end_to_end = true;
    source.head.class_count = classes;
    return source;
  }

  std::optional<RowSource> one_output(std::size_t i) const {
    if (!is(i, 3)) return std::nullopt;
    const auto first = shape(i)[1], second = shape(i)[2];
    if (may_be(OutputLayout::yolov8) && first >= 5)
      if (const auto grid = find_grid(second, results_.input); grid && grid->per_cell == 1)
        return class_rows(i, *grid, true);
    // Only names or the user tell that rows of cells have no objectness.
    if (second >= 5 && (notes_.layout == OutputLayout::yolov8 || (!notes_.layout && second == 4 + named())))
      if (const auto grid = find_grid(first, results_.input); grid && grid->per_cell == 1)
        return class_rows(i, *grid, false);
    if (second >= 6 && (may_be(OutputLayout::yolov5) || may_be(OutputLayout::yolox)))
      if (const auto grid = find_grid(first, results_.input)) return objectness_rows(i, *grid);
    const bool queries = notes_.head == "RTDETRDecoder" || notes_.layout == OutputLayout::detr;
    if (queries && named() > 0 && second == 4 + named()) return of_queries({i}, named());
    if (queries && second == 6) {  // the best class of each query is already chosen
      auto source = end_to_end({i});
      source.layout = OutputLayout::detr;
      source.head.rows = {.unit = RowUnit::shares, .scores = RowScores::best};
      return source;
    }
    constexpr std::int64_t most_objects = 3000;
    const bool objects = second >= 6 && second <= 200 && first < most_objects;
    if (!objects || !may_be(OutputLayout::end2end)) return std::nullopt;
    auto source = end_to_end({i});
    if (notes_.task == "obb") {  // center, size, score, class, angle
      source.head.rows.boxes = RowBoxes::center;
      source.head.rows.angle_column = static_cast<int>(second) - 1;
    }
    return source;
  }

  RowSource class_rows(std::size_t i, const Grid& grid, bool columns_first) const {
    const auto columns = static_cast<int>(shape(i)[columns_first ? 1 : 2]);
    RowSource source{.outputs = {i}, .columns_first = columns_first};
    auto& head = source.head;
    head.strides = grid.strides;
    head.rows = {.rows_per_cell = 1};
    head.class_count = named() > 0 ? named() : columns - 4 - mask_columns(results_);
    if (head.class_count < 1 || head.class_count > columns - 4)
      throw std::runtime_error(fmt::format("its output {} has {} columns, too few for {} classes",
                                           describe(results_.all[i]), columns, head.class_count));
    if (notes_.task == "obb") head.rows.angle_column = columns - 1;
    if (notes_.task.empty() || notes_.task == "detect") require_classes(i, columns - 4 - mask_columns(results_));
    return source;
  }

  void require_classes(std::size_t i, int columns) const {
    if (named() > 0 && named() != columns)
      refuse_names(fmt::format("its output {} has", describe(results_.all[i])), columns);
  }

  [[noreturn]] void refuse_names(const std::string& outputs, int classes) const {
    throw std::runtime_error(
        fmt::format("{} {} classes, but {} are named; write the {} names into a YAML file beside it, of the same name, "
                    "such as {{names: [person, car]}}",
                    outputs, classes, named(), classes));
  }

  std::optional<RowSource> objectness_rows(std::size_t i, const Grid& grid) const {
    const auto columns = static_cast<int>(shape(i)[2]);
    const bool yolox = notes_.layout ? notes_.layout == OutputLayout::yolox : grid.per_cell == 1;
    RowSource source{.outputs = {i}, .layout = yolox ? OutputLayout::yolox : OutputLayout::yolov5};
    auto& head = source.head;
    head.strides = grid.strides;
    head.rows = {.scores = RowScores::objectness, .rows_per_cell = grid.per_cell};
    if (yolox && !results_.has_exponential) head.rows.boxes = RowBoxes::offsets;
    const bool masks = notes_.task == "segment" || mask_columns(results_) > 0;
    head.class_count = masks && named() > 0 ? named() : columns - 5 - mask_columns(results_);
    if (head.class_count < 1) return std::nullopt;
    if (!masks) require_classes(i, head.class_count);
    return source;
  }

  const NetworkResults& results_;
  const ModelNotes& notes_;
  std::vector<std::size_t> candidates_;
};

}  // namespace

RowSource recognize(const NetworkResults& results, const ModelNotes& notes) {
  for (const auto& name : notes.outputs)
    if (std::ranges::find(results.all, name, &NetworkResult::name) == results.all.end())
      throw std::runtime_error(fmt::format("has no output '{}'; its outputs are {}", name, describe(results.all)));
  return Recognition(results, notes).run();
}

}  // namespace onepass::model
