// Encodes images into a video file in which every image has its own time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include <opencv2/core/mat.hpp>

namespace onepass::sink {

struct VideoFormat {
  cv::Size size;                  ///< of every image; an odd last row or column is not stored
  double frame_rate = 30;         ///< nominal rate in frames per second
  bool survives_a_crash = false;  ///< what was written can be played even if the file is never completed
};

/// Whether videos can be written to a file of this name: .mp4, .m4v, .mov, .mkv (H.264) or .avi (MPEG-4). AVI has no
/// times: there, images take turns at the nominal rate, and images beyond that rate are left out.
bool is_video_name(const std::filesystem::path& path);

class VideoWriter {
 public:
  /// @throws std::runtime_error without the path if there is no encoder or the file cannot be created.
  VideoWriter(const std::filesystem::path& path, const VideoFormat& format);
  ~VideoWriter();

  /// @param time_s time of the image in the video; times that do not increase are moved.
  /// @throws std::runtime_error without the path if the file cannot be written.
  void write(const cv::Mat& image, double time_s);

  /// Writes what is still buffered and the index of the file.
  /// @throws std::runtime_error without the path if the file cannot be written.
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace onepass::sink
