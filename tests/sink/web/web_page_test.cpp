// Opens the page in a real browser; support/drive_page.py checks it.
#include <poll.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

#include "onepass/web_server.hpp"
#include "support/child_process.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::sink {
namespace {

using test::ChildProcess;
using test::TemporaryFolder;

StreamInfo stream_named(const std::string& name) {
  StreamInfo stream;
  stream.source.name = name;
  stream.class_names = {"person", "car"};
  return stream;
}

Track track_of(std::int64_t id, const Box& box, int class_id) {
  Track track;
  track.id = id;
  track.box = box;
  track.score = 0.9F;
  track.class_id = class_id;
  return track;
}

/// A street in which `tracks` are colored figures.
Frame frame_with(std::int64_t index, const std::vector<Track>& tracks) {
  Frame frame;
  frame.index = index;
  frame.time = Timestamp(static_cast<double>(index) / 20);
  frame.captured = std::chrono::system_clock::now();
  frame.image = cv::Mat(360, 640, CV_8UC3, cv::Scalar(96, 104, 110));
  cv::rectangle(frame.image, {0, 0, 640, 120}, cv::Scalar(176, 160, 140), cv::FILLED);
  for (const auto& track : tracks) {
    const auto& box = track.box;
    const cv::Rect2f figure(box.left, box.top, box.width, box.height);
    cv::ellipse(frame.image, cv::RotatedRect((figure.tl() + figure.br()) / 2, figure.size(), 0),
                cv::Scalar(60.0 * static_cast<double>(track.id), 90, 190), cv::FILLED);
  }
  frame.size = frame.image.size();
  return frame;
}

bool has_browser(const TemporaryFolder& folder) {
  return std::filesystem::exists("/usr/bin/chromedriver") &&
         ChildProcess({"/usr/bin/python3", "-c", "import selenium"}, folder / "log").wait() == 0;
}

TEST(WebPage, WorksInABrowser) {
  const TemporaryFolder folder;
  if (!has_browser(folder)) GTEST_SKIP() << "no browser: install chromium chromium-driver python3-selenium";
  std::int64_t index = 0;
  std::atomic<std::int64_t> dropped = 0;
  WebOptions options;
  options.address.port = 0;
  options.token = "a-token-that-is-long-enough";
  options.streams = [&] {
    StreamHealth gate;
    gate.name = "gate";
    gate.state = StreamState::streaming;
    gate.frames_read = gate.frames_tracked = 1000;
    gate.read_rate = gate.tracked_rate = 20;
    gate.latency = {60, 90, 150};
    auto yard = gate;
    yard.name = "yard";
    yard.tracked_rate = 12;
    yard.latency = {80, 110, 170};
    yard.frames_dropped = dropped += 4;
    return std::vector{gate, yard};
  };
  options.deliveries = [] { return std::vector{DeliveryHealth{"mqtt://broker:1883", true, "", 120, 0, 0}}; };
  options.editor_token = "a-token-of-the-editor";
  ZoneStore store(folder / "zones.yaml", ZoneStore::Missing::empty);
  const auto stream = counted_once(stream_named("gate"));
  options.zones = {[&] { return store.read(); },
                   [&](const auto& zones, const auto& revision) {
                     auto saved = store.write(zones, revision);
                     stream.counting.shared->board().post(zones_of("gate", saved.zones));
                     return saved;
                   }};
  auto server = std::make_unique<WebServer>(options);
  WebIdentities identities;
  identities.similar = [](std::int64_t id) { return std::vector<SimilarIdentity>{{3 - id, 0.1}}; };
  const auto gate = make_web_sink(*server, stream, identities);
  const auto yard = make_web_sink(*server, stream_named("yard"));

  std::vector<std::string> command = {
      "/usr/bin/python3", ONEPASS_SOURCE_DIR "/tests/support/drive_page.py",
      "http://me:" + options.token + "@127.0.0.1:" + std::to_string(server->port()) + "/", folder / "marker",
      options.editor_token};
  if (const char* kept = std::getenv("ONEPASS_SCREENSHOTS")) command.emplace_back(kept);
  ChildProcess browser(command, folder / "log");
  while (!browser.ended()) {
    const auto step = static_cast<float>(index % 500);
    const std::vector people = {track_of(1, {40 + step, 150, 50, 130}, 0), track_of(2, {560 - step, 190, 55, 140}, 0)};
    const std::vector cars = {track_of(1, {step, 160, 130, 80}, 1)};
    gate->write(frame_with(index, people), people);
    yard->write(frame_with(index, cars), cars);
    ++index;
    if (std::filesystem::exists(folder / "marker")) server.reset();
    ::poll(nullptr, 0, 50);  // a camera with 20 frames per second
  }
  EXPECT_EQ(browser.wait(), 0) << test::read_file(folder / "log");
  const auto zones = store.read().zones;
  ASSERT_EQ(zones.size(), 2U);
  EXPECT_EQ(zones[0].name, "area 1");
  EXPECT_EQ(zones[0].shape, ZoneShape::polygon);
  EXPECT_EQ(zones[0].points.size(), 3U);
  EXPECT_EQ(zones[0].cameras, std::vector<std::string>{"gate"});
  EXPECT_EQ(zones[1].name, "door");
  EXPECT_NEAR(zones[1].points[0].y, 0.5, 0.01);
}

}  // namespace
}  // namespace onepass::sink
