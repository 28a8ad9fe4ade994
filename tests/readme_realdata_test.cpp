// Every command of the README, run as it stands there.
#include <cstdlib>
#include <sstream>

#include <gtest/gtest.h>
#include <opencv2/videoio.hpp>

#include "support/data.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::test {
namespace {

namespace fs = std::filesystem;

/// The lines of the README's sh blocks that call the program; the scripts in tools/ are what runs this test.
std::vector<std::string> readme_commands() {
  std::vector<std::string> commands;
  std::istringstream lines(read_file(fs::path(ONEPASS_SOURCE_DIR) / "README.md"));
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("```")) {
      inside = line == "```sh";
    } else if (inside && line.starts_with("build/release/onepass ")) {
      commands.push_back(line);
    } else if (inside) {
      EXPECT_TRUE(line.starts_with("bash tools/")) << "a command that nothing runs: " << line;
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

TEST(Readme, EveryCommandWorks) {
  ONEPASS_REAL_DATA(data);
  const TemporaryFolder folder;
  fs::create_directories(folder / "build/release");
  fs::create_symlink(ONEPASS_PROGRAM, folder / "build/release/onepass");
  fs::create_symlink(fs::path(ONEPASS_SOURCE_DIR) / "configs", folder / "configs");
  copy_first_frames(data / "videos/people-walking.mp4", folder / "street.mp4", 40);
  fs::create_symlink(fs::absolute(data / "models/yolov8n.pt"), folder / "yolov8n.pt");
  fs::create_symlink(fs::absolute(data / "mot17-valhalf"), folder / "MOT17");
  const auto commands = readme_commands();
  EXPECT_GE(commands.size(), 6U);
  for (const auto& command : commands) {
    const auto log = (folder / "log").string();
    const auto line = "cd '" + folder.path().string() + "' && " + command + " >'" + log + "' 2>&1 </dev/null";
    EXPECT_EQ(std::system(line.c_str()), 0) << command << "\n" << read_file(log);
  }
  EXPECT_GT(fs::file_size(folder / "street-tracks.mp4"), 10'000U);
  EXPECT_GT(fs::file_size(folder / "street.txt"), 100U);
}

}  // namespace
}  // namespace onepass::test
