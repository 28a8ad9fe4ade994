#include "track/record/view.hpp"

#include <gtest/gtest.h>

namespace onepass::track {
namespace {

Scene scene_of(const std::vector<Rectangle>& boxes) {
  Scene scene;
  scene.size = {1000, 500};
  for (const auto& box : boxes) scene.observations.push_back({box, 0.9, 0, 0, false});
  scene.index.build(scene.observations);
  return scene;
}

TEST(View, TheBoxInFrontHidesTheOtherOne) {
  // The second box covers a quarter of the first and stands lower.
  const auto scene = scene_of({{100, 100, 140, 200}, {130, 150, 170, 260}});
  EXPECT_DOUBLE_EQ(hidden_share(scene, 0, 0.5), 10.0 * 50 / (40 * 100));
  EXPECT_DOUBLE_EQ(hidden_share(scene, 1, 0.5), 0);
}

TEST(View, FaintBoxesAndDuplicatesHideNothing) {
  auto scene = scene_of({{100, 100, 140, 200}, {130, 150, 170, 260}});
  EXPECT_DOUBLE_EQ(hidden_share(scene, 0, 0.95), 0);
  scene = scene_of({{100, 100, 140, 200}, {101, 101, 141, 201}});
  EXPECT_DOUBLE_EQ(hidden_share(scene, 0, 0.5), 0);
}

TEST(View, ABoxAtAnEdgeIsCut) {
  const auto scene = scene_of({{100, 100, 140, 200},
                               {0, 100, 40, 200},
                               {100, 1, 140, 90},
                               {962, 100, 998, 200},
                               {100, 400, 140, 500},
                               {7, 6, 990, 490}});
  EXPECT_FALSE(is_cut(scene, 0));
  for (int number = 1; number <= 4; ++number) EXPECT_TRUE(is_cut(scene, number)) << number;
  EXPECT_FALSE(is_cut(scene, 5));
}

TEST(View, WithoutASizeOfTheImageNothingIsCut) {
  auto scene = scene_of({{0, 0, 40, 100}});
  scene.size = {};
  EXPECT_FALSE(is_cut(scene, 0));
}

TEST(View, AClearViewIsNeitherCutNorMostlyHidden) {
  const auto scene = scene_of(
      {{0, 100, 40, 200}, {100, 100, 140, 200}, {100, 130, 140, 260}, {300, 100, 340, 200}, {300, 180, 340, 260}});
  EXPECT_FALSE(is_clear_view(scene, 0));
  EXPECT_FALSE(is_clear_view(scene, 1));  // .7 hidden
  EXPECT_TRUE(is_clear_view(scene, 2));
  EXPECT_TRUE(is_clear_view(scene, 3));  // .2 hidden
}

}  // namespace
}  // namespace onepass::track
