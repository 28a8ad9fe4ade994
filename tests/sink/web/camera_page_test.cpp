#include "sink/web/camera_page.hpp"

#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>

#include "track/memory/gallery.hpp"

namespace onepass::sink {
namespace {

Frame frame_of(std::int64_t index) {
  Frame frame;
  frame.index = index;
  frame.time = Timestamp(static_cast<double>(index) / 10);
  frame.size = {320, 240};
  frame.image = cv::Mat(frame.size, CV_8UC3, cv::Scalar::all(60));
  return frame;
}

StreamInfo street(std::vector<std::string> class_names = {}) {
  StreamInfo stream;
  stream.source.name = "street";
  stream.class_names = std::move(class_names);
  return stream;
}

Track track_of(std::int64_t id, int class_id = 0) {
  Track track;
  track.id = id;
  track.box = {10, 10, 50, 80};
  track.score = 0.9F;
  track.class_id = class_id;
  return track;
}

IdentityEvent event_of(std::int64_t id, IdentityEventKind kind) {
  IdentityEvent event;
  event.id = id;
  event.kind = kind;
  event.best_shot = cv::Mat(40, 20, CV_8UC3, cv::Scalar::all(90));
  return event;
}

TEST(CameraPage, DrawsAPictureOnceForAllViewers) {
  CameraPage page(street(), {1e6, 1280});
  EXPECT_EQ(page.picture_number(), 0);
  EXPECT_TRUE(page.record(frame_of(0), {}));
  const auto first = page.picture();
  EXPECT_EQ(first.jpeg, page.picture().jpeg);
  EXPECT_TRUE(page.record(frame_of(1), {}));
  EXPECT_NE(first.jpeg, page.picture().jpeg);
  CameraPage slow(street(), {1e-6, 1280});  // one picture in eleven days
  EXPECT_TRUE(slow.record(frame_of(0), {}));
  EXPECT_FALSE(slow.record(frame_of(1), {}));
  EXPECT_EQ(slow.counts().frame_index, 1);
}

TEST(CameraPage, CountsObjectsByClass) {
  CameraPage page(street({"person"}), {});
  page.record(frame_of(3), std::vector{track_of(1), track_of(2), track_of(3, 7)});
  const auto counts = page.counts();
  EXPECT_EQ(counts.objects, 3);
  EXPECT_EQ(counts.by_class, (std::map<std::string, std::int64_t>{{"person", 2}, {"7", 1}}));
  EXPECT_EQ(counts.frame_index, 3);
  EXPECT_FALSE(counts.ended);
  page.finish();
  EXPECT_EQ(page.counts().objects, 0);
  EXPECT_TRUE(page.counts().ended);
}

TEST(CameraPage, KeepsTheMostRecentlyEndedIdentities) {
  CameraPage page(street(), {});
  constexpr int count = 70;
  for (int id = 1; id <= count; ++id) page.record(event_of(id, IdentityEventKind::started));
  EXPECT_EQ(page.identities().current.size(), 70U);
  for (int id = 1; id < count; ++id) page.record(event_of(id, IdentityEventKind::ended));
  const auto identities = page.identities();
  ASSERT_EQ(identities.current.size(), 1U);
  EXPECT_EQ(identities.current.front().id, count);
  ASSERT_EQ(identities.recent.size(), 60U);
  EXPECT_EQ(identities.recent.front().id, count - 1);
  EXPECT_EQ(page.counts().identities, count);
  const auto jpeg = page.best_shot(count - 1);
  EXPECT_EQ(cv::imdecode(jpeg, cv::IMREAD_COLOR).size(), cv::Size(20, 40));
  EXPECT_TRUE(page.best_shot(1).empty());  // dropped with its identity
}

}  // namespace
}  // namespace onepass::sink

// Opens both namespaces: this does not compile if a type of the tracker's memory and one of the page share a name.
namespace onepass {

using namespace sink;   // NOLINT
using namespace track;  // NOLINT

TEST(Names, OfTheTrackersGalleryAndThePagesIdentitiesDiffer) {
  Gallery gallery({});
  CameraIdentities identities;
  RememberedIdentity remembered;
  remembered.id = 5;
  remembered.views = {{CompactEmbedding(Embedding::Unit(4, 0)), 1}};
  gallery.put(remembered, /*now_s=*/0);
  identities.current.push_back(event_of(6, IdentityEventKind::started));
  EXPECT_TRUE(gallery.take(5));
  EXPECT_EQ(identities.current.front().id, 6);
}

}  // namespace onepass
