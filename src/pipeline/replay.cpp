// Replays detections from a MOTChallenge file instead of a network, so that trackers can be compared on given boxes.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "io/mot_text.hpp"
#include "onepass/detector.hpp"

namespace onepass {
namespace {

class ReplayDetector : public Detector {
 public:
  ReplayDetector(const std::filesystem::path& path, std::optional<std::int64_t> frame_count,
                 const WarningHandler& warn) {
    io::MotReader reader(path, {.minimum_columns = 7});
    std::int64_t rows = 0;
    std::int64_t clamped = 0;
    std::int64_t beyond = 0;
    for (io::MotRow row; reader.next(row); ++rows) {
      const double score = std::clamp(row.score, 0.0, 1.0);
      if (score != row.score) ++clamped;
      if (frame_count && row.frame > *frame_count) ++beyond;
      const Box box{static_cast<float>(row.left), static_cast<float>(row.top), static_cast<float>(row.width),
                    static_cast<float>(row.height)};
      by_frame_[row.frame].push_back({box, static_cast<float>(score), 0, {}});
    }
    const auto name = path.string();
    if (rows == 0) warn(name + ": holds no detections");
    if (clamped > 0) {
      warn(fmt::format("{}: scores outside 0 to 1 are clamped ({} of {} rows)", name, clamped, rows));
    }
    if (beyond > 0) {
      warn(fmt::format(
          "{}: {} of {} rows belong to frames after the last, {}; check that the file belongs to this source", name,
          beyond, rows, *frame_count));
    }
  }

  std::vector<Detection> detect(const Frame& frame) override {
    const auto found = by_frame_.find(frame.index + 1);  // frame numbers in the file start at 1
    return found == by_frame_.end() ? std::vector<Detection>() : found->second;
  }

  const std::vector<std::string>& class_names() const override { return class_names_; }

 private:
  std::map<std::int64_t, std::vector<Detection>> by_frame_;
  std::vector<std::string> class_names_;
};

}  // namespace

std::unique_ptr<Detector> replay_detections(const std::filesystem::path& path, std::optional<std::int64_t> frame_count,
                                            const WarningHandler& warn) {
  return std::make_unique<ReplayDetector>(path, frame_count, warn);
}

}  // namespace onepass
