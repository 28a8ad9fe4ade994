// Every command gives the same bytes for every number of threads, on one core or all, and beside other processes.
#include <sched.h>

#include <map>
#include <regex>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

#include "core/processor.hpp"
#include "support/child_process.hpp"
#include "support/crossing_scene.hpp"
#include "support/environment.hpp"
#include "support/ffmpeg.hpp"
#include "support/matplotlib.hpp"
#include "support/media.hpp"
#include "support/needs_models.hpp"
#include "support/optuna.hpp"
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

/// Runs a command while another process uses the same core.
constexpr const char* neighbor = R"(while :; do :; done & neighbor=$!; "$@"; code=$?; kill "$neighbor"; exit "$code")";

std::vector<Surroundings> all_surroundings() {
  return {{"one thread", "1"},
          {"two threads", "2"},
          {"four threads", "4"},
          {"four threads on one core at low priority, beside a noisy neighbor",
           "4",
           {"/usr/bin/nice", "-n", "5", "/usr/bin/taskset", "-c", first_core(), "/bin/bash", "-c", neighbor, "bash"}}};
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
    const auto file = entry.path().filename().string();  // a manifest also has the seconds that the run took
    const bool names_the_command = file == "run.json" || file.ends_with(".manifest.json");
    if (!entry.is_regular_file() || names_the_command) continue;
    auto content = read_file(entry.path());
    for (auto at = content.find(out); at != std::string::npos; at = content.find(out, at))
      content.replace(at, out.size(), "OUT");  // a command may print the paths of its outputs
    content = std::regex_replace(content, std::regex("(^|\n) *threads: [0-9]+\n"), "\n");  // in a saved configuration
    content = std::regex_replace(content, std::regex("--jobs [0-9]+"), "");  // in a report, which names its command
    content = std::regex_replace(content, std::regex("\"[a-z_]*ms(_per_frame)?\": ?[0-9.e+-]+"), "");  // measured times
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
      if (name == "stdout" && std::ranges::count(files, name) == 0) continue;  // it may have a table with times
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

TEST(Determinism, OfExplainingAndConverting) {
  const TemporaryFolder folder;
  const auto sequence = write_crossing_benchmark(folder, {"MOT17-91"}) / "MOT17-91";
  const auto tracked = run_onepass({"track", "--source", sequence, "--detections", sequence / "det/det.txt",
                                    "--save-mot", folder / "a.txt", "--explain", folder / "x.jsonl"});
  ASSERT_EQ(tracked.exit_code, 0) << tracked.err;
  expect_same_bytes({"explain", folder / "x.jsonl", "--truth", sequence / "gt/gt.txt", "--tracks", folder / "a.txt"},
                    {"stdout"});
  expect_same_bytes({"convert", folder / "a.txt", "OUT/a.xml", "--to", "cvat", "--size", "640x480"}, {"a.xml"});
}

TEST(Determinism, OfPieces) {
  const TemporaryFolder folder;
  const auto film = write_film(folder);
  const auto sequence = write_crossing(folder, 30);
  const Arguments command = {"track",   "--source", film,        "--detections", sequence / "det/det.txt",
                             "--split", "1s",       "--overlap", "0.5s",         "--jobs",
                             "THREADS"};
  expect_same_bytes(command + Arguments{"--save-mot", "OUT/", "--save-jsonl", "OUT/"}, {"a.txt", "a.jsonl"});
  ASSERT_EQ(run_onepass({"track", "--source", film, "--detections", sequence / "det/det.txt", "--split", "1s",
                         "--overlap", "0.5s", "--shard", "1/1", "--save-mot", folder / "p/"})
                .exit_code,
            0);
  expect_same_bytes({"stitch", folder / "p/a.pieces", "--save-mot", "OUT/a.txt"}, {"a.txt"});
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

TEST(Determinism, OfTuning) {
  const auto python = python_with_optuna();
  if (python.empty()) GTEST_SKIP() << "no Optuna: run tools/setup.sh";
  const Environment interpreter("ONEPASS_PYTHON", python);
  const TemporaryFolder folder;
  const auto data = write_crossing_benchmark(folder, {"MOT17-91", "MOT17-92", "MOT17-93"});
  expect_same_bytes({"tune", "--data", data, "--detections", "public", "--out", "OUT/t", "--trials", "4", "--jobs",
                     "THREADS", "--parameters", "tracker.birth_score=0.3..0.95"},
                    {"t/report.json", "t/trials.jsonl", "t/tuned.yaml"});
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

TEST(Determinism, OfTrackingInBf16) {
  NEEDS_MODELS();
  if (bf16_support() != Bf16Support::native) GTEST_SKIP() << "this processor does not compute in bf16";
  const TemporaryFolder folder;
  expect_same_bytes(
      with_model("track") + Arguments{"--tracker.birth_score", "0.001", "--tracker.confirm_score_sum", "0", "--source",
                                      write_film(folder), "--precision", "bf16", "--save-jsonl", "OUT/a.jsonl"},
      {"a.jsonl"});
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

/// Thresholds with which the tracker shows what random weights detect.
const Arguments eager = {"--tracker.birth_score", "0.001", "--tracker.confirm_score_sum", "0"};

/// A MOTChallenge sequence whose ground truth is what the model tracks in it.
fs::path write_sequence(const TemporaryFolder& folder) {
  const auto sequence = folder / "seq";
  for (int i = 0; i < 30; ++i) write_image(sequence / fmt::format("img1/{:06}.png", i + 1), picture(i));
  folder.write("seq/seqinfo.ini",
               "[Sequence]\nname=seq\nimDir=img1\nframeRate=10\nseqLength=30\nimWidth=160\nimHeight=96\nimExt=.png\n");
  auto command = with_model("track") + eager + Arguments{"--source", sequence, "--save-mot", folder / "tracks.txt"};
  std::ranges::replace(command, "THREADS", "1");
  const auto tracked = run_onepass(command);
  EXPECT_EQ(tracked.exit_code, 0) << tracked.err;
  const std::regex score_and_rest("(([^,]+,){6}).*");
  std::istringstream rows(read_file(folder / "tracks.txt"));
  std::string truth;
  for (std::string row; std::getline(rows, row);) truth += std::regex_replace(row, score_and_rest, "$011,1,1\n");
  folder.write("seq/gt/gt.txt", truth);
  return sequence;
}

TEST(Determinism, OfMeasuringEmbeddings) {
  NEEDS_MODELS();
  const TemporaryFolder folder;
  const auto sequence = write_sequence(folder);
  const Arguments classes = {"--classes", "0,1,2"};
  expect_same_bytes(with_model("reid-eval") + classes +
                        Arguments{"--data", sequence, "--gaps", "1,5", "--method", "table", "--method",
                                  "layers=2 stripes=4", "--json", "OUT/scores.json"},
                    {"scores.json"});
  const Arguments dedicated = {"--reid", ONEPASS_TEST_DATA "/pooled_crop.onnx"};
  for (const auto& source : {sequence, sequence / "img1/000001.png"}) {  // the picture of --picture shows times
    expect_same_bytes(with_model("compare") + classes + dedicated + Arguments{"--source", source, "--json"},
                      {"stdout"});
  }
}

TEST(Determinism, OfDrawingEmbeddings) {
  NEEDS_MODELS();
  if (!has_matplotlib()) GTEST_SKIP() << "needs python3-sklearn and python3-matplotlib";
  const TemporaryFolder folder;
  auto command = with_model("embed") + Arguments{"--source", write_pictures(folder), "--out", folder / "e"};
  std::ranges::replace(command, "THREADS", "1");
  ASSERT_EQ(run_onepass(command).exit_code, 0);
  expect_same_bytes({"tsne", folder / "e", "--out", "OUT/a.png"}, {"a.png"});
}

TEST(Determinism, OfQuantization) {
  if (!ONEPASS_TEST_OPENVINO) GTEST_SKIP() << "only OpenVINO quantizes";
  const TemporaryFolder folder;
  auto command = with_model("quantize");
  command.erase(std::ranges::find(command, "--conf"), std::ranges::find(command, "--detector.threads"));
  expect_same_bytes(command + Arguments{"--source", write_pictures(folder), "--out", "OUT/q.yaml"}, {"q.yaml"});
}

TEST(Determinism, OfCameraMotionFromImages) {
  const TemporaryFolder folder;
  const auto film = write_film(folder);
  const auto sequence = write_crossing(folder, 30);
  for (const std::string motion : {"flow", "ecc"}) {
    expect_same_bytes({"track", "--source", film, "--detections", sequence / "det/det.txt", "--tracker.camera_motion",
                       motion, "--save-jsonl", "-", "--save-video", "OUT/a.mp4"},
                      {"stdout", "a.mp4"});
  }
}

}  // namespace
}  // namespace onepass::test
