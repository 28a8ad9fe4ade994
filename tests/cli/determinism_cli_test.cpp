// Every command gives the same bytes for every number of threads, on one core or all, and at low priority.
#include <sched.h>

#include <map>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

#include "support/child_process.hpp"
#include "support/crossing_scene.hpp"
#include "support/ffmpeg.hpp"
#include "support/media.hpp"
#include "support/needs_models.hpp"
#include "support/run_program.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::test {
namespace {

namespace fs = std::filesystem;
using Arguments = std::vector<std::string>;

const std::string model = ONEPASS_TEST_DATA "/tiny_v8.pt";

Arguments operator+(Arguments arguments, const Arguments& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

/// A way to run a command.
struct Surroundings {
  std::string name;
  std::string threads;
  Arguments before{};  ///< a program that starts the command
};

std::string first_core() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  sched_getaffinity(0, sizeof cores, &cores);
  int core = 0;
  while (core < CPU_SETSIZE && !CPU_ISSET(core, &cores)) ++core;
  return std::to_string(core);
}

std::vector<Surroundings> all_surroundings() {
  return {{"one thread", "1"},
          {"two threads", "2"},
          {"four threads", "4"},
          {"four threads on one core at low priority",
           "4",
           {"/usr/bin/nice", "-n", "19", "/usr/bin/taskset", "-c", first_core()}}};
}

/// What a run leaves: files by name, and its standard output.
using Results = std::map<std::string, std::string>;

/// Runs a command, in whose arguments "OUT" is replaced by a new folder.
Results run(const Arguments& command, const Surroundings& surroundings) {
  const TemporaryFolder folder;
  fs::create_directory(folder / "out");
  const auto out = (folder / "out").string();
  Arguments line =
      surroundings.before + Arguments{"/usr/bin/env", "OMP_NUM_THREADS=" + surroundings.threads, "/bin/bash",
                                      "-c",           R"("$@" >"$0/stdout" 2>"$0/../err")",      out,
                                      ONEPASS_PROGRAM};
  for (auto argument : command) {
    if (argument == "THREADS") argument = surroundings.threads;
    if (argument.starts_with("OUT")) argument = out + argument.substr(3);
    line.push_back(argument);
  }
  ChildProcess program(line, folder / "log");
  EXPECT_EQ(program.wait(), 0) << command.front() << ", " << surroundings.name << ": " << read_file(folder / "err");
  Results results;
  for (const auto& entry : fs::recursive_directory_iterator(out)) {
    const bool names_the_command = entry.path().filename() == "run.json";
    if (!entry.is_regular_file() || names_the_command) continue;
    auto content = read_file(entry.path());
    for (auto at = content.find(out); at != std::string::npos; at = content.find(out, at))
      content.replace(at, out.size(), "OUT");  // a command may print the paths of its outputs
    content = std::regex_replace(content, std::regex("(^|\n) *threads: [0-9]+\n"), "\n");  // in a saved configuration
    results[fs::relative(entry.path(), out)] = content;
  }
  return results;
}

/// Runs the command in all surroundings, and compares what it leaves.
void expect_same_bytes(const Arguments& command, const std::vector<std::string>& files) {
  const auto surroundings = all_surroundings();
  const auto first = run(command, surroundings.front());
  for (const auto& name : files) {
    ASSERT_TRUE(first.contains(name)) << command.front() << " leaves no " << name;
    EXPECT_FALSE(first.at(name).empty()) << name;
  }
  for (std::size_t i = 1; i < surroundings.size(); ++i) {
    const auto other = run(command, surroundings[i]);
    EXPECT_EQ(other.size(), first.size()) << command.front() << ", " << surroundings[i].name;
    for (const auto& [name, content] : first) {
      EXPECT_TRUE(other.contains(name) && other.at(name) == content)
          << command.front() << ", " << surroundings[i].name << ": " << name << " differs";
    }
  }
}

cv::Mat picture(int i) {
  cv::RNG random(7 + i);
  cv::Mat image(96, 160, CV_8UC3);
  random.fill(image, cv::RNG::UNIFORM, 0, 120);
  cv::rectangle(image, cv::Rect(10 + i, 20, 30, 40), cv::Scalar(250, 240, 230), cv::FILLED);
  cv::rectangle(image, cv::Rect(100 - i, 40, 30, 40), cv::Scalar(20, 40, 230), cv::FILLED);
  return image;
}

fs::path write_pictures(const TemporaryFolder& folder) {
  for (int i = 0; i < 30; ++i) write_image(folder / ("door/" + std::to_string(i) + ".png"), picture(i));
  return folder / "door";
}

fs::path write_film(const TemporaryFolder& folder) {
  write_pictures(folder);
  ffmpeg(
      {"-framerate", "10", "-i", folder / "door/%d.png", "-c:v", "libx264", "-pix_fmt", "yuv420p", folder / "a.mp4"});
  return folder / "a.mp4";
}

/// Settings with which random weights detect something.
Arguments with_model(const std::string& command) {
  return {command,  "--model", model, "--imgsz",   "96", "--conf",
          "0.001",  "--iou",   "0.3", "--max-det", "8",  "--detector.threads",
          "THREADS"};
}

TEST(Determinism, OfTrackingGivenDetections) {
  const TemporaryFolder folder;
  const auto film = write_film(folder);
  const auto sequence = write_crossing(folder, 30);
  expect_same_bytes(
      {"track", "--source", film, "--detections", sequence / "det/det.txt", "--save-mot", "OUT/a.txt", "--save-jsonl",
       "-", "--save-video", "OUT/a.mp4", "--events", "OUT/e.jsonl", "--event-crops", "--explain", "OUT/x.jsonl"},
      {"a.txt", "stdout", "a.mp4", "e.jsonl", "x.jsonl"});
  for (const std::string video : {"OUT/a.mkv", "OUT/a.avi"}) {
    expect_same_bytes({"track", "--source", film, "--detections", sequence / "det/det.txt", "--save-video", video},
                      {video.substr(4)});
  }
}

TEST(Determinism, OfScoring) {
  const TemporaryFolder folder;
  const auto data = write_crossing_benchmark(folder, {"MOT17-91", "MOT17-92", "MOT17-93"});
  expect_same_bytes({"benchmark", "--data", data, "--out", "OUT/runs", "--detections", "public", "--jobs", "THREADS"},
                    {"runs/onepass/data/MOT17-91.txt", "runs/onepass/scores.json", "stdout"});
  run_onepass({"benchmark", "--data", data, "--out", folder / "runs", "--detections", "public"});
  expect_same_bytes({"eval", "--gt", data, "--results", folder / "runs/onepass/data", "--json", "OUT/scores.json"},
                    {"stdout", "scores.json"});
  expect_same_bytes({"config"}, {"stdout"});
}

TEST(Determinism, OfTrackingWithAModel) {
  NEEDS_MODELS();
  const TemporaryFolder folder;
  const auto film = write_film(folder);
  const Arguments tracker = {"--tracker.birth_score", "0.001", "--tracker.confirm_score_sum", "0"};
  expect_same_bytes(with_model("track") + tracker +
                        Arguments{"--source", film, "--save-mot", "OUT/a.txt", "--save-jsonl", "OUT/a.jsonl",
                                  "--save-video", "OUT/a.mp4", "--events", "OUT/e.jsonl", "--memory", "OUT/m"},
                    {"a.txt", "a.jsonl", "a.mp4", "e.jsonl", "m"});
}

TEST(Determinism, OfTheLaboratory) {
  NEEDS_MODELS();
  const TemporaryFolder folder;
  const auto pictures = write_pictures(folder);
  expect_same_bytes(with_model("embed") + Arguments{"--source", pictures, "--out", "OUT/e", "--crops"},
                    {"e/detections.csv", "e/embeddings.npy"});
  expect_same_bytes(with_model("visualize") +
                        Arguments{"--source", pictures / "0.png", "--layers", "0,4", "--similarity", "--out", "OUT/v"},
                    {"v/layer4.npy", "v/similarity.png"});
  expect_same_bytes({"inspect", "--model", model, "--json"}, {"stdout"});
  expect_same_bytes(with_model("calibrate") + Arguments{"--tracker.birth_score", "0.001", "--tracker.confirm_score_sum",
                                                        "0", "--source", pictures, "--out", "OUT/c.yaml"},
                    {"c.yaml"});
}

}  // namespace
}  // namespace onepass::test
