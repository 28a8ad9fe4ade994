// Track sinks that write for other tools: files in their formats, and pictures of the tracked objects.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "onepass/overwrite.hpp"
#include "onepass/track_sink.hpp"

namespace onepass {

/// Boxes, ids, classes and scores in the format of another tool, such as "coco", "cvat", "label-studio" or
/// "kitti"; docs/formats.md lists them with what each keeps. Formats of one document (coco, cvat, label-studio,
/// scalabel) are written by close(), and need memory for all rows until then; "<path>.part.jsonl" has them as JSON
/// Lines until close() has succeeded, so that a crash or a full disk loses nothing. A failure to write it does not end
/// the run: the rows end there, and close() reports it. For "yolo" the path is a folder.
/// @throws SettingError "overwrite" if the file, or the rows of an incomplete run, exist and may not be replaced. Such
/// rows are replaced by the first frame.
/// @throws std::invalid_argument listing the formats for an unknown one.
std::unique_ptr<TrackSink> make_tracks_sink(const std::filesystem::path& path, Overwrite overwrite,
                                            const StreamInfo& stream, const std::string& format);

enum class CropChoice {
  best,  ///< the best view of every identity
  all    ///< every detected box
};

/// Pictures of the tracked objects: a folder with "id000017_frame000042.jpg" (frames from 1, the box with a margin),
/// and crops.csv, which lists them: file,frame,id,class,class_name,left,top,width,height,score,quality (in pixels; the
/// quality is the score, times the visible height, times the shares inside the frame and not covered by others). Until
/// close(), "crops.csv.part" lists the pictures of up to two seconds before (CropChoice::all: all of them); a picture
/// is removed when the list names a better one, so that a crash leaves every listed picture. write() throws for a frame
/// without image.
/// @throws SettingError "overwrite" if the folder has pictures or a crops.csv and they must not be overwritten.
std::unique_ptr<TrackSink> make_crops_sink(const std::filesystem::path& folder, Overwrite overwrite,
                                           const StreamInfo& stream, CropChoice choice);

}  // namespace onepass
