// What remains of the outputs after a fault: at most the last two seconds are lost. Prints the table of
// docs/security.md.
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cmath>
#include <csignal>
#include <cstdio>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>

#include "support/broker.hpp"
#include "support/child_process.hpp"
#include "support/ffmpeg.hpp"
#include "support/needs_models.hpp"
#include "support/run_program.hpp"
#include "support/temporary_folder.hpp"
#include "support/wait_until.hpp"

namespace onepass::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr int frame_count = 100;
constexpr int frame_rate = 25;
constexpr int most_lost = 2 * frame_rate;

/// A video in which one person stands still, and the detections.
struct Film {
  explicit Film(const TemporaryFolder& folder) : video(folder / "film.mp4") {
    ffmpeg({"-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25:duration=4", "-vf", "noise=alls=40", "-c:v", "libx264",
            video});
    std::string rows;
    for (int frame = 1; frame <= frame_count; ++frame) rows += fmt::format("{},-1,50,60,40,80,0.9,-1,-1,-1\n", frame);
    detections = folder.write("det.txt", rows);
  }
  fs::path video;
  fs::path detections;
};

/// Tracks the film with every output that needs no model, into `out`.
std::vector<std::string> track(const Film& film, const fs::path& out, const fs::path& jsonl, const std::string& video) {
  return {
      "track",        "--source",         film.video, "--detections",  film.detections, "--save-mot",    out / "a.txt",
      "--save-video", out / video,        "--events", out / "e.jsonl", "--explain",     out / "x.jsonl", "--save-jsonl",
      jsonl.string(), "--event-interval", "0",        "--overwrite"};
}

/// Reading end of a pipe that holds about one page, so that the program cannot run ahead.
class Pipe {
 public:
  explicit Pipe(const fs::path& path) : path_(path) {
    if (::mkfifo(path.c_str(), 0600) != 0) throw std::runtime_error("cannot make a pipe");
  }
  ~Pipe() {
    if (file_) std::fclose(file_);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  /// Reads one line; false at the end.
  bool read() {
    if (!file_) {
      file_ = std::fopen(path_.c_str(), "r");
      ::fcntl(::fileno(file_), F_SETPIPE_SZ, 4096);
      std::setvbuf(file_, nullptr, _IONBF, 0);
    }
    int letter = 0;
    while ((letter = std::fgetc(file_)) != EOF && letter != '\n') {
    }
    return letter != EOF;
  }

 private:
  fs::path path_;
  std::FILE* file_ = nullptr;
};

/// Number of frames with a complete row, which must be the first ones, all of them.
int frames_in_mot(const fs::path& path) {
  std::set<int> frames;
  std::istringstream text(read_file(path));
  for (std::string line; std::getline(text, line) && !text.eof();) frames.insert(std::stoi(line));
  EXPECT_TRUE(frames.empty() || *frames.rbegin() - *frames.begin() + 1 == std::ssize(frames)) << path;
  return frames.empty() ? 0 : *frames.rbegin();
}

/// Number of frames up to the last line of a log of JSON Lines; a line without its end is left out.
int frames_in_log(const fs::path& path) {
  double last = -1;
  std::istringstream text(read_file(path));
  for (std::string line; std::getline(text, line) && !text.eof();)
    last = std::max(last, nlohmann::json::parse(line).at("time").get<double>() * frame_rate);
  return static_cast<int>(std::lround(last)) + 1;
}

/// Number of frames that FFmpeg can decode; it also complains about the last one, which is cut off.
int frames_in_video(const fs::path& path) {
  std::istringstream lines(ffprobe(path, "stream=nb_read_frames"));
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line.find_first_not_of("0123456789") == std::string::npos) return std::stoi(line);
  }
  return 0;
}

void print_row(const std::string& fault, int tracked, const std::string& output, int kept) {
  fmt::print("| {} | {} | {} of {} frames |\n", fault, output, kept, tracked);
}

void expect_kept(const std::string& fault, int tracked, const std::string& output, int kept, int lost) {
  print_row(fault, tracked, output, kept);
  EXPECT_GE(kept, tracked - lost) << fault << ", " << output;
}

TEST(Survival, OfAKill) {
  for (const std::string extension : {".mp4", ".mkv", ".avi"}) {
    const TemporaryFolder folder;
    const Film film(folder);
    fs::create_directory(folder / "out");
    Pipe pipe(folder / "pipe");
    RunningProgram program(track(film, folder / "out", folder / "pipe", "v" + extension));
    constexpr int tracked = 80;
    for (int i = 0; i < tracked; ++i) ASSERT_TRUE(pipe.read()) << program.err();
    program.signal(SIGKILL);
    EXPECT_EQ(program.wait().exit_code, 128 + SIGKILL);
    expect_kept("kill -9", tracked, "MOT text", frames_in_mot(folder / "out/a.txt.part"), 0);
    expect_kept("kill -9", tracked, "events", frames_in_log(folder / "out/e.jsonl.part"), 1);
    expect_kept("kill -9", tracked, "video" + extension, frames_in_video(folder / ("out/v.part" + extension)),
                most_lost);
  }
}

/// Tracks the film, whose person stands in a zone, with the outputs that are complete only at the end, and a broker.
std::vector<std::string> track_to_wholes(const TemporaryFolder& folder, const Film& film, const Broker& broker) {
  const auto out = folder / "out";
  return {"track",
          "--source",
          film.video,
          "--detections",
          film.detections,
          "--save-jsonl",
          folder / "pipe",
          "--save-tracks",
          out / "t.json",
          "--format",
          "label-studio",
          "--save-heatmap",
          out / "h.png",
          "--save-crops",
          out / "crops",
          "--zones",
          folder / "zones",
          "--save-counts",
          out / "c.csv",
          "--mqtt",
          fmt::format("mqtt://127.0.0.1:{}/site", broker.port()),
          "--event-interval",
          "0"};
}

/// Number of frames in a file of tracks that convert makes of the rows that a killed run has left.
int frames_after_conversion(const TemporaryFolder& folder, const fs::path& rows) {
  const auto converted = folder / "converted.json";
  const auto result = run_onepass(
      {"convert", rows, converted, "--to", "label-studio", "--size", "320x240", "--fps", std::to_string(frame_rate)});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(read_file(converted), HasSubstr("\"framesCount\""));
  return nlohmann::json::parse(read_file(converted))
      .at(0)
      .at("predictions")
      .at(0)
      .at("result")
      .at(0)
      .at("value")
      .at("framesCount");
}

/// The last complete column of this name, in frames; 0 if there is no row.
int frames_in_counts(const fs::path& rows) {
  if (!fs::exists(rows)) return 0;  // before the first snapshot
  std::istringstream line(read_file(rows));
  std::string start, end;
  std::getline(line, start, ',');
  std::getline(line, end, ',');
  return end.empty() ? 0 : static_cast<int>(std::lround(std::stod(end) * frame_rate)) + 1;
}

TEST(Survival, OfAKillOfWhatIsCompleteAtTheEnd) {
  const TemporaryFolder folder;
  const Film film(folder);
  fs::create_directory(folder / "out");
  folder.write("zones", "zones:\n  - {name: hall, polygon: [[0, 0], [1, 0], [1, 1], [0, 1]]}\n");
  Pipe pipe(folder / "pipe");
  const Broker broker;
  Subscriber subscriber(broker.port());
  RunningProgram program(track_to_wholes(folder, film, broker));
  const auto counts = folder / "out/c.csv.current";
  // Frames come no faster than those of the film, until the first snapshot has been replaced.
  int tracked = 0;
  for (; tracked < 75 && frames_in_counts(counts) <= 1; ++tracked) {
    ASSERT_TRUE(pipe.read()) << program.err();
    ::poll(nullptr, 0, 1000 / frame_rate);
  }
  EXPECT_GT(frames_in_counts(counts), 1) << "replaced";
  program.signal(SIGKILL);
  EXPECT_EQ(program.wait().exit_code, 128 + SIGKILL);
  expect_kept("kill -9", tracked, "tracks", frames_after_conversion(folder, folder / "out/t.json.part.jsonl"), 0);
  expect_kept("kill -9", tracked, "counts", frames_in_counts(counts), most_lost);
  EXPECT_THAT(read_file(counts), HasSubstr(",film,hall,,,,,1,0,1,")) << "one entry, one object";
  EXPECT_TRUE(wait_until([&] { return subscriber.messages("site/status").size() == 2; })) << "it is offline";
  const auto messages = subscriber.messages("site/film/events");
  ASSERT_FALSE(messages.empty());
  const double last_s = nlohmann::json::parse(messages.back()).at("time");
  expect_kept("kill -9", tracked, "messages", static_cast<int>(std::lround(last_s * frame_rate)) + 1, most_lost);
  const auto heat = cv::imread(folder / "out/h.png.part");
  ASSERT_EQ(heat.size(), cv::Size(320, 240));
  std::istringstream crops(read_file(folder / "out/crops/crops.csv.part"));
  std::string header, row;
  std::getline(crops, header);
  std::getline(crops, row);
  EXPECT_TRUE(fs::exists(folder / "out/crops" / row.substr(0, row.find(',')))) << row;
}

TEST(Survival, OfAFullDisk) {
  for (const std::string extension : {".mp4", ".mkv", ".avi"}) {
    const TemporaryFolder folder;
    const Film film(folder);
    fs::create_directory(folder / "out");
    // The limit on the size of a file stands for a full disk: a write beyond it fails in the same way.
    std::vector<std::string> command = {"/bin/bash", "-c", "trap '' XFSZ; ulimit -f 180; exec \"$@\"", "bash",
                                        ONEPASS_PROGRAM};
    const auto arguments = track(film, folder / "out", folder / "j.jsonl", "v" + extension);
    command.insert(command.end(), arguments.begin(), arguments.end());
    ChildProcess program(command, folder / "log");
    EXPECT_EQ(program.wait(), 1);
    EXPECT_THAT(read_file(folder / "log"), HasSubstr("out/v" + extension + ": could not be completed ("));
    const int tracked = frames_in_log(folder / "j.jsonl");
    ASSERT_LT(tracked, frame_count);
    expect_kept("full disk", tracked, "JSONL", tracked, 0);
    expect_kept("full disk", tracked, "MOT text", frames_in_mot(folder / "out/a.txt"), 0);
    expect_kept("full disk", tracked, "events", frames_in_log(folder / "out/e.jsonl"), 1);
    expect_kept("full disk", tracked, "video" + extension, frames_in_video(folder / ("out/v.part" + extension)),
                most_lost);
  }
}

TEST(Survival, OfARemovedFolder) {
  const TemporaryFolder folder;
  const Film film(folder);
  fs::create_directory(folder / "out");
  Pipe pipe(folder / "pipe");
  RunningProgram program(track(film, folder / "out", folder / "pipe", "v.mp4"));
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(pipe.read()) << program.err();
  fs::remove_all(folder / "out");
  int after = 0;
  while (pipe.read()) ++after;
  const auto result = program.wait();
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("cannot be written: it has been removed"));
  EXPECT_LT(after, most_lost) << "the loss is noticed at once, and the run ends";
}

/// The command with a library that stands for a faulty disk; see support/programs/power_cut.cpp.
std::vector<std::string> on_faulty_disk(const std::string& setting, const std::vector<std::string>& arguments) {
  // The address sanitizer wants to be the first library, unless it is told otherwise.
  std::vector<std::string> command = {"/usr/bin/env", "LD_PRELOAD=" ONEPASS_POWER_CUT, setting,
                                      "ASAN_OPTIONS=verify_asan_link_order=0", ONEPASS_PROGRAM};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

TEST(Survival, OfADiskThatBecomesReadOnly) {
  for (const std::string extension : {".mp4", ".mkv", ".avi"}) {
    const TemporaryFolder folder;
    const Film film(folder);
    fs::create_directory(folder / "out");
    Pipe pipe(folder / "pipe");
    ChildProcess program(on_faulty_disk("ONEPASS_READ_ONLY=" + (folder / "fault").string(),
                                        track(film, folder / "out", folder / "pipe", "v" + extension)),
                         folder / "log");
    constexpr int before = 50;
    for (int i = 0; i < before; ++i) ASSERT_TRUE(pipe.read()) << read_file(folder / "log");
    folder.write("fault", "");
    int after = 0;
    while (pipe.read()) ++after;
    EXPECT_EQ(program.wait(), 1);
    EXPECT_THAT(read_file(folder / "log"), HasSubstr("Read-only file system"));
    EXPECT_LT(after, most_lost) << "the fault is noticed at once, and the run ends";
    expect_kept("read-only", before, "MOT text", frames_in_mot(folder / "out/a.txt.part"), 0);
    expect_kept("read-only", before, "events", frames_in_log(folder / "out/e.jsonl.part"), 1);
    expect_kept("read-only", before, "video" + extension, frames_in_video(folder / ("out/v.part" + extension)),
                most_lost);
  }
}

/// Path of what a power failure is certain to leave of a file.
fs::path on_disk(const TemporaryFolder& folder, const fs::path& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return folder / ("disk/" + std::to_string(status.st_ino));
}

TEST(Survival, OfAPowerFailure) {
  NEEDS_MODELS();
  for (const std::string extension : {".mp4", ".mkv", ".avi"}) {
    const TemporaryFolder folder;
    const Film film(folder);
    for (const auto* name : {"out", "disk"}) fs::create_directory(folder / name);
    const auto out = folder / "out";
    ChildProcess program(on_faulty_disk("ONEPASS_DISK=" + (folder / "disk").string(), {"track",
                                                                                       "--live",
                                                                                       "--live-policy",
                                                                                       "all",
                                                                                       "--source",
                                                                                       film.video,
                                                                                       "--model",
                                                                                       ONEPASS_TEST_DATA "/tiny_v8.pt",
                                                                                       "--imgsz",
                                                                                       "64",
                                                                                       "--conf",
                                                                                       "0.001",
                                                                                       "--max-det",
                                                                                       "3",
                                                                                       "--tracker.birth_score",
                                                                                       "0.001",
                                                                                       "--tracker.confirm_score_sum",
                                                                                       "0",
                                                                                       "--save-mot",
                                                                                       out / "a.txt",
                                                                                       "--save-jsonl",
                                                                                       out / "j.jsonl",
                                                                                       "--save-video",
                                                                                       out / ("v" + extension),
                                                                                       "--events",
                                                                                       out / "e.jsonl",
                                                                                       "--event-interval",
                                                                                       "0"}),
                         folder / "log");
    constexpr int at_least = 80;
    const auto tracked = [&] { return fs::exists(out / "j.jsonl") ? frames_in_log(out / "j.jsonl") : 0; };
    ASSERT_TRUE(wait_until([&] { return tracked() >= at_least; })) << read_file(folder / "log");
    program.signal(SIGKILL);
    EXPECT_EQ(program.wait(), 128 + SIGKILL);
    const int frames = tracked();
    expect_kept("power failure", frames, "JSONL", frames_in_log(on_disk(folder, out / "j.jsonl")), most_lost);
    expect_kept("power failure", frames, "MOT text", frames_in_mot(on_disk(folder, out / "a.txt")), most_lost);
    expect_kept("power failure", frames, "events", frames_in_log(on_disk(folder, out / "e.jsonl")), most_lost);
    expect_kept("power failure", frames, "video" + extension,
                frames_in_video(on_disk(folder, out / ("v.part" + extension))), most_lost);
  }
}

TEST(Survival, CompletedFilesAreOnTheDisk) {
  const TemporaryFolder folder;
  const Film film(folder);
  for (const auto* name : {"out", "disk"}) fs::create_directory(folder / name);
  ChildProcess program(on_faulty_disk("ONEPASS_DISK=" + (folder / "disk").string(),
                                      track(film, folder / "out", folder / "out/j.jsonl", "v.mp4")),
                       folder / "log");
  EXPECT_EQ(program.wait(), 0) << read_file(folder / "log");
  for (const auto* name : {"a.txt", "j.jsonl", "e.jsonl", "x.jsonl", "v.mp4"})
    EXPECT_EQ(read_file(on_disk(folder, folder / "out" / name)), read_file(folder / "out" / name)) << name;
}

}  // namespace
}  // namespace onepass::test
