// Makes and examines videos with the programs of FFmpeg, which are independent of our use of its libraries.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "support/child_process.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::test {

/// Runs a program and returns what it prints.
/// @throws std::runtime_error with its output if it fails.
inline std::string output_of(const std::vector<std::string>& command) {
  const TemporaryFolder folder;
  ChildProcess program(command, folder / "log");
  if (program.wait() != 0) throw std::runtime_error(command.front() + ": " + read_file(folder / "log"));
  return read_file(folder / "log");
}

inline void ffmpeg(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"/usr/bin/ffmpeg", "-nostdin", "-v", "error", "-y"});
  output_of(arguments);
}

/// Returns one entry of a video, such as "stream=width".
inline std::string ffprobe(const std::filesystem::path& video, const std::string& entry) {
  auto text = output_of({"/usr/bin/ffprobe", "-v", "error", "-count_frames", "-select_streams", "v:0", "-show_entries",
                         entry, "-of", "csv=p=0", video});
  while (text.ends_with('\n') || text.ends_with(',')) text.pop_back();
  return text;
}

/// Returns the first frame of a video or an image as FFmpeg shows it: turned upright, in BGR.
inline cv::Mat shown_by_ffmpeg(const std::filesystem::path& video, cv::Size size) {
  const TemporaryFolder folder;
  ffmpeg({"-i", video, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "bgr24", folder / "raw"});
  const auto bytes = read_file(folder / "raw");
  if (bytes.size() != static_cast<std::size_t>(size.area()) * 3) throw std::runtime_error("another size than expected");
  return cv::Mat(size, CV_8UC3, const_cast<char*>(bytes.data())).clone();
}

}  // namespace onepass::test
