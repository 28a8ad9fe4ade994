#include "sink/interpolation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/scene.hpp"

namespace onepass::sink {
namespace {

using test::frame;

/// Frames and tracks that reached the sink, and whether it was closed.
struct Record {
  std::vector<std::pair<std::int64_t, std::vector<Track>>> frames;
  int closed = 0;
};

class RecordingSink : public TrackSink {
 public:
  explicit RecordingSink(Record& record) : record_(record) {}
  void write(const Frame& now, std::span<const Track> tracks) override {
    record_.frames.emplace_back(now.index, std::vector<Track>(tracks.begin(), tracks.end()));
  }
  void close() override { ++record_.closed; }

 private:
  Record& record_;
};

Track row(std::int64_t id, float left, BoxOrigin origin = BoxOrigin::detected) {
  Track track;
  track.id = id;
  track.box = {left, 100, 40, 100};
  track.score = 0.9F;
  track.origin = origin;
  track.detection = origin == BoxOrigin::detected ? 3 : -1;
  return track;
}

TEST(Interpolation, FillsAGapAlongALine) {
  Record record;
  const auto sink = make_interpolating_sink(std::make_unique<RecordingSink>(record), 10);
  for (int i = 0; i < 40; ++i) {
    std::vector<Track> rows = {row(2, 500)};
    if (i < 15 || i >= 22) rows.insert(rows.begin(), row(1, 3 * static_cast<float>(i)));
    if (i == 15) rows.insert(rows.begin(), row(1, 99, BoxOrigin::predicted));
    sink->write(frame(i), rows);
  }
  sink->close();
  ASSERT_EQ(record.frames.size(), 40U);
  for (int i = 0; i < 40; ++i) {
    const auto& [index, rows] = record.frames[i];
    EXPECT_EQ(index, i);
    ASSERT_EQ(rows.size(), 2U) << i;
    EXPECT_EQ(rows[0].id, 1);
    EXPECT_NEAR(rows[0].box.left, 3 * static_cast<float>(i), 0.01) << "smoothing changes a straight path at " << i;
    EXPECT_EQ(rows[0].origin, i >= 15 && i < 22 ? BoxOrigin::interpolated : BoxOrigin::detected) << i;
    EXPECT_EQ(rows[0].detection, rows[0].origin == BoxOrigin::detected ? 3 : -1) << i;
    EXPECT_NEAR(rows[1].box.left, 500, 0.01);
  }
}

TEST(Interpolation, LongerGapsAndPredictedRowsStay) {
  Record record;
  const auto sink = make_interpolating_sink(std::make_unique<RecordingSink>(record), 5);
  for (int i = 0; i < 40; ++i) {
    std::vector<Track> rows;
    if (i < 10 || i >= 16) rows.push_back(row(1, 10));
    if (i == 10) rows.push_back(row(1, 77, BoxOrigin::predicted));
    sink->write(frame(i), rows);
  }
  sink->close();
  ASSERT_EQ(record.frames.size(), 40U);
  ASSERT_EQ(record.frames[10].second.size(), 1U);
  EXPECT_EQ(record.frames[10].second[0].origin, BoxOrigin::predicted);
  EXPECT_EQ(record.frames[10].second[0].box.left, 77);
  for (int i = 11; i < 16; ++i) EXPECT_TRUE(record.frames[i].second.empty()) << i;
}

TEST(Interpolation, SmoothingTakesOutJitter) {
  Record record;
  const auto sink = make_interpolating_sink(std::make_unique<RecordingSink>(record), 1);
  for (int i = 0; i < 60; ++i) {
    const float jitter = i % 2 == 0 ? 4 : -4;
    sink->write(frame(i), std::vector<Track>{row(1, 2 * static_cast<float>(i) + jitter)});
  }
  sink->close();
  for (int i = 10; i < 50; ++i) {
    EXPECT_NEAR(record.frames[i].second[0].box.left, 2 * static_cast<float>(i), 0.5) << i;
    EXPECT_EQ(record.frames[i].second[0].origin, BoxOrigin::detected);
  }
}

TEST(Interpolation, GapsAreMeasuredInFramesOfTheSource) {
  Record record;
  const auto sink = make_interpolating_sink(std::make_unique<RecordingSink>(record), 10);
  for (const int index : {0, 4, 8, 12, 30, 34}) {
    std::vector<Track> rows;
    if (index != 8 && index != 30) rows.push_back(row(1, static_cast<float>(index)));
    sink->write(frame(index), rows);
  }
  sink->close();
  ASSERT_EQ(record.frames.size(), 6U);
  ASSERT_EQ(record.frames[2].second.size(), 1U) << "between 4 and 12";
  EXPECT_NEAR(record.frames[2].second[0].box.left, 8, 0.01);
  EXPECT_TRUE(record.frames[4].second.empty()) << "12 to 34 is too long";
}

TEST(Interpolation, DelayIsBounded) {
  Record record;
  const auto sink = make_interpolating_sink(std::make_unique<RecordingSink>(record), 10);
  for (int i = 0; i < 1000; ++i) {
    sink->write(frame(i), std::vector<Track>{row(1, static_cast<float>(i))});
    EXPECT_GE(static_cast<int>(record.frames.size()), i - 20);
  }
}

TEST(Interpolation, ClosesItsTargetOnce) {
  Record record;
  {
    const auto sink = make_interpolating_sink(std::make_unique<RecordingSink>(record), 3);
    sink->write(frame(0), std::vector<Track>{row(1, 0)});
    sink->close();
    EXPECT_EQ(record.closed, 1);
    EXPECT_EQ(record.frames.size(), 1U);
  }
  EXPECT_EQ(record.closed, 1);
  EXPECT_THROW(make_interpolating_sink(std::make_unique<RecordingSink>(record), 0), std::invalid_argument);
}

TEST(Interpolation, ShapesInAGapAreBetweenThoseAtItsEnds) {
  Record record;
  const auto sink = make_interpolating_sink(std::make_unique<RecordingSink>(record), 10);
  for (const int i : {0, 1, 2}) {
    auto track = row(1, 10);
    track.shape.mask = {4, 4, {3, 13}};
    track.shape.keypoints = {{static_cast<float>(10 * i), 5, 1}};
    sink->write(frame(i), i == 1 ? std::vector<Track>() : std::vector{track});
  }
  sink->close();
  const auto& filled = record.frames.at(1).second.at(0);
  EXPECT_EQ(filled.shape.keypoints, (std::vector<Keypoint>{{10, 5, 1}}));
  EXPECT_TRUE(filled.shape.mask.empty()) << "no one knows the object's pixels there";
  EXPECT_FALSE(record.frames.at(2).second.at(0).shape.mask.empty());
}

}  // namespace
}  // namespace onepass::sink
