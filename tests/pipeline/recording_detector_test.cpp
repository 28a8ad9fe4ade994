#include "pipeline/recording_detector.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/python/script.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::pipeline {
namespace {

using test::message_of;
using test::TemporaryFolder;
using testing::HasSubstr;

void ignore(const std::string&) {}

Frame frame_at(std::int64_t index) {
  Frame frame;
  frame.index = index;
  return frame;
}

/// Finds as many objects as the frame's index says, the first without an embedding.
class Counting : public Detector {
 public:
  std::vector<Detection> detect(const Frame& frame) override {
    std::vector<Detection> found;
    for (int i = 0; i < frame.index; ++i) {
      const auto number = static_cast<float>(i + 1);
      found.push_back({{0.1F * number, -2, 30.3F, 40}, 1 / (number + 2), i, {}});
      if (i > 0) found.back().embedding = Embedding{{0.6F, -0.8F}};
    }
    return found;
  }
  const std::vector<std::string>& class_names() const override { return names_; }

 private:
  std::vector<std::string> names_;
};

TEST(RecordingDetector, TheReplayEqualsTheOriginalToTheBit) {
  const TemporaryFolder folder;
  Counting inner;
  RecordingDetector recorder(inner);
  for (const int index : {0, 1, 3}) EXPECT_EQ(recorder.detect(frame_at(index)).size(), static_cast<std::size_t>(index));
  recorder.save(folder / "found.npz", Overwrite::refuse);
  const auto replay = replay_detections(folder / "found.npz", 4, ignore);
  for (int index = 0; index < 5; ++index) {
    const auto expected = index == 2 || index > 3 ? std::vector<Detection>() : inner.detect(frame_at(index));
    const auto found = replay->detect(frame_at(index));
    ASSERT_EQ(found.size(), expected.size()) << index;
    for (std::size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(found[i].box, expected[i].box);
      EXPECT_EQ(found[i].score, expected[i].score);
      EXPECT_EQ(found[i].class_id, expected[i].class_id);
      EXPECT_EQ(found[i].embedding, expected[i].embedding);
    }
  }
  EXPECT_EQ(io::run_python("import numpy, sys\nf = numpy.load(sys.argv[1])\n"
                           "print(f['detections'][:, [0, 4, 6]].tolist(), f['embeddings'].shape)",
                           {folder / "found.npz"}, ""),
            "[[2.0, 40.0, 0.0], [4.0, 40.0, 0.0], [4.0, 40.0, 1.0], [4.0, 40.0, 2.0]] (4, 2)\n");
}

TEST(RecordingDetector, AStreamWithoutDetectionsIsAFileToo) {
  const TemporaryFolder folder;
  Counting inner;
  RecordingDetector recorder(inner);
  recorder.detect(frame_at(0));
  recorder.save(folder / "none.npz", Overwrite::refuse);
  std::vector<std::string> warnings;
  const auto replay = replay_detections(folder / "none.npz", 1, [&](const auto& line) { warnings.push_back(line); });
  EXPECT_TRUE(replay->detect(frame_at(0)).empty());
  EXPECT_THAT(warnings, testing::ElementsAre(HasSubstr("none.npz: holds no detections")));
}

TEST(RecordingDetector, RefusesFramesWhoseNumberWouldBeRounded) {
  /// Finds one object.
  class Single : public Counting {
   public:
    std::vector<Detection> detect(const Frame&) override { return {{{1, 2, 3, 4}, 0.5F, 0, {}}}; }
  };
  const TemporaryFolder folder;
  Single inner;
  RecordingDetector recorder(inner);
  recorder.detect(frame_at((1 << 24) - 1));
  EXPECT_THAT(message_of([&] { recorder.detect(frame_at(1 << 24)); }), HasSubstr("the first 16777216 frames only"));
  recorder.save(folder / "late.npz", Overwrite::refuse);
  EXPECT_EQ(replay_detections(folder / "late.npz", std::nullopt, ignore)->detect(frame_at((1 << 24) - 1)).size(), 1U);
}

TEST(RecordingDetector, ReplacesAFileOnlyIfTold) {
  const TemporaryFolder folder;
  Counting inner;
  RecordingDetector recorder(inner);
  const auto path = folder.write("old.npz", "old");
  EXPECT_THAT(message_of([&] { recorder.save(path, Overwrite::refuse); }), HasSubstr("old.npz"));
  EXPECT_EQ(test::read_file(path), "old");
  recorder.save(path, Overwrite::replace);
  EXPECT_NE(test::read_file(path), "old");
}

TEST(RecordingDetector, OtherArraysAreRefusedInOneLine) {
  const TemporaryFolder folder;
  const auto message = [&](const std::string& arrays) {
    io::run_python("import numpy as n, sys; f = n.float32; n.savez(sys.argv[1], " + arrays + ")", {folder / "x.npz"},
                   "");
    return message_of([&] { replay_detections(folder / "x.npz", std::nullopt, ignore); });
  };
  EXPECT_THAT(message("boxes=f([[1]])"), HasSubstr("x.npz: has no array 'detections' of 7 columns"));
  EXPECT_THAT(message("detections=f([[1, 2, 3]])"), HasSubstr("has no array 'detections' of 7 columns"));
  EXPECT_THAT(message("detections=f([[0, 1, 2, 3, 4, .5, 0]])"), HasSubstr("row 0 of 'detections' is not a frame"));
  for (const auto* const frame : {"1.5", "1e30", "16777218"})
    EXPECT_THAT(message(std::string("detections=f([[") + frame + ", 1, 2, 3, 4, .5, 0]])"),
                HasSubstr("is not a frame"));
  EXPECT_EQ(message("detections=f([[16777216, 1, 2, 3, 4, .5, 0]])"), "");
  EXPECT_THAT(message("detections=f([[1, 1, 2, 3, 4, 1.5, 0]])"), HasSubstr("a score from 0 to 1"));
  EXPECT_THAT(message("detections=f([[1, n.nan, 2, 3, 4, .5, 0]])"), HasSubstr("row 0"));
  EXPECT_THAT(message("detections=f([[1, 1, 2, 3, 4, .5, 0]]), embeddings=f([[1], [2]])"),
              HasSubstr("'embeddings' does not have one row for each of the 1 rows"));
  EXPECT_THAT(message("detections=f([[1, 1, 2, 3, 4, .5, 0]]), embeddings=f([[n.inf]])"), HasSubstr("is not finite"));
  EXPECT_EQ(message("detections=f([[1, 1, 2, 3, 4, .5, 0]]), embeddings=f([[1]])"), "");
}

}  // namespace
}  // namespace onepass::pipeline
