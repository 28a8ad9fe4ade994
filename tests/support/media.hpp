// Makes tiny images and videos whose gray value encodes the frame number.
#pragma once

#include <cmath>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/videoio.hpp>

#include "onepass/frame_source.hpp"

namespace onepass::test {

constexpr int gray_of_first = 20;
constexpr int gray_step = 6;

/// The picture of frame `number`, which number_of() recognizes after lossy coding too; for numbers up to 35.
inline cv::Mat numbered_image(int number, cv::Size size = {64, 48}) {
  return {size, CV_8UC3, cv::Scalar::all(gray_of_first + gray_step * number)};
}

inline int number_of(const cv::Mat& image) {
  const auto mean = cv::mean(image);
  return static_cast<int>(std::lround(((mean[0] + mean[1] + mean[2]) / 3 - gray_of_first) / gray_step));
}

inline void write_image(const std::filesystem::path& path, const cv::Mat& image) {
  std::filesystem::create_directories(path.parent_path());
  if (!cv::imwrite(path.string(), image)) throw std::runtime_error("cannot write " + path.string());
}

/// A video of `count` numbered images.
inline std::filesystem::path write_video(const std::filesystem::path& path, int count, double frame_rate,
                                         const char (&codec)[5] = "MJPG") {
  const int code = cv::VideoWriter::fourcc(codec[0], codec[1], codec[2], codec[3]);
  cv::VideoWriter writer(path.string(), cv::CAP_FFMPEG, code, frame_rate, {64, 48});
  if (!writer.isOpened()) throw std::runtime_error("cannot write " + path.string());
  for (int number = 0; number < count; ++number) writer.write(numbered_image(number));
  return path;
}

/// All remaining frames of the source.
inline std::vector<Frame> read_all(FrameSource& source) {
  std::vector<Frame> frames;
  while (auto frame = source.next()) frames.push_back(std::move(*frame));
  return frames;
}

inline std::vector<std::int64_t> indices_of(const std::vector<Frame>& frames) {
  std::vector<std::int64_t> indices;
  for (const auto& frame : frames) indices.push_back(frame.index);
  return indices;
}

/// Frame numbers that the pictures encode.
inline std::vector<int> numbers_of(const std::vector<Frame>& frames) {
  std::vector<int> numbers;
  for (const auto& frame : frames) numbers.push_back(number_of(frame.image));
  return numbers;
}

/// Options that keep the warnings in `warnings`.
inline SourceOptions collecting(std::vector<std::string>& warnings) {
  SourceOptions options;
  options.warn = [&warnings](const std::string& line) { warnings.push_back(line); };
  return options;
}

}  // namespace onepass::test
