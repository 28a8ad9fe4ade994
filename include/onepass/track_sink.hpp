// Writes tracks to result files, an annotated video or a window. (Events and the web page have their own headers.)
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "onepass/counting.hpp"
#include "onepass/frame_source.hpp"
#include "onepass/overwrite.hpp"
#include "onepass/types.hpp"

namespace onepass {

/// Information about the stream that a sink needs before the first frame.
struct StreamInfo {
  SourceInfo source;
  std::vector<std::string> class_names;
  Counting counting{};
};

/// Returns the counter that the sinks of the stream share or, if there is none, a new one.
std::shared_ptr<StreamCounter> counter_of(const StreamInfo& stream);

/// Returns the stream with a counter that its sinks share, so that every frame is counted once.
StreamInfo counted_once(StreamInfo stream);

class TrackSink {
 public:
  virtual ~TrackSink() = default;

  /// Writes the tracks of a frame, which are sorted by id. Called for every frame, even if it has no tracks.
  virtual void write(const Frame& frame, std::span<const Track> tracks) = 0;

  /// Called once when a live stream has delivered no frame for longer than the tracker's max age, so that all its
  /// tracks count as ended. When the stream comes back, write() is called again. `now` has the current times and no
  /// image.
  virtual void idle(const Frame& /*now*/) {}

  /// Completes the output and gives a file its final name. Do not call write() afterwards.
  /// A sink that is destroyed without close() completes its output but cannot report errors; if write() was never
  /// called, it leaves no file.
  virtual void close() = 0;

  /// Returns true once the user asked to stop through the sink itself, for example by closing its window.
  virtual bool wants_stop() const { return false; }
};

using Sinks = std::vector<std::unique_ptr<TrackSink>>;

/// Closes every sink, even if closing one of them fails.
/// @throws the first error, after all sinks were closed.
void close_all(Sinks& sinks);

// File sinks write to "<path>.part" ("<stem>.part.<extension>" for a video) and rename the part file on close(), unless
// they append. Making the sink throws std::runtime_error naming the path if the file cannot be written or its folder
// does not exist, and SettingError "overwrite" if the file exists and is refused. If the disk fills up, write() or
// close() throws; the part file keeps the data written so far.

/// MOTChallenge rows: frame,id,left,top,width,height,score,-1,-1,-1 (frames from 1).
std::unique_ptr<TrackSink> make_mot_sink(const std::filesystem::path& path, Overwrite overwrite);

/// One JSON object per frame, on one line, even if there are no tracks; the path "-" is standard output:
/// {"index": 0, "time": 0.0, "source": "street", "tracks": [{"id": 1, "class": 0, "class_name": "person",
/// "box": [left, top, width, height], "score": 0.91, "origin": "detected", "state": "confirmed"}]}
/// "index" counts from 0 as in Frame, "time" is in seconds, "class_name" is null if the class has no name. A live
/// stream adds the capture time, "wall": "2026-11-21T07:45:00.123Z"; its "source" is the name of the camera. A frame
/// with damaged parts, which the decoder has replaced, adds "concealed": true before its tracks. Every line is flushed
/// at once, so that the reader of a pipe gets it; write() throws if the reader has closed the pipe. With a ground,
/// tracks have "position_m": [x, y], "speed_mps", "distance_m" and "nearest_m" (see GroundMotion; null if they are the
/// only one).
std::unique_ptr<TrackSink> make_jsonl_sink(const std::filesystem::path& path, Overwrite overwrite,
                                           const StreamInfo& stream);

/// A video of the frames with boxes, ids, classes and fading trails, as .mp4, .m4v, .mov, .mkv (H.264) or .avi
/// (MPEG-4). Every frame has its own time, and the video the size of the first frame; frames of another size are fitted
/// into it. The part file can be played even if the program is killed: without its last second for a live stream, or
/// the last two for a file. In the video of a live stream, outages are shortened to a second. A class whose name no
/// font of the system can draw is shown as "class N".
/// write() throws for a frame without image; close() throws, and leaves no file, if there was no frame at all.
/// @throws std::invalid_argument for another extension, and for Overwrite::append.
std::unique_ptr<TrackSink> make_video_sink(const std::filesystem::path& path, Overwrite overwrite,
                                           const StreamInfo& stream);

/// A PNG picture of where the objects stood, for how long: the first frame, and on it colors from blue to red. The part
/// file is replaced every two seconds, or in at most 2 % of the time if that takes longer.
std::unique_ptr<TrackSink> make_heatmap_sink(const std::filesystem::path& path, Overwrite overwrite,
                                             const StreamInfo& stream);

/// Receives whole lines, each with its newline.
using LineWriter = std::function<void(const std::string& lines)>;

/// The first line of a table of counts; docs/counting.md explains its columns.
std::string counts_header();

/// Where a table of counts goes.
struct CountsOutput {
  LineWriter write;  ///< gets the rows of every interval that has ended

  /// Holds the rows of the open interval while the sink exists, replaced every two seconds, so that a crash loses no
  /// more; empty: no such file. A failure to write it does not end the run; close() reports it.
  std::filesystem::path open_interval{};

  std::function<void()> on_close = [] {};  ///< called once when the sink is closed, after the rows of the last interval
};

/// A table of what was counted, as CSV: at the end of every interval one row per zone, without the header. Intervals
/// begin at multiples of their length: of the stream's time or, if it is live, of UTC. An interval in which no frame
/// came has no rows.
std::unique_ptr<TrackSink> make_counts_sink(const StreamInfo& stream, double interval_s, CountsOutput output);

/// The same, to a file with the header; the rows of the open interval are in "<path>.current".
std::unique_ptr<TrackSink> make_counts_file_sink(const std::filesystem::path& path, Overwrite overwrite,
                                                 const StreamInfo& stream, double interval_s);

/// The same annotated frames in a window; q, Escape or closing the window asks to stop.
/// @throws std::runtime_error if there is no display.
std::unique_ptr<TrackSink> make_window_sink(const StreamInfo& stream);

}  // namespace onepass
