// Provides frames from a video file, a folder of images, a MOTChallenge sequence, a camera or a URL.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "onepass/types.hpp"
#include "onepass/warning_handler.hpp"

namespace onepass {

struct SourceInfo {
  std::string name;        ///< for messages and output names, e.g. "street" for street.mp4
  double frame_rate = 30;  ///< nominal rate of the source in frames per second, > 0; not divided by stride
  cv::Size size;           ///< size of the first frame; empty if unknown until that frame is read
  std::optional<std::int64_t> frame_count;  ///< frames announced by the source, before stride; may be wrong
  int stride = 1;                           ///< only every stride-th frame is delivered
  bool live = false;                        ///< a camera or a network stream
};

class FrameSource {
 public:
  virtual ~FrameSource() = default;

  virtual const SourceInfo& info() const = 0;

  /// Returns the next frame, or nullopt at the end of the stream. Index and time strictly increase. run() calls this
  /// on a separate thread while earlier frames are still in use, so every frame must own its image.
  /// @throws std::runtime_error if a video file is truncated or cannot be read to its end; all decodable frames are
  ///         delivered first.
  virtual std::optional<Frame> next() = 0;

  /// Returns the errors found so far, which may concern frames that are not delivered yet. Any thread may call this.
  virtual DecodeErrors errors() const { return {}; }
};

struct SourceOptions {
  int stride = 1;               ///< >= 1; every stride-th frame is delivered with its index and time in the source
  std::optional<int> stream{};  ///< number of the video stream of a file or URL, from 0; by default, the film is chosen
  bool load_images = true;      ///< false: a MOTChallenge sequence is read from its seqinfo.ini only, without images
  WarningHandler warn = [](const std::string&) {};  ///< receives warnings about input that is left out or damaged
};

/// Opens a video file, a folder of images (in natural order), a MOTChallenge sequence folder (one with a seqinfo.ini),
/// a camera (a decimal index) or a URL.
/// @throws std::invalid_argument if the location is empty or the stride is below 1.
/// @throws std::runtime_error naming the source and the problem. next() also throws if no image of a folder can be
///         read.
/// @throws SettingError "live" for a GStreamer pipeline, which only a live run can read.
std::unique_ptr<FrameSource> open_source(const std::string& location, const SourceOptions& options = {});

/// Returns the SourceInfo::name that open_source would set, without opening the source.
/// @throws std::runtime_error if the file or folder does not exist.
std::string source_name(const std::string& location);

}  // namespace onepass
