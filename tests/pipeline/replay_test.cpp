#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "onepass/detector.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::test {
namespace {

using testing::HasSubstr;

void ignore(const std::string&) {}

Frame frame_at(std::int64_t index) {
  Frame frame;
  frame.index = index;
  return frame;
}

TEST(Replay, GivesEachFrameItsRowsInWhateverOrderTheyCome) {
  const TemporaryFolder folder;
  const auto detector = replay_detections(
      folder.write("det.txt", "3,-1,5,6,7,8,0.5,-1,-1,-1\n1,-1,10,20,30,40,0.9\n1,-1,50,60,70,80.5,0.25\n"), 3, ignore);
  const auto first = detector->detect(frame_at(0));
  ASSERT_EQ(first.size(), 2U);
  EXPECT_EQ(first[0].box, (Box{10, 20, 30, 40}));
  EXPECT_EQ(first[1].box, (Box{50, 60, 70, 80.5F}));
  EXPECT_FLOAT_EQ(first[1].score, 0.25F);
  EXPECT_EQ(first[0].embedding.size(), 0);
  EXPECT_TRUE(detector->detect(frame_at(1)).empty());
  EXPECT_EQ(detector->detect(frame_at(2)).size(), 1U);
  EXPECT_TRUE(detector->detect(frame_at(1000)).empty());
}

TEST(Replay, TakesTheClassFromColumn8) {
  const TemporaryFolder folder;
  std::vector<std::string> warnings;
  const auto classes_of = [&](const std::string& rows) {
    warnings.clear();
    const auto detector = replay_detections(folder.write("det.txt", rows), std::nullopt,
                                            [&](const std::string& line) { warnings.push_back(line); });
    std::vector<int> classes;
    for (const auto& detection : detector->detect(frame_at(0))) classes.push_back(detection.class_id);
    return classes;
  };
  EXPECT_THAT(classes_of("1,-1,1,1,9,9,0.5,4,-1,-1\n1,-1,1,1,9,9,0.5,1,-1,-1\n"), testing::ElementsAre(4, 1));
  EXPECT_THAT(classes_of("1 -1 1 1 9 9 5e-1 7.0\n1 -1 1 1 9 9 0.5 -1\n1 -1 1 1 9 9 0.5\n"),
              testing::ElementsAre(7, 0, 0));
  EXPECT_TRUE(warnings.empty());
  // MOT15: world coordinates in columns 8 to 10, one of which happens to be whole.
  EXPECT_THAT(classes_of("1,-1,1,1,9,9,0.5,-3,-7.16689,0\n1,-1,1,1,9,9,0.5,3,-7.1,0\n1,-1,1,1,9,9,0.5,2.5,1,0\n"),
              testing::ElementsAre(0, 0, 0));
  EXPECT_TRUE(warnings.empty());
  EXPECT_THAT(classes_of("1,-1,1,1,9,9,0.5,2\n1,-1,1,1,9,9,0.5,0.9\n"), testing::ElementsAre(0, 0));
  EXPECT_THAT(warnings, testing::ElementsAre(testing::EndsWith(
                            "det.txt:2: column 8 is 0.9, which is not a class number; all detections have class 0")));
}

TEST(Replay, ClampsScoresAndWarns) {
  const TemporaryFolder folder;
  std::string warning;
  const auto path = folder.write("det.txt", "1,-1,1,1,9,9,93.7\n1,-1,1,1,9,9,-4\n1,-1,1,1,9,9,0.5\n");
  const auto detections =
      replay_detections(path, std::nullopt, [&](const std::string& line) { warning = line; })->detect(frame_at(0));
  EXPECT_FLOAT_EQ(detections[0].score, 1);
  EXPECT_FLOAT_EQ(detections[1].score, 0);
  EXPECT_FLOAT_EQ(detections[2].score, 0.5F);
  EXPECT_THAT(warning, HasSubstr("(2 of 3 rows)"));
}

TEST(Replay, WarnsOfAFileThatDoesNotFitTheSource) {
  const TemporaryFolder folder;
  std::vector<std::string> warnings;
  const auto collect = [&](const std::string& line) { warnings.push_back(line); };
  replay_detections(folder.write("det.txt", "1,-1,1,1,9,9,0.5\n9999,-1,1,1,9,9,0.5\n"), 145, collect);
  replay_detections(folder.write("empty.txt", ""), 145, collect);
  ASSERT_EQ(warnings.size(), 2U);
  EXPECT_THAT(warnings[0], HasSubstr("1 of 2 rows belong to frames after the last, 145"));
  EXPECT_THAT(warnings[1], HasSubstr("empty.txt: holds no detections"));
}

TEST(Replay, NamesFileAndLineOfWhatIsNotADetection) {
  const TemporaryFolder folder;
  try {
    replay_detections(folder.write("det.txt", "1,-1,1,1,9,9,0.5\n1,-1,1,1,9,9\n"), 3, ignore);
    FAIL() << "a row without score was accepted";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("det.txt:2"));
  }
  EXPECT_THROW(replay_detections(folder / "missing.txt", 3, ignore), std::runtime_error);
}

}  // namespace
}  // namespace onepass::test
