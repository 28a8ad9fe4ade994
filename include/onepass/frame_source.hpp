// Where frames come from: a video file, a folder of images, a MOTChallenge sequence, a camera or a URL.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "onepass/types.hpp"

namespace onepass {

/// Receives one line about something that went wrong but did not end the run.
using WarningHandler = std::function<void(const std::string& line)>;

struct SourceInfo {
  std::string name;                         ///< for messages and output names, e.g. "street" for street.mp4
  double frame_rate = 30;                   ///< nominal rate of the source in frames per second, > 0; without stride
  cv::Size size;                            ///< of the first frame; empty if not known before it is read
  std::optional<std::int64_t> frame_count;  ///< of the source, skipped ones too; as announced, may be off by a few
  int stride = 1;                           ///< only every stride-th frame is delivered
  bool live = false;                        ///< a camera or a network stream
};

class FrameSource {
 public:
  virtual ~FrameSource() = default;

  virtual const SourceInfo& info() const = 0;

  /// The next frame, or nullopt at the end of the stream. Index and time strictly increase. run() calls this from a
  /// thread of its own while earlier frames are in use: each must have an image of its own.
  /// @throws std::runtime_error once everything that can be decoded has been delivered, where a video file ends clearly
  ///         before the frames that its container announces.
  virtual std::optional<Frame> next() = 0;
};

struct SourceOptions {
  int stride = 1;           ///< deliver every stride-th frame (>= 1); indices and times stay those of the source
  bool load_images = true;  ///< false: a MOTChallenge sequence is walked by its seqinfo.ini alone
  WarningHandler warn = [](const std::string&) {};  ///< told of unreadable or missing images
};

/// Opens a video file, an image folder (natural order), a MOTChallenge sequence folder (it has a
/// seqinfo.ini), a camera (a decimal index) or a URL.
/// @throws std::runtime_error naming the source and what is wrong with it; the same goes for next(), where a folder
///         turns out to have no readable image at all.
std::unique_ptr<FrameSource> open_source(const std::string& location, const SourceOptions& options = {});

/// The name that open_source gives such a source, without opening it.
/// @throws std::runtime_error where there is no such file or folder.
std::string source_name(const std::string& location);

}  // namespace onepass
