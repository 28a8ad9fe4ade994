// Runs every command of README.md and docs as it is written, with the demo model and with stock weights.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <iterator>
#include <sstream>

#include <gtest/gtest.h>
#include <opencv2/videoio.hpp>

#include "support/crossing_scene.hpp"
#include "support/data.hpp"
#include "support/optuna.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::test {
namespace {

namespace fs = std::filesystem;

/// Commands that this test does not run: continuous integration runs the scripts, the named tests run the others.
constexpr std::array elsewhere = {
    "cmake --build --preset release",
    "bash tools/demo.sh",
    "bash tools/test.sh",
    "bash tools/test.sh no-torch",
    "cmake --install build/release --prefix ~/onepass",                        // install_test
    "cd build/release && cpack -G DEB && sudo apt install ./packages/*.deb"};  // package_test

/// The lines of a document's sh blocks that call the program.
std::vector<std::string> commands_of(const fs::path& document) {
  std::vector<std::string> commands;
  std::istringstream lines(read_file(document));
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("```")) {
      inside = line == "```sh";
    } else if (inside && line.starts_with("build/release/onepass ")) {
      const bool needs_openvino = line.find("quantize") != line.npos || line.find("-int8.yaml") != line.npos;
      if (ONEPASS_TEST_OPENVINO || !needs_openvino) commands.push_back(line);
    } else if (inside) {
      EXPECT_EQ(std::ranges::count(elsewhere, line), 1) << document << ": a command that nothing runs: " << line;
    }
  }
  return commands;
}

void copy_first_frames(const fs::path& video, const fs::path& copy, int frames) {
  cv::VideoCapture reader(video.string());
  cv::VideoWriter writer;
  cv::Mat image;
  for (int i = 0; i < frames && reader.read(image); ++i) {
    if (i == 0) writer.open(copy.string(), cv::VideoWriter::fourcc('m', 'p', '4', 'v'), 30, image.size());
    writer.write(image);
  }
}

/// The first block of a document in this language.
std::string block_of(const fs::path& document, const std::string& language) {
  const auto text = read_file(document);
  const auto fence = "```" + language + "\n";
  const auto begin = text.find(fence) + fence.size();
  return text.substr(begin, text.find("```\n", begin) - begin);
}

/// Runs all commands in a folder that contains the files they name: street.mp4, zones.yaml, yolov8n.pt and MOT17. The
/// demo's video and model are other names of street.mp4 and yolov8n.pt.
void expect_commands_work(const TemporaryFolder& folder) {
  fs::create_directories(folder / "build/release");
  fs::create_symlink(ONEPASS_PROGRAM, folder / "build/release/onepass");
  fs::create_symlink(fs::path(ONEPASS_SOURCE_DIR) / "configs", folder / "configs");
  for (const auto* const place : {"build/demo", "data/demo"}) fs::create_directories(folder / place);
  fs::create_symlink(folder / "street.mp4", folder / "build/demo/street.mp4");
  fs::create_symlink(folder / "yolov8n.pt", folder / "data/demo/onepass-demo.pt");
  folder.write("zones.yaml", block_of(fs::path(ONEPASS_SOURCE_DIR) / "README.md", "yaml"));
  auto commands = commands_of(fs::path(ONEPASS_SOURCE_DIR) / "README.md");
  EXPECT_GE(commands.size(), 9U);
  for (const auto& document : fs::directory_iterator(fs::path(ONEPASS_SOURCE_DIR) / "docs")) {
    if (document.is_directory()) continue;
    std::ranges::copy(commands_of(document.path()), std::back_inserter(commands));
  }
  const auto optuna = python_with_optuna();
  for (auto command : commands) {
    const bool tunes = command.find("onepass tune ") != command.npos || command.find("tuned.yaml") != command.npos;
    if (tunes && optuna.empty()) continue;
    if (tunes) command = "ONEPASS_PYTHON='" + optuna + "' " + command;
    const auto log = (folder / "log").string();
    const auto line = "cd '" + folder.path().string() + "' && " + command + " >'" + log + "' 2>&1 </dev/null";
    EXPECT_EQ(std::system(line.c_str()), 0) << command << "\n" << read_file(log);
  }
  EXPECT_GT(fs::file_size(folder / "street-tracks.mp4"), 10'000U);
  EXPECT_GT(fs::file_size(folder / "street.txt"), 100U);
}

TEST(Readme, EveryCommandWorksWithTheDemoModel) {
  const TemporaryFolder folder;
  const auto clip = std::string(ONEPASS_MAKE_SCENE) + " '" + (folder / "scene").string() +
                    "' --frames 40 --fps 25 --size 640x384 --seed 3 --objects 12 --residents 1 --video '" +
                    (folder / "street.mp4").string() + "' >'" + (folder / "log").string() + "' 2>&1";
  ASSERT_EQ(std::system(clip.c_str()), 0) << read_file(folder / "log");
  fs::create_symlink(fs::path(ONEPASS_SOURCE_DIR) / "data/demo/onepass-demo.pt", folder / "yolov8n.pt");
  fs::rename(write_crossing_benchmark(folder, {"MOT17-91", "MOT17-92"}), folder / "MOT17");
  expect_commands_work(folder);
}

TEST(Readme, EveryCommandWorksWithStockWeights) {
  ONEPASS_REAL_DATA(data);
  const TemporaryFolder folder;
  copy_first_frames(data / "videos/people-walking.mp4", folder / "street.mp4", 40);
  fs::create_symlink(fs::absolute(data / "models/yolov8n.pt"), folder / "yolov8n.pt");
  fs::create_symlink(fs::absolute(data / "mot17-valhalf"), folder / "MOT17");
  expect_commands_work(folder);
}

}  // namespace
}  // namespace onepass::test
