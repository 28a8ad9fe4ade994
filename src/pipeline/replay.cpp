// Replays detections from a file instead of a network, so that trackers can be compared on given boxes.
#include "pipeline/replay.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "formats/recognition.hpp"
#include "formats/registry.hpp"
#include "io/mot_text.hpp"
#include "io/npz.hpp"
#include "onepass/detector.hpp"
#include "pipeline/detection_arrays.hpp"
#include "pipeline/recorded_shapes.hpp"

namespace onepass {
namespace {

/// What is remarkable about the rows of a detection file.
struct RowCounts {
  std::int64_t rows = 0;
  std::int64_t clamped = 0;              ///< scores outside [0, 1]
  std::int64_t beyond = 0;               ///< frames after the last
  std::int64_t first_without_class = 0;  ///< first line whose column 8 cannot be a class; 0: none
  double value_without_class = 0;
  int columns = 0;  ///< the most
};

bool is_class(double value) {
  constexpr double largest_class = 1 << 30;
  return value == std::floor(value) && value >= -1 && value <= largest_class;
}

using DetectionsByFrame = std::map<std::int64_t, std::vector<Detection>>;

class ReplayDetector : public Detector {
 public:
  explicit ReplayDetector(DetectionsByFrame by_frame, std::vector<std::string> class_names = {})
      : by_frame_(std::move(by_frame)), class_names_(std::move(class_names)) {}

  ReplayDetector(const std::filesystem::path& path, std::optional<std::int64_t> frame_count,
                 const WarningHandler& warn) {
    io::MotReader reader(path, {.minimum_columns = 7});
    RowCounts counts;
    for (io::MotRow row; reader.next(row);) {
      const double score = std::clamp(row.score, 0.0, 1.0);
      if (score != row.score) ++counts.clamped;
      if (frame_count && row.frame > *frame_count) ++counts.beyond;
      if (!is_class(row.column_8) && counts.first_without_class == 0) {
        counts.first_without_class = row.line;
        counts.value_without_class = row.column_8;
      }
      ++counts.rows;
      counts.columns = std::max(counts.columns, row.columns);
      const Box box{static_cast<float>(row.left), static_cast<float>(row.top), static_cast<float>(row.width),
                    static_cast<float>(row.height)};
      const int class_id = is_class(row.column_8) ? std::max(0, static_cast<int>(row.column_8)) : 0;
      by_frame_[row.frame].push_back({box, static_cast<float>(score), class_id, {}, {{}, {}, row.rotated}});
    }
    if (counts.first_without_class > 0) forget_classes();
    report(counts, path.string(), frame_count, warn);
  }

  std::vector<Detection> detect(const Frame& frame) override {
    const auto found = by_frame_.find(frame.index + 1);  // frame numbers in the file start at 1
    return found == by_frame_.end() ? std::vector<Detection>() : found->second;
  }

  const std::vector<std::string>& class_names() const override { return class_names_; }

  static void report(const RowCounts& counts, const std::string& name, std::optional<std::int64_t> frame_count,
                     const WarningHandler& warn);

 private:
  void forget_classes() {
    for (auto& [frame, detections] : by_frame_) {
      for (auto& detection : detections) detection.class_id = 0;
    }
  }

  DetectionsByFrame by_frame_;
  std::vector<std::string> class_names_;
};

void ReplayDetector::report(const RowCounts& counts, const std::string& name, std::optional<std::int64_t> frame_count,
                            const WarningHandler& warn) {
  if (counts.rows == 0) warn(name + ": holds no detections");
  if (counts.clamped > 0)
    warn(fmt::format("{}: scores outside 0 to 1 are clamped ({} of {} rows)", name, counts.clamped, counts.rows));
  if (counts.beyond > 0)
    warn(
        fmt::format("{}: {} of {} rows belong to frames after the last, {}; check that the file belongs to this source",
                    name, counts.beyond, counts.rows, *frame_count));
  constexpr int columns_of_mot15 = 10;  // the last three are world coordinates
  if (counts.first_without_class > 0 && counts.columns != columns_of_mot15)
    warn(fmt::format("{}:{}: column 8 is {:g}, which is not a class number; all detections have class 0", name,
                     counts.first_without_class, counts.value_without_class));
}

Detection recorded_detection(const float* row, const std::filesystem::path& path, std::int64_t index) {
  const bool finite =
      std::all_of(row, row + pipeline::detection_columns, [](float value) { return std::isfinite(value); });
  const bool is_frame = row[0] == std::floor(row[0]) && row[0] >= 1 && row[0] <= pipeline::last_recorded_frame;
  if (!finite || !is_frame || row[3] < 0 || row[4] < 0 || row[5] < 0 || row[5] > 1 || !is_class(row[6]) || row[6] < 0)
    throw std::runtime_error(
        fmt::format("{}: row {} of 'detections' is not a frame from 1, a box, a score from 0 to 1 and a class",
                    path.string(), index));
  return {{row[1], row[2], row[3], row[4]}, row[5], static_cast<int>(row[6]), {}};
}

std::vector<Shape> recorded_shapes(const std::map<std::string, io::NpyArray>& arrays, std::int64_t count,
                                   const std::filesystem::path& path) {
  try {
    return pipeline::read_shapes(arrays, count);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(fmt::format("{}: {}", path.string(), error.what()));
  }
}

/// Reads what RecordingDetector has written.
DetectionsByFrame read_recorded(const std::filesystem::path& path, std::optional<std::int64_t> frame_count,
                                const WarningHandler& warn) {
  const auto arrays = io::read_npz(path);
  const auto rows = arrays.find(std::string(pipeline::detections_array));
  if (rows == arrays.end() || rows->second.shape.size() != 2 || rows->second.shape[1] != pipeline::detection_columns)
    throw std::runtime_error(
        fmt::format("{}: has no array 'detections' of {} columns (frame, left, top, width, height, "
                    "score, class)",
                    path.string(), pipeline::detection_columns));
  const auto count = rows->second.shape[0];
  const auto embeddings = arrays.find(std::string(pipeline::embeddings_array));
  const bool embedded = embeddings != arrays.end();
  if (embedded && (embeddings->second.shape.size() != 2 || embeddings->second.shape[0] != count))
    throw std::runtime_error(fmt::format(
        "{}: 'embeddings' does not have one row for each of the {} rows of 'detections'", path.string(), count));
  const auto length = embedded ? embeddings->second.shape[1] : 0;
  auto shapes = recorded_shapes(arrays, count, path);
  DetectionsByFrame by_frame;
  std::int64_t beyond = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto* row = rows->second.values.data() + i * pipeline::detection_columns;
    auto detection = recorded_detection(row, path, i);
    if (embedded) {
      const Eigen::Map<const Eigen::VectorXf> values(embeddings->second.values.data() + i * length, length);
      if (!values.allFinite())
        throw std::runtime_error(fmt::format("{}: row {} of 'embeddings' is not finite", path.string(), i));
      if (!values.isZero(0)) detection.embedding = values;
    }
    detection.shape = std::move(shapes[static_cast<std::size_t>(i)]);
    if (frame_count && row[0] > static_cast<float>(*frame_count)) ++beyond;
    by_frame[static_cast<std::int64_t>(row[0])].push_back(std::move(detection));
  }
  if (count == 0) warn(path.string() + ": holds no detections");
  if (beyond > 0)
    warn(
        fmt::format("{}: {} of {} rows belong to frames after the last, {}; check that the file belongs to this source",
                    path.string(), beyond, count, *frame_count));
  return by_frame;
}

void drop_embeddings(DetectionsByFrame& by_frame) {
  for (auto& [frame, detections] : by_frame)
    for (auto& detection : detections) detection.embedding.resize(0);
}

/// The names by number; numbers without a name get one such as "class 3".
std::vector<std::string> names_of(const formats::ClassNames& names) {
  constexpr int most_names = 100'000;
  std::vector<std::string> result;
  for (const auto& [number, name] : names) {
    if (number < 0 || number > most_names) return {};
    while (static_cast<int>(result.size()) < number)
      result.push_back(formats::class_name(names, static_cast<int>(result.size())));
    result.push_back(name);
  }
  return result;
}

/// Regions that are not evaluated, such as crowds, are no detections.
std::unique_ptr<Detector> replay_annotations(const formats::Annotations& annotations, const std::filesystem::path& path,
                                             std::optional<std::int64_t> frame_count, const WarningHandler& warn) {
  DetectionsByFrame by_frame;
  RowCounts counts;
  for (const auto& object : annotations.objects) {
    if (object.crowd) continue;
    const double score = object.ignored ? 0 : object.score.value_or(1);  // as the mark of MOTChallenge text
    if (score < 0 || score > 1) ++counts.clamped;
    if (frame_count && object.frame > *frame_count) ++counts.beyond;
    ++counts.rows;
    const Box box{static_cast<float>(object.left), static_cast<float>(object.top), static_cast<float>(object.width),
                  static_cast<float>(object.height)};
    by_frame[object.frame].push_back({.box = box,
                                      .score = static_cast<float>(std::clamp(score, 0.0, 1.0)),
                                      .class_id = std::max(0, object.class_id),
                                      .embedding = {},
                                      .shape = object.shape});
  }
  ReplayDetector::report(counts, path.string(), frame_count, warn);
  return std::make_unique<ReplayDetector>(std::move(by_frame), names_of(annotations.class_names));
}

}  // namespace

std::unique_ptr<Detector> replay_detections(const std::filesystem::path& path, std::optional<std::int64_t> frame_count,
                                            const WarningHandler& warn) {
  return pipeline::replay(path, {.frame_count = frame_count, .size = {}}, warn);
}

namespace pipeline {

std::unique_ptr<Detector> replay(const std::filesystem::path& path, const ReplayOptions& options,
                                 const WarningHandler& warn) {
  const auto& frame_count = options.frame_count;
  if (path.extension() == ".npz") {
    auto recorded = read_recorded(path, frame_count, warn);
    if (!options.embeddings) drop_embeddings(recorded);
    return std::make_unique<ReplayDetector>(std::move(recorded));
  }
  const auto format = formats::format_of(path);
  if (!format.empty() && format != "mot")
    return replay_annotations(formats::read(path, formats::format_named(format), {.size = options.size}), path,
                              frame_count, warn);
  return std::make_unique<ReplayDetector>(path, frame_count, warn);
}

}  // namespace pipeline

}  // namespace onepass
