// Encodes images into a video file in which every image has its own time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include <opencv2/core/mat.hpp>

namespace onepass::sink {

struct VideoFormat {
  cv::Size size;           ///< of every image; an odd last row or column is not stored
  double frame_rate = 30;  ///< nominal rate in frames per second
  bool live = false;       ///< images are written at once, instead of up to a second and a half later in a smaller file
};

/// Whether videos can be written to a file of this name: .mp4, .m4v, .mov, .mkv (H.264) or .avi (MPEG-4). AVI has no
/// times: there, images take turns at the nominal rate, and images beyond that rate are left out.
bool is_video_name(const std::filesystem::path& path);

/// Writes the file so that it can be played up to its last second or two even if the program is killed. An MP4 file is
/// therefore in fragments; copy_with_index() gives it one index.
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

/// Whether VideoWriter writes a file of this name in fragments: .mp4, .m4v and .mov.
bool is_fragmented(const std::filesystem::path& path);

/// Copies the video of a fragmented file, without decoding it, to a file with one index, which editors and some players
/// need.
/// @param frame_rate nominal rate in frames per second; it is the duration of the last frame
/// @throws std::runtime_error without the path if a file cannot be read or written.
void copy_with_index(const std::filesystem::path& fragmented, const std::filesystem::path& indexed, double frame_rate);

}  // namespace onepass::sink
