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
/// Lines while the sink exists, so that a crash loses nothing. For "yolo" the path is a folder.
/// @throws std::invalid_argument listing the formats for an unknown one.
std::unique_ptr<TrackSink> make_tracks_sink(const std::filesystem::path& path, Overwrite overwrite,
                                            const StreamInfo& stream, const std::string& format);

enum class CropChoice {
  best,  ///< the best view of every identity
  all    ///< every detected box
};

/// Pictures of the tracked objects: a folder with "id000017_frame000042.jpg" (frames from 1, the box with a margin),
/// and crops.csv, which lists them: file,frame,id,class,class_name,left,top,width,height,score,quality (in pixels; the
/// quality is the score, times the visible height, times the shares inside the frame and not covered by others). A
/// better view replaces the earlier one at once, so that a crash leaves pictures; "crops.csv.part" then lists those of
/// up to two seconds before (CropChoice::all: all of them). write() throws for a frame without image.
/// @throws SettingError "overwrite" if the folder has pictures or a crops.csv and they must not be overwritten.
std::unique_ptr<TrackSink> make_crops_sink(const std::filesystem::path& folder, Overwrite overwrite,
                                           const StreamInfo& stream, CropChoice choice);

}  // namespace onepass
