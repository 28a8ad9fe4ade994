// Runs onepass track --live: outputs, signals, cameras, errors.
#include <signal.h>

#include <chrono>
#include <fstream>
#include <map>
#include <regex>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/child_process.hpp"
#include "support/core_dump.hpp"
#include "support/json_lines.hpp"
#include "support/media.hpp"
#include "support/run_program.hpp"
#include "support/stream_server.hpp"
#include "support/temporary_folder.hpp"
#include "support/wait_until.hpp"

namespace onepass::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

namespace fs = std::filesystem;

std::vector<std::string> live(std::vector<std::string> more) {
  std::vector<std::string> arguments = {"track",   "--live", "--model",   ONEPASS_TEST_DATA "/tiny_v8.pt",
                                        "--imgsz", "64",     "--max-det", "5"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

bool has_lines(const fs::path& path) {
  std::error_code missing;
  return fs::file_size(path, missing) > 0 && !missing;
}

int count(const std::string& text, const std::string& part) {
  int result = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++result;
  return result;
}

/// A camera: motion JPEG of a few pictures, in a loop.
class MjpegCamera {
 public:
  MjpegCamera() {
    for (int number = 0; number < 5; ++number)
      write_image(folder_ / fmt::format("{}.jpg", number), numbered_image(number));
    server_ = std::make_unique<StreamServer>("mjpeg_server.py", std::vector{folder_.path().string()});
  }
  int port() const { return server_->port(); }
  std::string url() const { return fmt::format("http://user:secret@127.0.0.1:{}/camera.mjpg", server_->port()); }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<StreamServer> server_;
};

TEST(Live, ATokenInAnAddressIsASecret) {
  const TemporaryFolder folder;
  const MjpegCamera camera;
  const auto url = fmt::format("http://127.0.0.1:{}/camera.mjpg", camera.port());
  const auto run = [&](const std::string& source) {
    std::string log;
    const bool dumped = leaves_core_dump(live({"--source", source, "--save-jsonl", folder / "a.jsonl", "--overwrite"}),
                                         [&](const std::string& text) {
                                           log = text;
                                           return text.find("streaming: ") != std::string::npos;
                                         });
    return std::pair(dumped, log);
  };
  if (!run(url).first) GTEST_SKIP() << "this system writes no core dumps";
  const auto [dumped, log] = run(url + "?access_token=abc123");
  EXPECT_FALSE(dumped);
  EXPECT_THAT(log, HasSubstr("other users of this machine can see the secret in its settings on the command line"));
  EXPECT_THAT(log, Not(HasSubstr("abc123")));
}

TEST(Live, CtrlCEndsItWithCompleteOutputs) {
  const TemporaryFolder folder;
  const MjpegCamera camera;
  RunningProgram program(live({"--source", camera.url(), "--save-jsonl", folder / "a.jsonl", "--save-video",
                               folder / "a.avi", "--save-mot", folder / "a.txt"}));
  ASSERT_TRUE(program.wait_for([&] { return has_lines(folder / "a.jsonl"); })) << program.err();
  program.signal(SIGTERM);
  const auto result = program.wait();
  EXPECT_EQ(result.exit_code, 130) << result.err;
  EXPECT_THAT(result.err, HasSubstr("127.0.0.1: streaming: 64x48 at "));
  EXPECT_THAT(result.err, HasSubstr("latency from arrival to tracks written: median "));
  EXPECT_THAT(result.err, HasSubstr("camera.mjpg: other users of this machine can see the password on the command"));
  EXPECT_THAT(result.err, Not(HasSubstr("secret")));
  EXPECT_THAT(read_file(folder / "a.jsonl"), Not(HasSubstr("secret")));
  const auto lines = parse_lines(read_file(folder / "a.jsonl"));
  ASSERT_FALSE(lines.empty());
  for (std::size_t i = 1; i < lines.size(); ++i) {
    EXPECT_GT(lines[i].at("index"), lines[i - 1].at("index"));
    EXPECT_GT(lines[i].at("time"), lines[i - 1].at("time"));
  }
  EXPECT_THAT(result.err, HasSubstr(fmt::format("127.0.0.1: {} of ", lines.size())));
  EXPECT_TRUE(cv::VideoCapture((folder / "a.avi").string()).grab());
  EXPECT_TRUE(has_lines(folder / "a.txt"));
}

TEST(Live, HangupReopensTheOutputs) {
  const TemporaryFolder folder;
  const MjpegCamera camera;
  const auto tracks = folder / "tracks.jsonl";
  const auto events = folder / "events.jsonl";
  const auto moved = [](const fs::path& path) { return path.string() + ".1"; };
  RunningProgram program(
      live({"--source", camera.url(), "--save-jsonl", tracks, "--events", events, "--event-interval", "0"}));
  const auto both_written = [&] { return has_lines(tracks) && has_lines(events); };
  ASSERT_TRUE(program.wait_for(both_written)) << program.err();
  for (const auto& path : {tracks, events}) fs::rename(path, moved(path));
  program.signal(SIGHUP);
  ASSERT_TRUE(program.wait_for(both_written)) << program.err();
  program.signal(SIGINT);
  const auto result = program.wait();
  EXPECT_EQ(result.exit_code, 130) << result.err;
  const auto before = parse_lines(read_file(moved(tracks)));
  const auto after = parse_lines(read_file(tracks));
  EXPECT_LT(before.back().at("index"), after.front().at("index"));
  EXPECT_THAT(result.err, HasSubstr(fmt::format("127.0.0.1: {} of ", before.size() + after.size())));
  EXPECT_EQ(parse_lines(read_file(moved(events))).front().at("event"), "new");
  EXPECT_EQ(parse_lines(read_file(events)).front().at("event"), "update");  // the identities continue
  EXPECT_EQ(parse_lines(read_file(events)).back().at("event"), "end");
}

TEST(Live, SegmentsHoldEverythingUnderTheirTimes) {
  const TemporaryFolder folder;
  const auto video = write_video(folder / "street.avi", 22, 10);
  fs::create_directory(folder / "out");
  const auto result = run_onepass(live({"--source", video, "--live-policy", "all", "--segment", "1s", "--save-jsonl",
                                        folder / "out/", "--save-video", folder / "out/"}));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  std::set<std::int64_t> indices;
  int texts = 0;
  int videos = 0;
  const std::regex name(R"(street-\d{8}T\d{6}Z(-\d+)?\.(jsonl|mp4))");
  for (const auto& entry : fs::directory_iterator(folder / "out")) {
    EXPECT_TRUE(std::regex_match(entry.path().filename().string(), name)) << entry.path();
    if (entry.path().extension() == ".mp4") {
      ++videos;
      EXPECT_TRUE(cv::VideoCapture(entry.path().string()).grab()) << entry.path();
      continue;
    }
    ++texts;
    for (const auto& line : parse_lines(read_file(entry.path())))
      EXPECT_TRUE(indices.insert(line.at("index").get<std::int64_t>()).second);
  }
  EXPECT_EQ(texts, 3);
  EXPECT_EQ(videos, 3);
  EXPECT_EQ(indices.size(), 22U);
}

TEST(Live, AFullDiskStopsRecordingAndNotTracking) {
  const TemporaryFolder folder;
  const auto video = write_video(folder / "street.avi", 10, 30);
  const auto result = run_onepass(live(
      {"--source", video, "--live-policy", "all", "--save-jsonl", "/dev/full", "--save-mot", folder / "street.txt"}));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(count(result.err, "/dev/full: cannot be written"), 1) << result.err;
  EXPECT_THAT(result.err, HasSubstr("recording stops, tracking continues"));
  EXPECT_THAT(result.err, HasSubstr("10 frames were tracked but not recorded"));
  EXPECT_THAT(result.err, HasSubstr("street: 10 of 10 frames tracked"));
  EXPECT_THAT(read_file(folder / "street.txt"), HasSubstr("\n10,"));
}

TEST(Live, SeveralCamerasHaveTheirOwnSettingsAndOutputs) {
  const TemporaryFolder folder;
  const auto video = write_video(folder / "street.avi", 10, 30);
  fs::create_directory(folder / "out");
  const auto cameras = folder.write("cameras.yaml",
                                    "cameras:\n"
                                    "  - {name: gate, url: " +
                                        video.string() +
                                        "}\n"
                                        "  - name: yard\n"
                                        "    url: " +
                                        video.string() +
                                        "\n"
                                        "    detector: {classes: star, conf: 0.1}\n"
                                        "    tracker: {max_age_s: 3}\n"
                                        "  - {name: attic, url: 'http://user:secret@127.0.0.1:1/a'}\n");
  const auto result = run_onepass(
      live({"--sources", cameras, "--retries", "0", "--live-policy", "all", "--save-jsonl", folder / "out/"}));
  EXPECT_EQ(result.exit_code, 75);
  EXPECT_THAT(result.err, HasSubstr("attic: ended: Connection refused"));
  EXPECT_THAT(result.err, HasSubstr("onepass: 1 of 3 cameras failed"));
  EXPECT_THAT(result.err, Not(HasSubstr("secret")));
  std::set<std::string> gate;
  std::set<std::string> yard;
  for (const auto& line : parse_lines(read_file(folder / "out/gate.jsonl")))
    for (const auto& track : line.at("tracks")) gate.insert(track.at("class_name").get<std::string>());
  for (const auto& line : parse_lines(read_file(folder / "out/yard.jsonl")))
    for (const auto& track : line.at("tracks")) yard.insert(track.at("class_name").get<std::string>());
  EXPECT_THAT(yard, testing::ElementsAre("star"));
  EXPECT_TRUE(gate.contains("circle"));
  EXPECT_EQ(parse_lines(read_file(folder / "out/yard.jsonl")).size(), 10U);
  EXPECT_EQ(parse_lines(read_file(folder / "out/yard.jsonl"))[0].at("source"), "yard");
}

TEST(Live, WritesEventsAndMemoryToTheGivenFiles) {
  const TemporaryFolder folder;
  const auto video = write_video(folder / "street.avi", 10, 30);
  const auto events = folder / "street.jsonl";
  const auto memory = folder / "street.memory";
  const auto run = [&] {
    return run_onepass(
        live({"--source", video, "--live-policy", "all", "--events", events, "--overwrite", "--memory", memory}));
  };
  const auto first = run();
  ASSERT_EQ(first.exit_code, 0) << first.err;
  const auto lines = parse_lines(read_file(events));
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines.front().at("event"), "new");
  EXPECT_EQ(lines.front().at("id"), 1);
  EXPECT_EQ(lines.back().at("event"), "end");
  const auto bytes = read_file(memory);
  const auto second = run();
  ASSERT_EQ(second.exit_code, 0) << second.err;
  EXPECT_NE(read_file(memory), bytes);  // at least its clock has advanced
  std::ofstream(memory) << "no memory";
  const auto third = run();  // the file was read
  EXPECT_EQ(third.exit_code, 1);
  EXPECT_THAT(third.err, HasSubstr("street.memory"));
  EXPECT_EQ(read_file(memory), "no memory");
}

TEST(Live, ARunThatFailsKeepsItsMemory) {
  const TemporaryFolder folder;
  const auto video = write_video(folder / "street.avi", 10, 30);
  const auto memory = folder / "street.memory";
  const auto result = run_onepass(
      live({"--source", video, "--live-policy", "all", "--save-jsonl", "-", "--memory", memory}), "/dev/full");
  EXPECT_EQ(result.exit_code, 75);
  EXPECT_THAT(result.err, HasSubstr("standard output"));
  EXPECT_TRUE(has_lines(memory)) << result.err;
}

/// All ids in a file of JSON Lines.
std::set<std::int64_t> ids_in(const fs::path& path) {
  std::set<std::int64_t> ids;
  for (const auto& line : parse_lines(read_file(path)))
    for (const auto& track : line.at("tracks")) ids.insert(track.at("id").get<std::int64_t>());
  return ids;
}

/// The videos are equal and too short to learn what strangers look like (Recognition: 50 samples, at most 4 per frame
/// and camera, and none in the first frames of a track). So nobody is recognized, and every track has an id of its own.
TEST(Live, CamerasShareAMemory) {
  const TemporaryFolder folder;
  const auto left = write_video(folder / "left.avi", 8, 30);
  const auto right = write_video(folder / "right.avi", 8, 30);
  const auto memory = folder / "doors.memory";
  fs::create_directory(folder / "out");
  const auto run = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments = {"--source", left,           "--source",      right,        "--live-policy",
                                          "all",      "--save-jsonl", folder / "out/", "--overwrite"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto result = run_onepass(live(arguments));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return std::pair(ids_in(folder / "out/left.jsonl"), ids_in(folder / "out/right.jsonl"));
  };
  const auto [alone_left, alone_right] = run({});
  EXPECT_TRUE(alone_left.contains(1));
  EXPECT_EQ(alone_left, alone_right);  // without a memory, every camera begins with 1
  const auto [shared_left, shared_right] = run({"--memory", memory, "--memory-scope", "run"});
  EXPECT_EQ(shared_left.size(), alone_left.size());
  EXPECT_EQ(shared_right.size(), alone_right.size());
  auto both = shared_left;
  both.insert(shared_right.begin(), shared_right.end());
  EXPECT_EQ(both.size(), shared_left.size() + shared_right.size());  // no id is on both cameras
  EXPECT_TRUE(both.contains(1));
  EXPECT_TRUE(has_lines(memory));
  EXPECT_THAT(read_file(memory), Not(HasSubstr("whitened"))) << "each camera would do it in its own way";
  const auto whitened = folder / "whitened.memory";
  run({"--memory", whitened, "--memory-scope", "run", "--embed.calibrate", "online"});
  EXPECT_THAT(read_file(whitened), HasSubstr("whitened")) << "as the user wants it";
}

TEST(Live, RefusesWhatMakesNoSense) {
  const auto error_of = [](const std::vector<std::string>& arguments) {
    const auto result = run_onepass(arguments);
    EXPECT_EQ(result.exit_code, 2) << result.err;
    return result.err;
  };
  EXPECT_THAT(error_of({"track", "--source", "0", "--live", "--detections", "det.txt"}),
              HasSubstr("--detections cannot be used with --live"));
  EXPECT_THAT(error_of({"track", "--source", "a.mp4", "--detections", "det.txt", "--segment", "10min"}),
              HasSubstr("--segment has no effect without --live"));
  EXPECT_THAT(error_of({"track", "--source", "0", "--live", "--segment", "10parsecs"}), HasSubstr("parsecs"));
  EXPECT_THAT(error_of({"track", "--live"}), HasSubstr("track needs a --source"));
  const TemporaryFolder folder;
  for (const std::string parameter : {"embed.calibration", "tracker.camera_motion_file"}) {
    const auto input = folder.write("input", "learned");
    EXPECT_THAT(error_of(live({"--source", "rtsp://127.0.0.1:1/a", "--" + parameter, input, "--save-jsonl", input,
                               "--overwrite"})),
                HasSubstr("this output is also an input"))
        << parameter;
    EXPECT_EQ(read_file(input), "learned");
  }
}

TEST(Live, ACameraThatIsWrongAtTheStartCanBeRequired) {
  const auto result = run_onepass(live({"--source", "http://user:secret@127.0.0.1:1/a", "--require-all"}));
  EXPECT_EQ(result.exit_code, 75);
  EXPECT_THAT(result.err, HasSubstr("onepass: 127.0.0.1: Connection refused\n"));
  EXPECT_THAT(result.err, Not(HasSubstr("secret")));
  const auto given_up = run_onepass(live({"--source", "http://user:secret@127.0.0.1:1/a", "--retries", "0"}));
  EXPECT_EQ(given_up.exit_code, 75);
  EXPECT_THAT(given_up.err, HasSubstr("onepass: 127.0.0.1: Connection refused\n"));
}

TEST(Live, TheExitCodeTellsWhetherAnotherAttemptMayHelp) {
  const MjpegCamera camera;
  const auto at = [&](const std::string& path) { return camera.url().replace(camera.url().rfind('/') + 1, 99, path); };
  const std::string away = "http://127.0.0.1:1/a";
  const std::string refused = "unauthorized: user name or password is missing or wrong";
  const auto run = [](std::vector<std::string> more) {
    more.insert(more.end(), {"--retries", "0"});
    return run_onepass(live(more));
  };
  for (const char* flag : {"--live", "--require-all"}) {
    const auto wrong_password = run({"--source", at("secret"), flag});
    EXPECT_EQ(wrong_password.exit_code, 1) << flag;
    EXPECT_THAT(wrong_password.err, HasSubstr("onepass: 127.0.0.1: " + refused + "\n"));
  }
  const auto both = run({"--source", at("secret"), "--source", away});
  EXPECT_EQ(both.exit_code, 1) << "of one, it will not";
  EXPECT_THAT(both.err, HasSubstr("onepass: 2 of 2 cameras failed: 127.0.0.1: " + refused +
                                  "; 127.0.0.1-2: Connection refused\n"));
  EXPECT_EQ(run({"--source", away, "--source", "http://127.0.0.1:1/b"}).exit_code, 75);
}

/// Preloaded, this library shifts the wall clock by the seconds in a file, whenever that changes; empty if it is not
/// installed.
fs::path fake_clock() {
  for (const auto* path : {"/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
                           "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"}) {
    if (fs::exists(path)) return path;
  }
  return {};
}

/// Replaces the file as a whole, because the library may read it at any moment.
void set_clock(const TemporaryFolder& folder, std::int64_t shift_s) {
  fs::rename(folder.write("clock.new", fmt::format("{:+d}\n", shift_s)), folder / "clock");
}

TEST(Live, JumpsOfTheWallClockChangeOnlyNames) {
  if (fake_clock().empty()) GTEST_SKIP() << "libfaketime is not installed (Debian: faketime)";
  const TemporaryFolder folder;
  const auto video = write_video(folder / "street.avi", 35, 10);
  fs::create_directory(folder / "out");
  // At the start, summer time ends in two seconds.
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  const std::int64_t end_of_summer = 1'792'890'000;  // 2026-10-25 01:00:00 UTC
  set_clock(folder, end_of_summer - 2 - now);
  std::vector<std::string> command = {"/usr/bin/env",
                                      "TZ=Europe/Berlin",
                                      "LD_PRELOAD=" + fake_clock().string(),
                                      "FAKETIME_TIMESTAMP_FILE=" + (folder / "clock").string(),
                                      "FAKETIME_NO_CACHE=1",
                                      "FAKETIME_DONT_FAKE_MONOTONIC=1",
                                      "ASAN_OPTIONS=verify_asan_link_order=0",
                                      ONEPASS_PROGRAM};
  const auto arguments =
      live({"--source", video, "--live-policy", "all", "--segment", "1s", "--save-jsonl", folder / "out/"});
  command.insert(command.end(), arguments.begin(), arguments.end());
  ChildProcess program(command, folder / "log");
  const auto segments = [&] { return std::distance(fs::directory_iterator(folder / "out"), {}); };
  ASSERT_TRUE(wait_until([&] { return segments() == 2; })) << read_file(folder / "log");
  set_clock(folder, end_of_summer - 3600 - now);  // an hour back
  ASSERT_TRUE(wait_until([&] { return segments() == 3; })) << read_file(folder / "log");
  set_clock(folder, end_of_summer + 86'400 * 365 - now);  // a year ahead
  EXPECT_EQ(program.wait(), 0) << read_file(folder / "log");

  std::map<std::int64_t, double> times;
  std::set<std::string> days;
  for (const auto& entry : fs::directory_iterator(folder / "out")) {
    days.insert(entry.path().filename().string().substr(0, 17));
    for (const auto& line : parse_lines(read_file(entry.path())))
      EXPECT_TRUE(times.emplace(line.at("index"), line.at("time")).second) << "no frame is written twice";
  }
  EXPECT_EQ(days, (std::set<std::string>{"street-20261025T0", "street-20271025T0"}));
  ASSERT_EQ(times.size(), 35U);
  for (std::int64_t i = 1; i < 35; ++i) EXPECT_NEAR(times.at(i) - times.at(i - 1), 0.1, 1e-6);
}

}  // namespace
}  // namespace onepass::test
