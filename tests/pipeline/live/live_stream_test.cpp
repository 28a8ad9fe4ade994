// Live streams against real servers: lost, frozen, changed, refused, too fast.
#include <algorithm>
#include <mutex>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

#include "onepass/identity_events.hpp"
#include "onepass/live.hpp"
#include "pipeline/live/frame_bell.hpp"
#include "support/media.hpp"
#include "support/message_of.hpp"
#include "support/stream_server.hpp"
#include "support/temporary_folder.hpp"
#include "support/wait_until.hpp"

/// For the leak sanitizer: GLib (a dependency of GStreamer) never frees its table of names.
extern "C" const char* __lsan_default_suppressions() { return "leak:libglib-2.0"; }

namespace onepass::pipeline {
namespace {

using namespace std::chrono_literals;
using test::StreamServer;
using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr auto deadline = 60s;  // for events that take a second or two on an idle machine

std::string rtsp(const StreamServer& server, const std::string& user = "", const std::string& path = "camera") {
  return fmt::format("rtsp://{}127.0.0.1:{}/{}", user.empty() ? "" : user + "@", server.port(), path);
}

std::string http(const StreamServer& server, const std::string& path) {
  return fmt::format("http://user:secret@127.0.0.1:{}/{}?token=secret", server.port(), path);
}

/// Waits until `condition` holds; checks it at each change of a stream and ten times per second.
template <typename Condition>
bool wait_until(FrameBell& bell, Condition condition) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    bell.wait(100ms);
  }
  return true;
}

LiveOptions impatient() {
  LiveOptions options;
  options.shortest_pause = 100ms;
  options.longest_pause = 200ms;
  return options;
}

/// Detects the bright rectangle of the RTSP server, and every other bright region.
class BrightDetector : public Detector {
 public:
  std::vector<Detection> detect(const Frame& frame) override {
    cv::Mat gray;
    cv::cvtColor(frame.image, gray, cv::COLOR_BGR2GRAY);
    std::vector<cv::Point> bright;
    cv::findNonZero(gray > 128, bright);
    if (bright.empty()) return {};
    const auto box = cv::boundingRect(bright);
    return {{{static_cast<float>(box.x), static_cast<float>(box.y), static_cast<float>(box.width),
              static_cast<float>(box.height)},
             0.9F,
             0,
             {}}};
  }
  const std::vector<std::string>& class_names() const override { return names_; }

 private:
  std::vector<std::string> names_ = {"light"};
};

/// Waits before every detection until the condition holds, like a slow network.
class SlowDetector : public BrightDetector {
 public:
  explicit SlowDetector(std::function<void(const Frame&)> wait) : wait_(std::move(wait)) {}
  std::vector<Detection> detect(const Frame& frame) override {
    wait_(frame);
    return BrightDetector::detect(frame);
  }

 private:
  std::function<void(const Frame&)> wait_;
};

struct Written {
  std::string camera;
  Frame frame;  ///< without image
  std::vector<Track> tracks;
};

/// Results written by all cameras; can be read while they run.
class Notebook {
 public:
  std::unique_ptr<TrackSink> sink(const std::string& camera) { return std::make_unique<Sink>(*this, camera); }

  std::vector<Written> all() const {
    const std::lock_guard lock(mutex_);
    return written_;
  }

  std::size_t count(const std::string& camera) const {
    const std::lock_guard lock(mutex_);
    return std::ranges::count(written_, camera, &Written::camera);
  }

  std::vector<Frame> idle() const {
    const std::lock_guard lock(mutex_);
    return idle_;
  }

  int closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
  }

 private:
  class Sink : public TrackSink {
   public:
    Sink(Notebook& notebook, std::string camera) : notebook_(notebook), camera_(std::move(camera)) {}
    void write(const Frame& frame, std::span<const Track> tracks) override {
      const std::lock_guard lock(notebook_.mutex_);
      auto copy = frame;
      copy.image.release();
      notebook_.written_.push_back({camera_, copy, {tracks.begin(), tracks.end()}});
    }
    void idle(const Frame& now) override {
      const std::lock_guard lock(notebook_.mutex_);
      notebook_.idle_.push_back(now);
    }
    void close() override {
      const std::lock_guard lock(notebook_.mutex_);
      ++notebook_.closed_;
    }

   private:
    Notebook& notebook_;
    std::string camera_;
  };

  mutable std::mutex mutex_;
  std::vector<Written> written_;
  std::vector<Frame> idle_;
  int closed_ = 0;
};

/// Cameras that a separate thread tracks until the end of the test.
class Tracking {
 public:
  ~Tracking() { stop(); }

  void add(const std::string& name, const std::string& location, const LiveOptions& options,
           std::unique_ptr<Detector> detector = std::make_unique<BrightDetector>()) {
    LiveChannel channel;
    channel.stream = std::make_unique<LiveStream>(name, location, options);
    channel.detector = std::move(detector);
    channel.tracker_config.max_age_s = 60;
    channel.sinks.push_back(notebook.sink(name));
    channels.push_back(std::move(channel));
  }

  void start(LiveRunOptions options = {}) {
    options.stop = [this] { return stopping.load(); };
    options.report = [this](const std::string& camera, const std::string& line) {
      const std::lock_guard lock(news_mutex);
      news.push_back(camera + ": " + line);
    };
    thread = std::thread([this, options] { run_live(channels, options); });
  }

  void stop() {
    stopping = true;
    if (thread.joinable()) thread.join();
  }

  StreamHealth health(std::size_t i = 0) const { return channels[i].stream->health(); }

  /// Waits until `more` additional frames are tracked.
  bool goes_on(const std::string& camera, std::size_t more) {
    const auto enough = notebook.count(camera) + more;
    FrameBell alarm;
    return wait_until(alarm, [&] { return notebook.count(camera) >= enough; });
  }

  bool reaches(StreamState state, std::size_t i = 0) {
    FrameBell alarm;
    return wait_until(alarm, [&] { return health(i).state == state; });
  }

  Notebook notebook;
  std::vector<LiveChannel> channels;
  std::atomic<bool> stopping = false;
  std::mutex news_mutex;
  std::vector<std::string> news;
  std::thread thread;
};

void expect_increasing(const std::vector<Written>& written) {
  for (std::size_t i = 1; i < written.size(); ++i) {
    EXPECT_GT(written[i].frame.index, written[i - 1].frame.index);
    EXPECT_GT(written[i].frame.time.count(), written[i - 1].frame.time.count());
  }
}

TEST(LiveStream, AnOutageIsSurvivedWithItsIdentities) {
  auto server = std::make_unique<StreamServer>("rtsp_server.py");
  const auto port = std::to_string(server->port());
  Tracking tracking;
  tracking.add("gate", rtsp(*server), impatient());
  tracking.start();
  ASSERT_TRUE(tracking.goes_on("gate", 5));
  server->kill();
  ASSERT_TRUE(tracking.reaches(StreamState::reconnecting));
  EXPECT_THAT(tracking.health().reason, Not(testing::IsEmpty()));
  server = std::make_unique<StreamServer>(
      "rtsp_server.py", std::vector<std::string>{"--port", port, "--width", "640", "--height", "480", "--fps", "10"});
  ASSERT_TRUE(tracking.goes_on("gate", 5));
  tracking.stop();

  const auto written = tracking.notebook.all();
  expect_increasing(written);
  const auto resumed =
      std::ranges::find_if(written, [](const Written& each) { return each.frame.size == cv::Size(640, 480); });
  const auto before = static_cast<std::size_t>(resumed - written.begin());
  ASSERT_GE(before, 5U);
  ASSERT_LT(before, written.size());
  EXPECT_EQ(written[before - 1].frame.size, cv::Size(320, 240));
  for (const auto& [camera, frame, tracks] : written) {  // no black frame, no second object, always the same id
    ASSERT_EQ(tracks.size(), 1U) << "frame " << frame.index;
    EXPECT_EQ(tracks[0].id, 1) << "frame " << frame.index;
    EXPECT_EQ(tracks[0].origin, BoxOrigin::detected);
  }
  // The gap has the same length in the tracker's time as in real time.
  const auto gap = written[before].frame.time - written[before - 1].frame.time;
  const Timestamp wall_gap = written[before].frame.captured - written[before - 1].frame.captured;
  EXPECT_NEAR(gap.count(), wall_gap.count(), 1);
  EXPECT_EQ(tracking.health().reconnects, 1);
  EXPECT_EQ(tracking.notebook.closed(), 1);
  ASSERT_GE(tracking.news.size(), 4U);
  EXPECT_EQ(tracking.news[0], "gate: connecting: rtsp://127.0.0.1:" + port + "/camera");
  EXPECT_EQ(tracking.news[1], "gate: streaming: 320x240 at 20 frames per second");
  EXPECT_THAT(tracking.news[2], HasSubstr("gate: reconnecting: "));
  EXPECT_THAT(tracking.news.back(), HasSubstr("gate: streaming: 640x480 at 10 frames per second, after "));
}

TEST(LiveStream, AFrozenServerStallsAndIsGivenUp) {
  const StreamServer server("rtsp_server.py");
  auto options = impatient();
  options.read_timeout = 500ms;
  options.open_timeout = 1h;  // waiting for it would never end
  Tracking tracking;
  tracking.add("gate", rtsp(server), options);
  tracking.start();
  ASSERT_TRUE(tracking.goes_on("gate", 3));
  server.freeze();
  ASSERT_TRUE(tracking.reaches(StreamState::stalled));
  EXPECT_EQ(tracking.health().reason, "no frame for 0.5 s");
  server.thaw();
  ASSERT_TRUE(tracking.reaches(StreamState::streaming));
  ASSERT_TRUE(tracking.goes_on("gate", 3));
  server.freeze();
  ASSERT_TRUE(tracking.reaches(StreamState::stalled));
  const auto read_before = tracking.health().frames_read;
  ASSERT_TRUE(tracking.reaches(StreamState::reconnecting));
  EXPECT_EQ(tracking.health().reason, "no frame for 1 s");
  EXPECT_EQ(tracking.health().frames_read, read_before);  // buffered frames are not new frames
  tracking.stop();                                        // while the reader waits for an answer that never comes
  EXPECT_EQ(tracking.health().state, StreamState::ended);
  EXPECT_EQ(tracking.health().reason, "");
  expect_increasing(tracking.notebook.all());
}

TEST(LiveStream, ASlowNetworkGetsTheNewestFrameAndTheOthersAreCounted) {
  const StreamServer server("rtsp_server.py");
  Tracking tracking;
  LiveStream* stream = nullptr;
  const auto three_more = [&](const Frame& frame) {
    const auto enough = frame.index + 4;
    FrameBell alarm;
    EXPECT_TRUE(wait_until(alarm, [&] { return stream->health().frames_read >= enough || tracking.stopping; }));
  };
  tracking.add("gate", rtsp(server), impatient(), std::make_unique<SlowDetector>(three_more));
  stream = tracking.channels[0].stream.get();
  tracking.start();
  ASSERT_TRUE(tracking.goes_on("gate", 8));
  tracking.stop();

  const auto written = tracking.notebook.all();
  expect_increasing(written);
  for (std::size_t i = 2; i < written.size(); ++i) {
    const auto& [camera, frame, tracks] = written[i];
    // Three frames arrive while the previous one is tracked; only the newest of them is kept.
    EXPECT_GE(frame.index - written[i - 1].frame.index, 3);
    // Dropped frames do not change the time of the stream: 50 ms per frame.
    const double passed_s = (frame.time - written[i - 1].frame.time).count();
    EXPECT_GE(passed_s, 0.05 * static_cast<double>(frame.index - written[i - 1].frame.index) - 0.01);
    EXPECT_THAT(tracks, testing::SizeIs(1));
  }
  const auto health = tracking.health();
  EXPECT_GE(health.frames_dropped, 2 * (health.frames_tracked - 1));
  const auto in_flight = health.frames_read - health.frames_tracked - health.frames_dropped;
  EXPECT_EQ(in_flight, 0) << "frames that wait at the end are counted as dropped";
  EXPECT_GT(health.latency.median_ms, 0);
  EXPECT_LE(health.latency.median_ms, health.latency.p95_ms);
  EXPECT_LE(health.latency.p95_ms, health.latency.max_ms);
}

TEST(LiveStream, FramesThatWaitAtTheEndAreCounted) {
  const StreamServer server("rtsp_server.py");
  Tracking tracking;
  LiveStream* stream = nullptr;
  const auto several_wait = [&](const Frame& frame) {
    FrameBell alarm;
    wait_until(alarm, [&] { return stream->health().frames_read >= frame.index + 6 || tracking.stopping; });
  };
  auto options = impatient();
  options.policy = LivePolicy::all;
  tracking.add("gate", rtsp(server), options, std::make_unique<SlowDetector>(several_wait));
  stream = tracking.channels[0].stream.get();
  tracking.start();
  ASSERT_TRUE(tracking.goes_on("gate", 3));
  tracking.stop();

  const auto health = tracking.health();
  EXPECT_GT(health.frames_dropped, 0);
  EXPECT_EQ(health.frames_read, health.frames_tracked + health.frames_dropped);
}

TEST(LiveStream, SeveralCamerasTakeTurnsAndADeadOneDelaysNone) {
  const StreamServer a("rtsp_server.py");
  const StreamServer b("rtsp_server.py", {"--fps", "30"});
  const StreamServer frozen("rtsp_server.py");
  frozen.freeze();
  Tracking tracking;
  const auto both_wait = [&](const Frame&) {  // so that the scheduler has a choice
    FrameBell alarm;
    EXPECT_TRUE(wait_until(alarm, [&] {
      return tracking.stopping ||
             (tracking.channels[0].stream->has_frame() && tracking.channels[1].stream->has_frame());
    }));
  };
  tracking.add("a", rtsp(a), impatient(), std::make_unique<SlowDetector>(both_wait));
  tracking.add("b", rtsp(b), impatient(), std::make_unique<SlowDetector>(both_wait));
  tracking.add("frozen", rtsp(frozen), impatient());
  tracking.start();
  ASSERT_TRUE(tracking.goes_on("a", 8));
  ASSERT_TRUE(tracking.goes_on("b", 4));
  tracking.stop();
  std::vector<std::string> order;
  for (const auto& written : tracking.notebook.all()) order.push_back(written.camera);
  for (std::size_t i = 1; i < order.size(); ++i) EXPECT_NE(order[i], order[i - 1]) << "turn " << i;
  EXPECT_EQ(tracking.notebook.count("frozen"), 0U);
  for (const auto& channel : tracking.channels) {  // each camera has its own identities
    if (channel.tracker) {
      EXPECT_EQ(channel.tracker->identity_count(), 1);
    }
  }
}

TEST(LiveStream, AnEmptyHandlerEndsTheCalls) {
  const TemporaryFolder folder;
  LiveStream stream("gate", test::write_video(folder / "street.avi", 4, 30), impatient());
  stream.on_change({});
  EXPECT_TRUE(test::wait_until([&] {
    stream.take();
    return stream.ended();
  }));
  EXPECT_EQ(stream.failure(), std::nullopt);
}

/// The last message of a stream that is not opened again.
std::string failure_of(const std::string& location, LiveOptions options = impatient()) {
  options.retries = 0;
  FrameBell bell;
  LiveStream stream("gate", location, options);
  stream.on_change([&] { bell.ring(); });
  if (!wait_until(bell, [&] { return stream.ended(); })) return "did not end";
  return stream.failure().value_or("no failure");
}

TEST(LiveStream, ReportsErrorsWithoutThePassword) {
  const StreamServer server("rtsp_server.py", {"--user", "user", "--password", "right"});
  EXPECT_THAT(failure_of(rtsp(server, "user:secret")), HasSubstr("unauthorized"));
  EXPECT_THAT(failure_of(rtsp(server, "user:right", "nowhere")), HasSubstr("no stream at this path"));
  const StreamServer radio("rtsp_server.py", {"--audio-only"});
  EXPECT_EQ(failure_of(rtsp(radio)), "the stream has no video");
  const TemporaryFolder folder;
  const StreamServer web("mjpeg_server.py", {folder.path().string()});
  EXPECT_THAT(failure_of(http(web, "secret")), HasSubstr("unauthorized"));
  EXPECT_THAT(failure_of(http(web, "nowhere")), HasSubstr("no stream at this path"));
  EXPECT_THAT(failure_of(http(web, "text")), HasSubstr("the server does not send a video stream"));
  EXPECT_THAT(failure_of("http://user:secret@127.0.0.1:1/stream"), HasSubstr("refused"));
  EXPECT_THAT(failure_of("nonsense://user:secret@host/"), HasSubstr("this kind of URL is not supported"));
  auto short_wait = impatient();
  short_wait.open_timeout = 300ms;
  server.freeze();
  EXPECT_EQ(failure_of(rtsp(server), short_wait), "no answer within 0.3 s");
}

TEST(LiveStream, TriesAsOftenAsAllowed) {
  auto options = impatient();
  options.retries = 2;
  options.shortest_pause = 1ms;
  LiveStream stream("gate", "http://user:secret@127.0.0.1:1/a", options);
  FrameBell alarm;
  ASSERT_TRUE(wait_until(alarm, [&] { return stream.ended(); }));
  const auto news = stream.take_news();
  ASSERT_EQ(news.size(), 3U);  // the second attempt changes nothing, and is not logged
  EXPECT_EQ(news[0], "connecting: http://127.0.0.1:1/a");
  EXPECT_THAT(news[1], HasSubstr("connecting: Connection refused; trying again"));
  EXPECT_THAT(news[2], HasSubstr("ended: given up after 3 attempts: Connection refused"));
}

TEST(LiveStream, StoppedWhileItReconnectsItEndsWithoutAReason) {
  LiveStream stream("gate", "http://user:secret@127.0.0.1:1/a", impatient());
  FrameBell alarm;
  ASSERT_TRUE(wait_until(alarm, [&] { return stream.health().reason == "Connection refused"; }));
  stream.stop();
  EXPECT_EQ(stream.health().state, StreamState::ended);
  EXPECT_EQ(stream.health().reason, "");
  EXPECT_FALSE(stream.failure());
}

TEST(LiveStream, StoppedAfterItWasGivenUpItKeepsItsReason) {
  auto options = impatient();
  options.retries = 0;
  LiveStream stream("gate", "http://user:secret@127.0.0.1:1/a", options);
  FrameBell alarm;
  ASSERT_TRUE(wait_until(alarm, [&] { return stream.ended(); }));
  stream.stop();
  EXPECT_EQ(stream.health().reason, "Connection refused");
  EXPECT_EQ(stream.failure(), "Connection refused");
}

TEST(LiveStream, ProgressIsReportedWhileRequiredCamerasAreAwaited) {
  const StreamServer frozen("rtsp_server.py");
  frozen.freeze();
  auto options = impatient();
  options.open_timeout = 1h;
  Tracking tracking;
  tracking.add("gate", rtsp(frozen), options);
  LiveRunOptions run_options;
  run_options.require_all = true;
  int asked = 0;
  int progressed = 0;
  run_options.stop = [&] { return ++asked == 3; };
  run_options.progress = [&] { ++progressed; };
  EXPECT_TRUE(run_live(tracking.channels, run_options));
  EXPECT_EQ(progressed, 2);
  EXPECT_EQ(tracking.notebook.count("gate"), 0U);
}

TEST(LiveStream, AllCamerasCanBeRequired) {
  auto options = impatient();
  Tracking tracking;
  tracking.add("gate", "http://user:secret@127.0.0.1:1/a", options);
  LiveRunOptions run_options;
  run_options.require_all = true;
  EXPECT_EQ(test::message_of([&] { run_live(tracking.channels, run_options); }), "gate: Connection refused");
  EXPECT_EQ(tracking.notebook.closed(), 1);
}

/// The server waits for a request, which the pipeline does not make.
std::string mute_pipeline(const StreamServer& server) {
  return fmt::format("tcpclientsrc host=127.0.0.1 port={} ! jpegdec ! videoconvert ! appsink", server.port());
}

TEST(LiveStream, AnOutageEndsTheIdentities) {
  StreamServer server("rtsp_server.py");
  Tracking tracking;
  tracking.add("gate", rtsp(server), impatient());
  tracking.channels[0].tracker_config.max_age_s = 0.5F;
  std::atomic<int> present = 0;
  const EventOptions events{.update_interval_s = 1, .end_after_s = 0.5, .best_shots = false};
  tracking.channels[0].sinks.push_back(make_event_sink(StreamInfo(), events, {[&](const IdentityEvent& event) {
                                                         if (event.kind == IdentityEventKind::started) ++present;
                                                         if (event.kind == IdentityEventKind::ended) --present;
                                                       }}));
  tracking.start();
  ASSERT_TRUE(tracking.goes_on("gate", 5));
  EXPECT_EQ(present, 1);
  server.kill();
  FrameBell alarm;
  const auto told = [&] {
    const auto idle = tracking.notebook.idle();
    return !idle.empty() && idle.back().index == tracking.notebook.all().back().frame.index;
  };
  ASSERT_TRUE(tracking.reaches(StreamState::reconnecting));
  ASSERT_TRUE(wait_until(alarm, [&] { return told() && present == 0; }));
  tracking.stop();
  const auto last = tracking.notebook.all().back().frame;
  const auto now = tracking.notebook.idle().back();
  EXPECT_GT((now.time - last.time).count(), 0.5);
  EXPECT_NEAR((now.time - last.time).count(), Timestamp(now.captured - last.captured).count(), 1e-3);
}

TEST(LiveStream, APipelineThatNeverOpensIsSaidToBeMute) {
  const TemporaryFolder folder;
  StreamServer server("mjpeg_server.py", {folder.path().string()});
  auto options = impatient();
  options.open_timeout = 200ms;
  Tracking tracking;
  tracking.add("gate", mute_pipeline(server), options);
  LiveRunOptions run_options;
  run_options.require_all = true;
  EXPECT_EQ(test::message_of([&] { run_live(tracking.channels, run_options); }), "gate: no answer within 0.2 s");
  server.kill();  // which unblocks the pipeline
}

TEST(LiveStream, ADriverThatHangsIsGivenUp) {
  const TemporaryFolder folder;
  StreamServer server("mjpeg_server.py", {folder.path().string()});
  auto options = impatient();
  options.open_timeout = 100ms;
  options.retries = 1;
  LiveStream stream("gate", mute_pipeline(server), options);
  FrameBell alarm;
  std::vector<std::string> news;
  ASSERT_TRUE(wait_until(alarm, [&] {
    for (const auto& line : stream.take_news()) news.push_back(line);
    return stream.ended();
  }));
  EXPECT_EQ(stream.failure(), "no answer within 0.1 s");
  EXPECT_THAT(news.back(), HasSubstr("ended: given up: no answer within 0.1 s, and the driver does not return"));
  server.kill();  // which unblocks the pipeline
}

TEST(LiveStream, MotionJpegOfABadLineIsReadThroughItsInterruptions) {
  const TemporaryFolder folder;
  for (int number = 0; number < 8; ++number) {
    cv::Mat image(48, 64, CV_8UC3, cv::Scalar::all(0));
    cv::rectangle(image, {20, 10, 20, 20}, cv::Scalar::all(255), cv::FILLED);
    test::write_image(folder / fmt::format("{:02}.jpg", number), image);
  }
  folder.write("08.jpg", "this is no picture");
  const StreamServer server("mjpeg_server.py",
                            {folder.path().string(), "--jitter", "0.1", "--throttle", "20000", "--close-after", "12"});
  Tracking tracking;
  tracking.add("gate", http(server, "camera.mjpg"), impatient());
  tracking.start();
  FrameBell alarm;
  ASSERT_TRUE(wait_until(alarm, [&] { return tracking.health().reconnects >= 2; }));
  ASSERT_TRUE(tracking.goes_on("gate", 2));
  tracking.stop();
  const auto written = tracking.notebook.all();
  expect_increasing(written);
  for (const auto& [camera, frame, tracks] : written) EXPECT_EQ(tracks.size(), 1U) << "frame " << frame.index;
  EXPECT_EQ(tracking.channels[0].tracker->identity_count(), 1);
  for (const auto& line : tracking.news) EXPECT_THAT(line, Not(HasSubstr("secret")));
  // Motion JPEG has no timestamps: frames have the time of their arrival.
  const Timestamp wall = written.back().frame.captured - written.front().frame.captured;
  EXPECT_NEAR((written.back().frame.time - written.front().frame.time).count(), wall.count(), 1);
}

TEST(LiveStream, APipelineIsASource) {
  Tracking tracking;
  tracking.add("test",
               "videotestsrc is-live=true pattern=white ! video/x-raw,width=64,height=48 ! videoconvert ! appsink",
               impatient());
  tracking.start();
  ASSERT_TRUE(tracking.goes_on("test", 3));
  tracking.stop();
  expect_increasing(tracking.notebook.all());
  testing::internal::CaptureStderr();
  // A source without threads of its own: OpenCV frees a pipeline that fails while the threads of rtspsrc still use it.
  EXPECT_THAT(failure_of("filesrc location=/none/user:secret ! decodebin ! videoconvert ! appsink"),
              HasSubstr("this GStreamer pipeline does not run"));
  EXPECT_THAT(testing::internal::GetCapturedStderr(), Not(HasSubstr("secret")));
}

TEST(LiveStream, ARecordingIsPlayedOnceWithItsOwnTimes) {
  const TemporaryFolder folder;
  const auto video = test::write_video(folder / "street.avi", 12, 30);
  auto options = impatient();
  options.policy = LivePolicy::all;
  const auto started = std::chrono::system_clock::now();
  Tracking tracking;
  tracking.add("street", video.string(), options);
  tracking.start();
  ASSERT_TRUE(tracking.reaches(StreamState::ended));
  FrameBell alarm;
  ASSERT_TRUE(wait_until(alarm, [&] { return tracking.notebook.closed() == 1; }));
  tracking.stop();
  const auto written = tracking.notebook.all();
  ASSERT_EQ(written.size(), 12U);
  for (std::size_t i = 0; i < written.size(); ++i) {
    EXPECT_EQ(written[i].frame.index, static_cast<std::int64_t>(i));
    EXPECT_NEAR(written[i].frame.time.count(), static_cast<double>(i) / 30, 1e-6);
  }
  const Timestamp played = written.back().frame.captured - started;
  EXPECT_GE(played.count(), 11.0 / 30);  // not faster than it was recorded
  EXPECT_FALSE(tracking.channels[0].stream->failure());
  EXPECT_EQ(tracking.health().frames_dropped, 0);
}

}  // namespace
}  // namespace onepass::pipeline
