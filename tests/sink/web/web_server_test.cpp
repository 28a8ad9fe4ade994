#include "onepass/web_server.hpp"

#include <future>
#include <regex>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>

#include "sink/text/json_values.hpp"
#include "sink/video/draw.hpp"
#include "sink/web/http/httplib.hpp"
#include "sink/web/web_files.hpp"
#include "support/message_of.hpp"
#include "support/wait_until.hpp"

namespace onepass::sink {
namespace {

using nlohmann::json;
using test::message_of;
using test::wait_until;
using testing::HasSubstr;

const std::string secret = "a-token-that-is-long-enough";

StreamInfo stream_named(const std::string& name) {
  StreamInfo stream;
  stream.source.name = name;
  stream.class_names = {"person", "car"};
  return stream;
}

/// A frame of one color, at ten frames per second.
Frame frame_of(std::int64_t index, int gray = 60, cv::Size size = {320, 240}) {
  Frame frame;
  frame.index = index;
  frame.time = Timestamp(static_cast<double>(index) / 10);
  frame.size = size;
  frame.image = cv::Mat(size, CV_8UC3, cv::Scalar::all(gray));
  return frame;
}

Track track_of(std::int64_t id, const Box& box = {100, 60, 80, 120}, int class_id = 0) {
  Track track;
  track.id = id;
  track.box = box;
  track.score = 0.9F;
  track.class_id = class_id;
  return track;
}

WebOptions options_of(std::string token = "") {
  WebOptions options;
  options.address.port = 0;
  options.token = std::move(token);
  options.max_view_rate = 1e6;  // a picture of every frame
  return options;
}

httplib::Client client_of(const WebServer& server) {
  httplib::Client client("127.0.0.1", server.port());
  client.set_read_timeout(30);
  return client;
}

/// Body of a page that must exist.
std::string get(const WebServer& server, const std::string& path) {
  const auto response = client_of(server).Get(path);
  if (!response || response->status != 200) throw std::runtime_error(path + " cannot be read");
  return response->body;
}

int status_of(const WebServer& server, const std::string& path, const httplib::Headers& headers = {}) {
  const auto response = client_of(server).Get(path, headers);
  return response ? response->status : -1;
}

TEST(WebPage, HasEverythingItNamesAndNothingFromElsewhere) {
  const WebServer server(options_of());
  const auto page = get(server, "/");
  const std::regex reference(R"((src|href)=\"([^\"]+)\"|from '\./([^']+)')");
  std::vector<std::string> texts = {page};
  for (const auto& [name, content] : web_files()) texts.emplace_back(content);
  int found = 0;
  for (const auto& text : texts) {
    for (std::sregex_iterator match(text.begin(), text.end(), reference), end; match != end; ++match) {
      const auto target = (*match)[2].matched ? (*match)[2].str() : (*match)[3].str();
      if (target.starts_with("data:") || target == "api/tracks" || target.starts_with("view.mjpg")) continue;
      EXPECT_EQ(status_of(server, "/" + target), 200) << target;
      ++found;
    }
    EXPECT_FALSE(std::regex_search(text, std::regex(R"((src|href|url)\s*[=(]\s*[\"']?(https?:)?//)"))) << text;
  }
  EXPECT_GT(found, 10);
  const auto response = client_of(server).Get("/page.js");
  EXPECT_EQ(response->get_header_value("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_THAT(response->get_header_value("Content-Security-Policy"), HasSubstr("default-src 'self'"));
}

TEST(WebPage, ServesOnlyItsOwnFiles) {
  const WebServer server(options_of());
  for (const char* path :
       {"/../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd", "//etc/passwd",
        "/page.html/../../etc/passwd", "/shot.jpg?camera=../0&id=1", "/favicon.ico"}) {
    EXPECT_EQ(status_of(server, path), 404) << path;
  }
  EXPECT_EQ(client_of(server).Post("/api/health", "{}", "application/json")->status, 405);
  EXPECT_EQ(client_of(server).Delete("/")->status, 405);
  const auto whole = client_of(server).Get("/", {{"Range", "bytes=0-0,0-,0-,0-"}});
  EXPECT_EQ(whole->body, get(server, "/"));
}

/// Content of one part of a multipart answer.
struct Part {
  int camera = -1;
  cv::Mat image;
};

/// Splits the received bytes into parts.
class PartReader {
 public:
  /// Takes bytes and returns the parts that have become complete.
  std::vector<Part> take(const char* data, std::size_t size) {
    bytes_.append(data, size);
    std::vector<Part> parts;
    for (auto start = bytes_.find("\r\n\r\n"); start != std::string::npos; start = bytes_.find("\r\n\r\n")) {
      std::smatch length;
      std::smatch camera;
      const auto headers = bytes_.substr(0, start);
      if (!std::regex_search(headers, length, std::regex("Content-Length: (\\d+)"))) throw std::runtime_error(headers);
      if (!std::regex_search(headers, camera, std::regex("X-Camera: (\\d+)"))) throw std::runtime_error(headers);
      const auto end = start + 4 + std::stoul(length[1]);
      if (bytes_.size() < end) break;
      const std::vector<char> jpeg(bytes_.begin() + static_cast<long>(start) + 4,
                                   bytes_.begin() + static_cast<long>(end));
      parts.push_back({std::stoi(camera[1]), cv::imdecode(jpeg, cv::IMREAD_COLOR)});
      bytes_.erase(0, end);
    }
    return parts;
  }

 private:
  std::string bytes_;
};

/// Reads pictures until `enough` returns true for one.
void watch(const WebServer& server, const std::string& path, const std::function<bool(const Part&)>& enough) {
  PartReader reader;
  bool done = false;
  client_of(server).Get(path, [&](const char* data, std::size_t size) {
    for (const auto& part : reader.take(data, size)) done = done || enough(part);
    return !done;
  });
  EXPECT_TRUE(done) << "the stream ended early";
}

TEST(View, ShowsTheNewestFrameWithItsBoxes) {
  WebServer server(options_of());
  const auto sink = make_web_sink(server, stream_named("street"));
  sink->write(frame_of(0, 60), std::vector{track_of(3)});
  watch(server, "/view.mjpg", [&](const Part& part) {
    EXPECT_EQ(part.camera, 0);
    EXPECT_EQ(part.image.size(), cv::Size(320, 240));
    const auto corner = part.image.at<cv::Vec3b>(220, 20);
    EXPECT_NEAR(corner[0], 60, 4);
    // The middle of the box's left edge has the color of identity 3; JPEG changes colors a little.
    const auto color = color_of(3);
    const auto edge = part.image.at<cv::Vec3b>(140, 100);
    const auto inside = part.image.at<cv::Vec3b>(120, 140);
    EXPECT_LT(std::abs(edge[0] - color[0]) + std::abs(edge[1] - color[1]) + std::abs(edge[2] - color[2]), 200);
    EXPECT_NEAR(inside[1], 60, 12);
    return true;
  });
  sink->write(frame_of(1, 200), {});
  watch(server, "/view.mjpg?camera=0", [](const Part& part) {
    EXPECT_NEAR(part.image.at<cv::Vec3b>(220, 20)[0], 200, 4);
    return true;
  });
}

TEST(View, BringsAllCamerasOrTheChosenOnes) {
  WebServer server(options_of());
  std::vector<std::unique_ptr<TrackSink>> sinks;
  for (const int i : {0, 1, 2}) {
    sinks.push_back(make_web_sink(server, stream_named("c" + std::to_string(i))));
    sinks.back()->write(frame_of(0, 50 * (i + 1)), {});
  }
  std::set<int> seen;
  watch(server, "/view.mjpg", [&](const Part& part) {
    EXPECT_NEAR(part.image.at<cv::Vec3b>(9, 9)[0], 50 * (part.camera + 1), 4);
    seen.insert(part.camera);
    return seen.size() == 3;
  });
  seen.clear();
  int parts = 0;
  watch(server, "/view.mjpg?camera=2&camera=1", [&](const Part& part) {
    seen.insert(part.camera);
    return ++parts == 4;  // each is repeated after some time without updates
  });
  EXPECT_EQ(seen, (std::set{1, 2}));
  EXPECT_EQ(status_of(server, "/view.mjpg?camera=3"), 404);
  EXPECT_EQ(status_of(server, "/view.mjpg?camera=-1"), 404);
  EXPECT_EQ(status_of(server, "/view.mjpg?camera=1x"), 404);
}

TEST(View, IsShrunkAndNeedsNoImages) {
  auto options = options_of();
  options.max_view_size = 160;
  WebServer server(options);
  const auto sink = make_web_sink(server, stream_named("replay"));
  auto frame = frame_of(0);
  frame.image.release();
  sink->write(frame, std::vector{track_of(1)});
  watch(server, "/view.mjpg", [](const Part& part) {
    EXPECT_EQ(part.image.size(), cv::Size(160, 120));
    return true;
  });
}

/// A frame with a large JPEG: a few of them fill the send buffer of a viewer that does not read.
Frame noise_frame(std::int64_t index, int top_rows_gray) {
  auto frame = frame_of(index, 0, {640, 480});
  cv::setRNGSeed(static_cast<int>(index));
  cv::randu(frame.image, cv::Scalar::all(0), cv::Scalar::all(255));
  frame.image.rowRange(0, 32) = cv::Scalar::all(top_rows_gray);
  return frame;
}

TEST(View, AViewerThatDoesNotReadBlocksNothingAndThenGetsTheNewest) {
  WebServer server(options_of());
  const auto sink = make_web_sink(server, stream_named("street"));
  sink->write(noise_frame(0, 0), {});
  std::promise<void> first_seen;
  std::promise<void> all_written;
  auto written = all_written.get_future();
  int parts = 0;
  constexpr int frames = 200;
  std::thread viewer([&] {
    watch(server, "/view.mjpg", [&](const Part& part) {
      if (++parts == 1) {
        first_seen.set_value();
        written.wait();
      }
      return part.image.at<cv::Vec3b>(8, 320)[0] > 240;  // the last frame
    });
  });
  first_seen.get_future().wait();
  for (int i = 1; i <= frames; ++i) sink->write(noise_frame(i, i == frames ? 255 : 100), {});  // would block forever
  all_written.set_value();
  viewer.join();
  EXPECT_LT(parts, frames / 2);
}

TEST(View, HasABoundedNumberOfViewers) {
  auto options = options_of();
  options.max_viewers = 1;
  WebServer server(options);
  const auto sink = make_web_sink(server, stream_named("street"));
  sink->write(frame_of(0), {});
  watch(server, "/view.mjpg", [&](const Part&) {
    const auto second = client_of(server).Get("/view.mjpg");
    EXPECT_EQ(second->status, 503);
    EXPECT_EQ(second->body, "all views are in use (limit: 1)\n");
    EXPECT_EQ(json::parse(get(server, "/api/health"))["viewers"], 1);
    return true;
  });
  EXPECT_TRUE(wait_until([&] { return json::parse(get(server, "/api/health"))["viewers"] == 0; }));
  watch(server, "/view.mjpg", [](const Part&) { return true; });
}

/// The events of /api/tracks that a client receives; calls `publish` until `count` have arrived.
std::vector<std::string> read_tracks(const WebServer& server, std::size_t count, const std::function<void()>& publish) {
  std::string text;
  const auto events = [&] {
    std::vector<std::string> lines;
    std::istringstream stream(text.substr(0, text.rfind('\n') + 1));
    for (std::string line; std::getline(stream, line);) {
      if (line.starts_with("data: ")) lines.push_back(line.substr(6));
    }
    return lines;
  };
  client_of(server).Get("/api/tracks", [&](const char* data, std::size_t size) {
    const bool begun = !text.empty();
    text.append(data, size);
    if (!begun) publish();
    return events().size() < count;
  });
  return events();
}

TEST(Tracks, ComeAsTheyAreWritten) {
  WebServer server(options_of());
  const auto stream = stream_named("street");
  const auto sink = make_web_sink(server, stream);
  sink->write(frame_of(0), std::vector{track_of(1)});  // no client yet
  const std::vector tracks = {track_of(1), track_of(2, {1, 2, 3, 4}, 1)};
  const auto lines = read_tracks(server, 3, [&] {
    for (int i = 1; i <= 3; ++i) sink->write(frame_of(i), tracks);
  });
  ASSERT_EQ(lines.size(), 3U);
  for (int i = 1; i <= 3; ++i)
    EXPECT_EQ(lines[static_cast<std::size_t>(i - 1)], frame_line(frame_of(i), tracks, stream, {}));
}

StreamHealth health_of(const std::string& name, StreamState state) {
  StreamHealth health;
  health.name = name;
  health.state = state;
  health.frames_read = 1200;
  health.frames_tracked = 900;
  health.frames_dropped = 300;
  health.reconnects = 2;
  health.read_rate = 30;
  health.tracked_rate = 22.5;
  health.errors = {.concealed = 7, .undecodable = 2};
  health.latency = {80, 120.5, 400};
  return health;
}

TEST(Health, JoinsStreamsWithTheirViews) {
  auto options = options_of();
  auto lost = health_of("back \"door\"", StreamState::reconnecting);
  lost.reason = "no route to host";
  options.streams = [lost] { return std::vector{health_of("gate", StreamState::streaming), lost}; };
  options.deliveries = [] { return std::vector{DeliveryHealth{"mqtt://broker:1883", true, "", 7, 2, 1}}; };
  WebServer server(options);
  const auto sink = make_web_sink(server, stream_named("gate"));
  sink->write(frame_of(0), std::vector{track_of(1), track_of(2), track_of(3, {1, 2, 3, 4}, 1)});

  const auto health = json::parse(get(server, "/api/health"));
  EXPECT_EQ(health["status"], "degraded");
  EXPECT_EQ(health["history_s"], 600);
  ASSERT_EQ(health["streams"].size(), 2U);
  const auto& gate = health["streams"][0];
  EXPECT_EQ(gate["camera"], 0);
  EXPECT_EQ(gate["frames_dropped"], 300);
  EXPECT_EQ(gate["frames_concealed"], 7);
  EXPECT_EQ(gate["frames_undecodable"], 2);
  EXPECT_EQ(gate["latency_ms"], json::parse(R"({"median": 80.0, "p95": 120.5, "max": 400.0})"));
  EXPECT_EQ(gate["classes"], json::parse(R"({"person": 2, "car": 1})"));
  EXPECT_EQ(gate["objects"], 3);
  EXPECT_TRUE(health["streams"][1]["camera"].is_null());
  EXPECT_EQ(health["streams"][1]["reason"], "no route to host");
  EXPECT_EQ(health["deliveries"][0]["waiting"], 2);

  const auto metrics = get(server, "/metrics");
  for (const char* line :
       {"onepass_frames_read_total{camera=\"gate\"} 1200", "onepass_frames_dropped_total{camera=\"gate\"} 300",
        "onepass_frames_concealed_total{camera=\"gate\"} 7", "onepass_frames_undecodable_total{camera=\"gate\"} 2",
        "onepass_latency_seconds{camera=\"gate\",quantile=\"0.95\"} 0.1205",
        "onepass_objects{camera=\"gate\",class=\"person\"} 2", "# TYPE onepass_reconnects_total counter",
        "onepass_stream_state{camera=\"back \\\"door\\\"\",state=\"reconnecting\"} 1",
        "onepass_delivery_lost_messages_total{target=\"mqtt://broker:1883\"} 1"}) {
    EXPECT_THAT(metrics, HasSubstr(std::string(line) + "\n"));
  }
  // Every line of the text format is a comment or: name{labels} value.
  std::istringstream lines(metrics);
  const std::regex sample(R"re([a-z_]+(\{([a-z]+="([^"\\]|\\.)*",?)+\})? [0-9.e+-]+)re");
  for (std::string line; std::getline(lines, line);) {
    EXPECT_TRUE(line.starts_with("# ") || std::regex_match(line, sample)) << line;
  }
  EXPECT_TRUE(wait_until([&] { return !json::parse(get(server, "/api/history")).empty(); }));
  const auto history = json::parse(get(server, "/api/history"));
  EXPECT_EQ(history["gate"]["dropped"][0], 300);
  EXPECT_EQ(history["gate"]["time_ms"].size(), history["gate"]["p95_ms"].size());
}

TEST(Health, IsDegradedByAStreamThatFailedForGood) {
  auto options = options_of();
  auto yard = health_of("yard", StreamState::ended);
  options.streams = [&yard] { return std::vector{health_of("gate", StreamState::streaming), yard}; };
  const auto status = [&] { return json::parse(get(*std::make_unique<WebServer>(options), "/api/health"))["status"]; };
  EXPECT_EQ(status(), "ok");  // played to its end
  yard.reason = "unauthorized: user name or password is missing or wrong";
  EXPECT_EQ(status(), "degraded");
}

TEST(Health, OfASilentStreamCountsNoPeople) {
  WebServer server(options_of());
  const auto stream = [&] { return json::parse(get(server, "/api/health"))["streams"][0]; };
  const auto sink = make_web_sink(server, stream_named("gate"));
  sink->write(frame_of(0), std::vector{track_of(1)});
  EXPECT_EQ(stream()["objects"], 1);
  auto now = frame_of(1);
  now.time += Timestamp(60);
  sink->idle(now);
  EXPECT_EQ(stream()["objects"], 0);
  EXPECT_EQ(stream()["state"], "streaming");
  const auto identities = json::parse(get(server, "/api/identities"));
  EXPECT_EQ(identities["current"].size(), 0U);
  EXPECT_EQ(identities["recent"].size(), 1U);
}

TEST(Health, OfAStreamWithoutAReporterIsItsSinks) {
  WebServer server(options_of());
  const auto state = [&] { return json::parse(get(server, "/api/health"))["streams"][0]["state"]; };
  const auto sink = make_web_sink(server, stream_named("gate"));
  sink->write(frame_of(0), {});
  EXPECT_EQ(state(), "streaming");
  sink->close();
  EXPECT_EQ(state(), "ended");
}

TEST(Identities, ShowsPresentAndFormerIdentities) {
  WebServer server(options_of());
  const auto sink = make_web_sink(server, stream_named("street"), {.end_after_s = 1});
  const auto second = make_web_sink(server, stream_named("street"));  // with the same name
  sink->write(frame_of(0), std::vector{track_of(1), track_of(2, {10, 10, 20, 40}, 1)});
  sink->write(frame_of(20), std::vector{track_of(2, {10, 10, 20, 40}, 1)});
  second->write(frame_of(0), std::vector{track_of(1)});
  const auto identities = json::parse(get(server, "/api/identities"));
  ASSERT_EQ(identities["current"].size(), 2U);
  EXPECT_EQ(identities["current"][0]["id"], 2);
  EXPECT_EQ(identities["current"][0]["class_name"], "car");
  EXPECT_EQ(identities["current"][0]["duration"], 2.0);
  EXPECT_EQ(identities["current"][1]["camera"], 1);
  ASSERT_EQ(identities["recent"].size(), 1U);
  EXPECT_EQ(identities["recent"][0]["id"], 1);
  const auto color = color_of(1);
  char hex[8];
  std::snprintf(hex, sizeof hex, "#%02x%02x%02x", int(color[2]), int(color[1]), int(color[0]));
  EXPECT_EQ(identities["recent"][0]["color"], hex);
  const auto shot = get(server, "/" + identities["recent"][0]["shot"].get<std::string>());
  const auto image = cv::imdecode(std::vector<char>(shot.begin(), shot.end()), cv::IMREAD_COLOR);
  EXPECT_NEAR(image.at<cv::Vec3b>(image.rows / 2, image.cols / 2)[0], 60, 4);
  for (const char* path : {"/shot.jpg", "/shot.jpg?camera=0", "/shot.jpg?camera=7&id=1", "/shot.jpg?camera=0&id=99",
                           "/shot.jpg?camera=0&id=99999999999999999999"}) {
    EXPECT_EQ(status_of(server, path), 404) << path;
  }
  sink->close();
  EXPECT_EQ(json::parse(get(server, "/api/identities"))["recent"].size(), 2U);
}

TEST(Access, NeedsTheTokenIfThereIsOne) {
  const WebServer server(options_of(secret));
  for (const char* path : {"/", "/page.js", "/api/health", "/api/tracks", "/view.mjpg", "/metrics", "/no-such-page"}) {
    const auto response = client_of(server).Get(path);
    EXPECT_EQ(response->status, 401) << path;
    EXPECT_THAT(response->get_header_value("WWW-Authenticate"), testing::StartsWith("Basic "));
  }
  EXPECT_EQ(status_of(server, "/", {{"Authorization", "Bearer " + secret}}), 200);
  EXPECT_EQ(status_of(server, "/", {httplib::make_basic_authentication_header("me", secret)}), 200);
  EXPECT_EQ(status_of(server, "/", {httplib::make_basic_authentication_header("me", secret + "x")}), 401);
  for (const auto& wrong : {secret.substr(1), secret + "x", std::string(), std::string(5000, 'a')}) {
    EXPECT_EQ(status_of(server, "/", {{"Authorization", "Bearer " + wrong}}), 401);
    EXPECT_EQ(status_of(server, "/", {{"Authorization", "Basic " + wrong}}), 401);
  }
}

TEST(Access, WrongTokensAreFew) {
  const WebServer server(options_of(secret));
  auto client = client_of(server);
  client.set_interface("127.0.0.2");  // 127.0.0.1 could be a proxy
  const auto with = [&](const std::string& token) {
    const auto response = client.Get("/api/health", httplib::Headers{{"Authorization", "Bearer " + token}});
    return response ? response->status : -1;
  };
  for (int i = 0; i < 30; ++i) EXPECT_EQ(status_of(server, "/"), 401) << "without a token, it is no guess";
  for (int i = 0; i < 10; ++i) EXPECT_EQ(with("guess-number-" + std::to_string(i) + "-of-many"), 401);
  EXPECT_EQ(with("guess-number-10-of-many"), 429);
  EXPECT_EQ(with(secret), 429) << "nobody learns that a guess was right";
}

TEST(Access, WrongTokensThroughAProxyLockOutNobody) {
  const WebServer server(options_of(secret));
  const auto with = [&](const std::string& token) {
    return status_of(server, "/api/health", {{"Authorization", "Bearer " + token}});
  };
  for (int i = 0; i < 20; ++i) EXPECT_EQ(with("guess-number-" + std::to_string(i) + "-of-many"), 401);
  EXPECT_EQ(with(secret), 200);
}

TEST(Access, IsRefusedToPagesOfOtherSites) {
  const WebServer server(options_of());
  const auto from = [&](const std::string& site, const std::string& mode) {
    return status_of(server, "/api/health", {{"Sec-Fetch-Site", site}, {"Sec-Fetch-Mode", mode}});
  };
  EXPECT_EQ(from("same-origin", "cors"), 200);
  EXPECT_EQ(from("cross-site", "no-cors"), 403);
  EXPECT_EQ(from("cross-site", "navigate"), 200);
}

TEST(Access, IsRefusedToNamesThatOthersMadePointHere) {
  const WebServer server(options_of());
  const auto port = ":" + std::to_string(server.port());
  for (const auto& host : {std::string("127.0.0.1"), "127.0.0.1" + port, "localhost" + port, "[::1]" + port})
    EXPECT_EQ(status_of(server, "/", {{"Host", host}}), 200) << host;
  for (const auto& host : {std::string("evil.example"), "127.0.0.1.evil.example" + port, std::string("[")})
    EXPECT_EQ(status_of(server, "/", {{"Host", host}}), 403) << host;
}

TEST(Address, ThatCannotBeServedOnIsAnErrorThatNamesIt) {
  const WebServer server(options_of());
  auto options = options_of();
  options.address.port = server.port();
  EXPECT_EQ(
      message_of([&] { WebServer other(options); }),
      "127.0.0.1:" + std::to_string(server.port()) +
          ": cannot serve here: the port is taken (another program listens there; choose another port, or 0 for any)");
  options = options_of();
  options.address.host = "0.0.0.0";
  EXPECT_THAT(message_of([&] { WebServer other(options); }),
              HasSubstr("0.0.0.0:0: serving other machines requires a token"));
  options = options_of(secret);
  options.address.host = "192.0.2.1";  // reserved for documentation: not of this machine
  EXPECT_THAT(message_of([&] { WebServer other(options); }), HasSubstr("192.0.2.1:0: cannot serve here"));
}

TEST(Server, EndsWhileViewersHang) {
  auto server = std::make_unique<WebServer>(options_of());
  const auto sink = make_web_sink(*server, stream_named("street"));
  for (int i = 0; i < 2; ++i) sink->write(noise_frame(i, 0), {});
  std::promise<void> seen;
  std::promise<void> ended;
  auto end = ended.get_future();
  std::thread viewer([&] {
    int chunks = 0;
    auto client = client_of(*server);
    client.Get("/view.mjpg", [&](const char*, std::size_t) {
      if (++chunks == 1) {
        seen.set_value();
        end.wait();  // stops reading until the server is gone
      }
      return true;
    });
  });
  seen.get_future().wait();
  server.reset();
  ended.set_value();
  viewer.join();
  sink->write(frame_of(9), std::vector{track_of(1)});  // a sink may outlive its server
  sink->close();
}

TEST(WebServer, CountsInZonesAndShowsTheHeat) {
  WebServer server(options_of());
  auto stream = stream_named("gate");
  Zone door;
  door.name = "door";
  door.points = {{0.5, 0}, {0.5, 1}};
  Zone room;
  room.name = "room";
  room.shape = ZoneShape::polygon;
  room.points = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
  stream.counting.zones = {door, room};
  const auto sink = make_web_sink(server, stream);
  EXPECT_EQ(status_of(server, "/heat.jpg?camera=0"), 404);  // no picture yet
  for (int i = 0; i < 30; ++i)
    sink->write(frame_of(i), std::vector{track_of(1, {220.0F - 6 * static_cast<float>(i), 60, 30, 60})});
  const auto zones = json::parse(get(server, "/api/health"))["streams"][0]["zones"];
  EXPECT_EQ(zones[0], json::parse(R"({"name": "door", "directions": {"in": {"identities": 1, "passages": 1},
                                                                    "out": {"identities": 0, "passages": 0}}})"));
  EXPECT_EQ(zones[1]["occupancy"], 1);
  EXPECT_EQ(zones[1]["dwell_s"], nullptr);
  const auto history = [&] { return json::parse(get(server, "/api/history"))["gate"]["zones"]; };
  ASSERT_TRUE(wait_until([&] { return history().contains("room") && history()["room"]["occupancy"].back() == 1; }));
  EXPECT_EQ(history()["room"]["occupancy"].size(), history()["room"]["time_ms"].size());
  EXPECT_FALSE(history().contains("door"));  // a line has no occupancy
  const auto metrics = get(server, "/metrics");
  EXPECT_THAT(metrics, HasSubstr("onepass_zone_crossings_total{camera=\"gate\",zone=\"door\",direction=\"in\"} 1\n"));
  EXPECT_THAT(metrics, HasSubstr("onepass_zone_occupancy{camera=\"gate\",zone=\"room\"} 1\n"));
  const auto heat = get(server, "/heat.jpg?camera=0");
  EXPECT_EQ(cv::imdecode(std::vector<char>(heat.begin(), heat.end()), cv::IMREAD_COLOR).size(), cv::Size(320, 240));
  EXPECT_EQ(status_of(server, "/heat.jpg?camera=1"), 404);
}

}  // namespace
}  // namespace onepass::sink
