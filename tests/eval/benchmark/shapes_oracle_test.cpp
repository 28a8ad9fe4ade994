// Compares scores of random masks and rotated boxes with trackeval's. Skipped if trackeval is not installed.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>

#include "eval/benchmark/evaluation.hpp"
#include "eval/metrics/families.hpp"
#include "eval/report/score_files.hpp"
#include "onepass/shape_geometry.hpp"
#include "support/dice.hpp"
#include "support/temporary_folder.hpp"
#include "support/trackeval.hpp"

namespace onepass::eval {
namespace {

using nlohmann::json;
using test::Dice;
using test::TemporaryFolder;

constexpr int width = 48, height = 32;

/// Paints ellipses one over the other, so that the masks of a picture are disjoint; returns the rows of its objects.
class Painter {
 public:
  void add(int id, int class_id, const cv::Point& center, const cv::Size& axes) {
    objects_.push_back({id, class_id});
    cv::ellipse(picture_, center, axes, 0, 0, 360, static_cast<int>(objects_.size()), cv::FILLED);
  }

  std::string rows(int frame) const {
    std::string rows;
    for (std::size_t i = 0; i < objects_.size(); ++i) {
      const cv::Mat inside = picture_ == static_cast<int>(i) + 1;
      if (cv::countNonZero(inside) > 0)
        rows += fmt::format("{} {} {} {} {} {}\n", frame, objects_[i].first, objects_[i].second, height, width,
                            to_coco_text(to_mask(inside)));
    }
    return rows;
  }

 private:
  cv::Mat picture_ = cv::Mat::zeros(height, width, CV_8UC1);
  std::vector<std::pair<int, int>> objects_;
};

/// Pedestrians, cars and regions to ignore, and a tracker that finds them with errors.
void write_masks(const TemporaryFolder& folder, const std::string& name, int frames, int count, Dice& dice) {
  std::string truth, result;
  std::vector<cv::Point> centers(static_cast<std::size_t>(count));
  for (int frame = 1; frame <= frames; ++frame) {
    Painter true_picture, given_picture;
    for (int region = 0; region < 2 && dice.chance(60); ++region)
      true_picture.add(10000 + region, 10, {dice.below(width), dice.below(height)},
                       {3 + dice.below(8), 3 + dice.below(8)});
    for (int i = 0; i < count; ++i) {
      auto& center = centers[static_cast<std::size_t>(i)];
      if (frame == 1 || dice.chance(10)) center = {dice.below(width), dice.below(height)};
      const cv::Size axes{2 + i % 5, 3 + i % 4};
      const int class_id = i % 4 == 3 ? 1 : 2;
      if (dice.chance(85)) true_picture.add(1000 * class_id + i, class_id, center, axes);
      const cv::Point shifted = center + cv::Point(dice.below(3) - 1, dice.below(3) - 1);
      if (dice.chance(80)) given_picture.add((i + frame / 9) % count + 1, class_id, shifted, axes);
    }
    if (dice.chance(40)) given_picture.add(900 + dice.below(3), 2, {dice.below(width), dice.below(height)}, {4, 4});
    truth += true_picture.rows(frame);
    result += given_picture.rows(frame);
  }
  folder.write("gt/" + name + "/gt/gt.txt", truth);
  folder.write("gt/" + name + "/seqinfo.ini", fmt::format("[Sequence]\nseqLength={}\n", frames));
  folder.write("results/tracker/" + name + ".txt", result);
}

/// Boxes that turn, and a tracker that finds them with errors.
void write_rotated(const TemporaryFolder& folder, const std::string& name, int frames, int count, Dice& dice) {
  std::string truth, result;
  const auto row = [](int frame, int id, const RotatedBox& box, const std::string& rest) {
    const auto upright = bounding_box(box);
    return fmt::format("{},{},{:.2f},{:.2f},{:.2f},{:.2f},{},{:.2f},{:.2f},{:.2f},{:.2f},{:.4f}\n", frame, id,
                       upright.left, upright.top, upright.width, upright.height, rest, box.center_x, box.center_y,
                       box.width, box.height, box.angle);
  };
  std::vector<RotatedBox> boxes;
  const auto number = [&](double low, double high) { return static_cast<float>(dice.number(low, high)); };
  for (int i = 0; i < count; ++i)
    boxes.push_back({number(0, 60), number(0, 60), number(10, 40), number(4, 15), number(0, 3)});
  for (int frame = 1; frame <= frames; ++frame) {
    for (int i = 0; i < count; ++i) {
      auto& box = boxes[static_cast<std::size_t>(i)];
      box.angle += number(-0.1, 0.2);
      box.center_x += number(-2, 2);
      if (dice.chance(90)) truth += row(frame, i + 1, box, dice.chance(5) ? "0,1,1,1" : "1,1,1,1");
      auto found = box;
      found.angle += number(-0.2, 0.2);
      found.center_y += number(-2, 2);
      if (dice.chance(85)) result += row(frame, (i + frame / 11) % count + 1, found, "0.5,-1,-1,-1");
    }
  }
  folder.write("gt/" + name + "/gt/gt.txt", truth);
  folder.write("gt/" + name + "/seqinfo.ini", fmt::format("[Sequence]\nseqLength={}\n", frames));
  folder.write("results/tracker/" + name + ".txt", result);
}

std::string compare(const std::string& python, const TemporaryFolder& folder, const std::string& benchmark) {
  const auto oracle =
      test::run_trackeval(python, folder / "gt", folder / "results", benchmark, test::Preprocessing::official);
  if (!oracle.contains("scores")) return oracle.dump();
  const auto ours = evaluate({.truth = folder / "gt", .results = {folder / "results"}, .benchmark = benchmark});
  return test::differences(oracle["scores"], json::parse(to_json(ours, family_names())));
}

TEST(ShapesOracle, MasksScoreAlike) {
  REQUIRE_TRACKEVAL(python);
  const TemporaryFolder folder;
  Dice dice(4);
  write_masks(folder, "MOTS20-02", 30, 7, dice);
  write_masks(folder, "MOTS20-05", 40, 12, dice);
  write_masks(folder, "MOTS20-09", 20, 3, dice);
  EXPECT_EQ(compare(python, folder, "MOTS20"), "");
}

TEST(ShapesOracle, RotatedBoxesScoreAlike) {
  REQUIRE_TRACKEVAL(python);
  const TemporaryFolder folder;
  Dice dice(6);
  write_rotated(folder, "scene-1", 30, 8, dice);
  write_rotated(folder, "scene-2", 40, 12, dice);
  EXPECT_EQ(compare(python, folder, "rotated"), "");
}

TEST(ShapesOracle, MasksThatOverlapAreRefusedByBoth) {
  REQUIRE_TRACKEVAL(python);
  const TemporaryFolder folder;
  folder.write("gt/MOTS20-01/gt/gt.txt", "1 2001 2 2 2 04\n");
  folder.write("gt/MOTS20-01/seqinfo.ini", "[Sequence]\nseqLength=1\n");
  folder.write("results/tracker/MOTS20-01.txt", "1 1 2 2 2 04\n1 2 2 2 2 04\n");
  EXPECT_NE(compare(python, folder, "MOTS20").find("error"), std::string::npos);
  EXPECT_THROW(evaluate({.truth = folder / "gt", .results = {folder / "results"}, .benchmark = "MOTS20"}),
               std::runtime_error);
}

}  // namespace
}  // namespace onepass::eval
