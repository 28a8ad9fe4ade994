#include "track/motion/camera_motion.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace onepass::track {
namespace {

using test::TemporaryFolder;
using testing::HasSubstr;

std::string error_of(const std::filesystem::path& file) {
  try {
    WarpFile warps(file);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

TEST(WarpFile, FirstLineBelongsToTheFirstFrameWhateverItsNumber) {
  const TemporaryFolder folder;
  const auto file = folder.write("gmc.txt", "301 1 0 0 0 1 0\n302\t1\t0\t2.5\t0\t1\t-1\t\n303,1,0,4,0,1,0\n");
  const WarpFile warps(file);
  EXPECT_DOUBLE_EQ(warps.between(0, 1).x, 2.5);
  EXPECT_DOUBLE_EQ(warps.between(0, 1).y, -1);
  EXPECT_DOUBLE_EQ(warps.between(1, 2).x, 4);
  EXPECT_DOUBLE_EQ(warps.between(0, 2).x, 6.5) << "skipped frames count";
  EXPECT_DOUBLE_EQ(warps.between(2, 3).x, 0) << "beyond the file nothing moves";
  EXPECT_DOUBLE_EQ(warps.between(2, 1).x, 0) << "backwards nothing moves";
}

TEST(WarpFile, FramesThatAreLeftOutTakeNoMemory) {
  const TemporaryFolder folder;
  const WarpFile warps(folder.write("gap.txt", "1 1 0 3 0 1 0\n900000000000 1 0 5 0 1 0\n"));
  EXPECT_EQ(warps.between(0, 500).x, 0);
  EXPECT_EQ(warps.between(899'999'999'998, 900'000'000'000).x, 5);
}

TEST(WarpFile, CompositionAppliesTheSecondAfterTheFirst) {
  const Warp first{0, -1, 10, 1, 0, 0};
  const Warp second{2, 0, 1, 0, 2, 3};
  const auto both = composed(first, second);
  const double x = 5;
  const double y = 7;
  const double once_x = first.xx * x + first.xy * y + first.x;
  const double once_y = first.yx * x + first.yy * y + first.y;
  EXPECT_DOUBLE_EQ(both.xx * x + both.xy * y + both.x, 2 * once_x + 1);
  EXPECT_DOUBLE_EQ(both.yx * x + both.yy * y + both.y, 2 * once_y + 3);
}

TEST(WarpFile, ErrorsNameFileAndLine) {
  const TemporaryFolder folder;
  EXPECT_THAT(error_of(""), HasSubstr("tracker.camera_motion_file is empty"));
  EXPECT_THAT(error_of(folder / "none.txt"), HasSubstr("none.txt: cannot open"));
  EXPECT_THAT(error_of(folder.write("a.txt", "1 1 0 0 0 1 0\n2 1 0 0 0 1\n")), HasSubstr("a.txt:2: expected"));
  EXPECT_THAT(error_of(folder.write("b.txt", "1 1 0 nan 0 1 0\n")), HasSubstr("b.txt:1: expected"));
  EXPECT_THAT(error_of(folder.write("c.txt", "1 0 0 0 0 0 0\n")), HasSubstr("c.txt:1: expected")) << "no area left";
  EXPECT_THAT(error_of(folder.write("d.txt", "5 1 0 0 0 1 0\n4 1 0 0 0 1 0\n")), HasSubstr("d.txt:2: frame 4"));
  EXPECT_THAT(error_of(folder.write("e.txt", "\n")), HasSubstr("has no warps"));
}

std::vector<Rectangle> row_of_people(double shift_x, double shift_y) {
  std::vector<Rectangle> boxes;
  for (int i = 0; i < 8; ++i) {
    const double left = 100.0 * i + shift_x;
    const double top = 50 + 10.0 * (i % 3) + shift_y;
    boxes.push_back({left, top, left + 40, top + 100});
  }
  return boxes;
}

TEST(BoxMotion, FindsACommonDisplacement) {
  BoxMotion motion;
  const auto shift = motion.estimate(row_of_people(0, 0), row_of_people(9, -4));
  EXPECT_NEAR(shift.x, 9, 1e-3);
  EXPECT_NEAR(shift.y, -4, 1e-3);
}

TEST(BoxMotion, ThreeRoundsAlignMoreThanHalfABoxAway) {
  // 60 pixels are more than half the height of the smaller boxes; the larger ones give the estimate.
  std::vector<Rectangle> before;
  std::vector<Rectangle> after;
  for (int i = 0; i < 10; ++i) {
    const double height = i < 6 ? 160 : 90;
    before.push_back({300.0 * i, 0, 300.0 * i + 50, height});
    after.push_back({300.0 * i + 60, 0, 300.0 * i + 110, height});
  }
  BoxMotion motion;
  EXPECT_NEAR(motion.estimate(before, after).x, 60, 0.1);
}

TEST(BoxMotion, OneWalkerDoesNotMoveTheCamera) {
  auto after = row_of_people(0, 0);
  after[3].left += 12;
  after[3].right += 12;
  BoxMotion motion;
  const auto shift = motion.estimate(row_of_people(0, 0), after);
  EXPECT_DOUBLE_EQ(shift.x, 0);
  EXPECT_DOUBLE_EQ(shift.y, 0);
}

TEST(BoxMotion, ScatteredDisplacementsAreShrunk) {
  auto after = row_of_people(0, 0);
  const std::vector<double> moves = {-9, 8, -7, 6, 1, 11, -12, 3};
  for (std::size_t i = 0; i < after.size(); ++i) {
    after[i].left += moves[i];
    after[i].right += moves[i];
  }
  BoxMotion motion;
  const double median = 2;  // of the movements
  EXPECT_LT(std::abs(motion.estimate(row_of_people(0, 0), after).x), 0.1 * median);
}

TEST(BoxMotion, FewPairsGiveNoEstimate) {
  const auto before = row_of_people(0, 0);
  const auto after = row_of_people(9, 0);
  BoxMotion motion;
  EXPECT_EQ(motion.estimate({before.data(), 3}, {after.data(), 3}).x, 0);
  EXPECT_NEAR(motion.estimate({before.data(), 4}, {after.data(), 4}).x, 9, 1e-3);
  EXPECT_EQ(motion.estimate({}, {}).x, 0);
}

}  // namespace
}  // namespace onepass::track
