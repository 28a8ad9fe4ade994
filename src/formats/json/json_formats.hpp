// Declares the formats of JSON documents.
#pragma once

#include "formats/format.hpp"

namespace onepass::formats {

/// COCO: {"videos", "images", "annotations", "categories"}. An image's frame is frame_index or frame_id (counted from 0
/// if one has 0), otherwise its place among the images of its video. Identities are track_id or instance_id; "iscrowd"
/// boxes are crowds. A list of results [{"image_id", "category_id", "bbox", "score"}] is read too.
Annotations read_coco(const std::filesystem::path& path, const ReadOptions& options);
std::unique_ptr<Writer> make_coco_writer(const std::filesystem::path& path, Overwrite overwrite, const Header& header);

/// "info"."description" of files that onepass writes.
inline constexpr const char* coco_description = "written by onepass";

/// Label Studio: tasks with regions of the type videorectangle, in shares of 100; frames from 1. Written as
/// predictions.
Annotations read_label_studio(const std::filesystem::path& path, const ReadOptions& options);
std::unique_ptr<Writer> make_label_studio_writer(const std::filesystem::path& path, Overwrite overwrite,
                                                 const Header& header);

/// Scalabel, the format of BDD100K: a list of frames [{"name", "videoName", "frameIndex", "labels": [{"id", "category",
/// "attributes", "box2d": {"x1", "y1", "x2", "y2"}}]}]; frameIndex (in older files index) counts
/// from 0. Labels with the attribute "crowd" are
/// crowds. Ids that are no numbers are numbered in order of appearance.
Annotations read_scalabel(const std::filesystem::path& path, const ReadOptions& options);
std::unique_ptr<Writer> make_scalabel_writer(const std::filesystem::path& path, Overwrite overwrite,
                                             const Header& header);

/// JSON Lines of onepass; see make_jsonl_sink.
Annotations read_jsonl(const std::filesystem::path& path, const ReadOptions& options);
std::unique_ptr<Writer> make_jsonl_writer(const std::filesystem::path& path, Overwrite overwrite, const Header& header);

/// Chooses one of the videos of a file: the one that `wanted` names, or the only one.
/// @throws SettingError "video" listing the names if there is no such video, or if there are several and none is
/// wanted.
std::string chosen_video(const std::vector<std::string>& names, const std::string& wanted, const std::string& file);

}  // namespace onepass::formats
