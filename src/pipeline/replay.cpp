// Replays detections from a MOTChallenge file instead of a network, so that trackers can be compared on given boxes.
#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "io/mot_text.hpp"
#include "onepass/detector.hpp"

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

class ReplayDetector : public Detector {
 public:
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
      by_frame_[row.frame].push_back({box, static_cast<float>(score), class_id, {}});
    }
    if (counts.first_without_class > 0) forget_classes();
    report(counts, path.string(), frame_count, warn);
  }

  std::vector<Detection> detect(const Frame& frame) override {
    const auto found = by_frame_.find(frame.index + 1);  // frame numbers in the file start at 1
    return found == by_frame_.end() ? std::vector<Detection>() : found->second;
  }

  const std::vector<std::string>& class_names() const override { return class_names_; }

 private:
  void forget_classes() {
    for (auto& [frame, detections] : by_frame_) {
      for (auto& detection : detections) detection.class_id = 0;
    }
  }

  static void report(const RowCounts& counts, const std::string& name, std::optional<std::int64_t> frame_count,
                     const WarningHandler& warn) {
    if (counts.rows == 0) warn(name + ": holds no detections");
    if (counts.clamped > 0)
      warn(fmt::format("{}: scores outside 0 to 1 are clamped ({} of {} rows)", name, counts.clamped, counts.rows));
    if (counts.beyond > 0)
      warn(fmt::format(
          "{}: {} of {} rows belong to frames after the last, {}; check that the file belongs to this source", name,
          counts.beyond, counts.rows, *frame_count));
    constexpr int columns_of_mot15 = 10;  // the last three are world coordinates
    if (counts.first_without_class > 0 && counts.columns != columns_of_mot15)
      warn(fmt::format("{}:{}: column 8 is {:g}, which is not a class number; all detections have class 0", name,
                       counts.first_without_class, counts.value_without_class));
  }

  std::map<std::int64_t, std::vector<Detection>> by_frame_;
  std::vector<std::string> class_names_;
};

}  // namespace

std::unique_ptr<Detector> replay_detections(const std::filesystem::path& path, std::optional<std::int64_t> frame_count,
                                            const WarningHandler& warn) {
  return std::make_unique<ReplayDetector>(path, frame_count, warn);
}

}  // namespace onepass
