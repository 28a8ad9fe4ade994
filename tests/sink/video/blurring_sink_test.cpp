#include "sink/video/blurring_sink.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/core.hpp>

namespace onepass::sink {
namespace {

/// Keeps the images and numbers of tracks that it gets.
struct Received {
  std::vector<cv::Mat> images;
  std::vector<std::size_t> tracks;
  int closed = 0;
};

class Target : public TrackSink {
 public:
  explicit Target(Received& received) : received_(received) {}
  void write(const Frame& frame, std::span<const Track> tracks) override {
    received_.images.push_back(frame.image.clone());
    received_.tracks.push_back(tracks.size());
  }
  void close() override { ++received_.closed; }

 private:
  Received& received_;
};

Frame frame_at(double time) {
  Frame frame;
  frame.time = Timestamp(time);
  frame.image = cv::Mat(128, 256, CV_8UC3);
  cv::randu(frame.image, 0, 255);
  frame.size = frame.image.size();
  return frame;
}

bool is_changed(const Frame& frame, const cv::Mat& seen, cv::Point at) {
  return frame.image.at<cv::Vec3b>(at) != seen.at<cv::Vec3b>(at) ||
         frame.image.at<cv::Vec3b>(at + cv::Point(1, 0)) != seen.at<cv::Vec3b>(at + cv::Point(1, 0));
}

class BlurringSink : public testing::Test {
 protected:
  std::unique_ptr<TrackSink> sink(
      const BlurOptions& options, SeenBoxes seen = [] { return std::vector<SeenBox>(); }) {
    Sinks targets;
    targets.push_back(std::make_unique<Target>(received_));
    return make_blurring_sink(std::move(targets), options, std::move(seen));
  }
  Received received_;
};

const cv::Point left(40, 60), right(210, 60);

TEST_F(BlurringSink, ChangesTheChosenClassesInACopy) {
  const auto blurring = sink({.classes = {0}});
  const auto frame = frame_at(0);
  const auto before = frame.image.clone();
  const std::vector<Track> tracks{{.id = 1, .box = {30, 30, 20, 60}, .class_id = 0, .origin = BoxOrigin::predicted},
                                  {.id = 2, .box = {200, 30, 20, 60}, .class_id = 2}};
  blurring->write(frame, tracks);
  EXPECT_TRUE(is_changed(frame, received_.images.at(0), left)) << "also predicted boxes";
  EXPECT_FALSE(is_changed(frame, received_.images[0], right));
  EXPECT_EQ(cv::norm(frame.image, before, cv::NORM_INF), 0) << "detector and tracker see the original";
  EXPECT_EQ(received_.tracks.at(0), 2U);
}

TEST_F(BlurringSink, BlursWhatIsDetectedBeforeATrackIsConfirmed) {
  const auto blurring = sink({}, [] { return std::vector<SeenBox>{{{200, 30, 20, 60}, 0}}; });
  const auto frame = frame_at(0);
  blurring->write(frame, {});
  EXPECT_TRUE(is_changed(frame, received_.images.at(0), right));
}

TEST_F(BlurringSink, HoldsAPlaceForHalfASecond) {
  const auto blurring = sink({});
  blurring->write(frame_at(0), std::vector<Track>{{.id = 1, .box = {30, 30, 20, 60}}});
  const auto missed = frame_at(0.4), later = frame_at(0.6);
  blurring->write(missed, {});
  blurring->write(later, {});
  EXPECT_TRUE(is_changed(missed, received_.images.at(1), left));
  EXPECT_FALSE(is_changed(later, received_.images.at(2), left));
}

TEST_F(BlurringSink, PassesOnFramesWithoutImageAndCloses) {
  const auto blurring = sink({});
  blurring->write({}, {});
  blurring->close();
  EXPECT_TRUE(received_.images.at(0).empty());
  EXPECT_EQ(received_.closed, 1);
}

}  // namespace
}  // namespace onepass::sink
