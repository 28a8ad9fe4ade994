// Where tracks go: result files, an annotated video, a window. (Events and the web page: see their own headers.)
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "onepass/frame_source.hpp"
#include "onepass/types.hpp"

namespace onepass {

/// What a sink needs to know of the stream before its first frame.
struct StreamInfo {
  SourceInfo source;
  std::vector<std::string> class_names;
};

class TrackSink {
 public:
  virtual ~TrackSink() = default;

  /// The tracks shown in this frame, in order of id. Called for every frame, also where there are none.
  virtual void write(const Frame& frame, std::span<const Track> tracks) = 0;

  /// A live stream has been silent for longer than identities last, so that nobody in it is seen any more; called once,
  /// then write() when it comes back. `now` has the times of the moment, and no image.
  virtual void idle(const Frame& /*now*/) {}

  /// Completes the output and gives a file its final name. Nothing is written after it.
  /// A sink destroyed without close() completes what it has, and leaves nothing where it was never written to; only
  /// its errors are lost.
  virtual void close() = 0;

  /// True once the user asked to stop through the sink itself, such as by closing a window.
  virtual bool wants_stop() const { return false; }
};

using Sinks = std::vector<std::unique_ptr<TrackSink>>;

/// Closes every sink, also after one of them has failed.
/// @throws the first error, at the end.
void close_all(Sinks& sinks);

/// File sinks write to "<path>.part" ("<stem>.part.<extension>" for a video) and rename on close(). `overwrite` says
/// what happens to an existing file. A file that is refused or cannot be written, and a folder that does not exist, are
/// std::runtime_errors naming the path when the sink is made; a disk that fills up is one from write() or close(), and
/// what was written then stays in the part file. append: a text output is written under its own name from the start and
/// continues what is there, as log files do.
enum class Overwrite { refuse, replace, append };

/// MOTChallenge rows: frame,id,left,top,width,height,score,-1,-1,-1 (frames from 1).
std::unique_ptr<TrackSink> make_mot_sink(const std::filesystem::path& path, Overwrite overwrite);

/// One JSON object per frame, on one line, also where there are no tracks; the path "-" is standard output:
/// {"index": 0, "time": 0.0, "source": "street", "tracks": [{"id": 1, "class": 0, "class_name": "person",
/// "box": [left, top, width, height], "score": 0.91, "origin": "detected", "state": "confirmed"}]}
/// "index" counts from 0 as in Frame, "time" is in seconds, "class_name" is null where the class has no name. A live
/// stream adds "wall": "2026-11-21T07:45:00.123Z", when the frame was captured; "source" is the camera's name. Every
/// line is handed on at once, so that a pipe sees it; a pipe closed by its reader is an error from write().
std::unique_ptr<TrackSink> make_jsonl_sink(const std::filesystem::path& path, Overwrite overwrite,
                                           const StreamInfo& stream);

/// The frames with boxes, ids, classes and fading trails, as .mp4, .m4v, .mov, .mkv (H.264) or .avi (MPEG-4), at the
/// rate of the delivered frames, in the size of the first one; others are fitted into it. That of a live stream plays
/// at 15 frames per second and as fast as it was seen, but for outages, which are shortened to a second. write() throws
/// for a frame without image; close() does if there was no frame at all, and leaves no file then.
std::unique_ptr<TrackSink> make_video_sink(const std::filesystem::path& path, Overwrite overwrite,
                                           const StreamInfo& stream);

/// The same picture in a window; q, Escape or closing it asks to stop.
/// @throws std::runtime_error if there is no display.
std::unique_ptr<TrackSink> make_window_sink(const StreamInfo& stream);

}  // namespace onepass
