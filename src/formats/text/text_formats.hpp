// Declares the formats of text files with one row per object.
#pragma once

#include "formats/format.hpp"

namespace onepass::formats {

/// MOTChallenge: frame,id,left,top,width,height,score,class,visibility. Reads a file, or a sequence folder with its
/// seqinfo.ini (gt/gt.txt, otherwise det/det.txt).
Annotations read_mot(const std::filesystem::path& path, const ReadOptions& options);
std::unique_ptr<Writer> make_mot_writer(const std::filesystem::path& path, Overwrite overwrite, const Header& header);

/// MOTS: frame id class height width mask, separated by spaces, with masks in COCO's compressed form; class 10 is a
/// region to ignore. Objects without a mask are not written; boxes are those around the masks.
Annotations read_mots(const std::filesystem::path& path, const ReadOptions& options);
std::unique_ptr<Writer> make_mots_writer(const std::filesystem::path& path, Overwrite overwrite, const Header& header);

/// KITTI tracking, separated by spaces, frames from 0: frame id type truncated occluded alpha left top right bottom,
/// the seven numbers of a 3D box, and in results a score. "DontCare" regions are crowds. Spaces in names become "_".
Annotations read_kitti(const std::filesystem::path& path, const ReadOptions& options);
std::unique_ptr<Writer> make_kitti_writer(const std::filesystem::path& path, Overwrite overwrite, const Header& header);

/// VisDrone: frame,id,left,top,width,height,score,class,truncation,occlusion, with the benchmark's twelve classes.
/// Boxes of the class 0 (ignored regions), and those of others, 11, are crowds.
Annotations read_visdrone(const std::filesystem::path& path, const ReadOptions& options);
std::unique_ptr<Writer> make_visdrone_writer(const std::filesystem::path& path, Overwrite overwrite,
                                             const Header& header);

/// Whether VisDrone has this class, or COCO's name of one; others become "others".
bool is_visdrone_class(const std::string& name);

/// UAVDT: frame,id,left,top,width,height,out of view,occlusion,class (car, truck, bus) in "…_gt_whole.txt", otherwise
/// frame,id,left,top,width,height,score,-1,-1 of the one class vehicle.
Annotations read_uavdt(const std::filesystem::path& path, const ReadOptions& options);
std::unique_ptr<Writer> make_uavdt_writer(const std::filesystem::path& path, Overwrite overwrite, const Header& header);

/// A folder with a file for every frame, "<video>_<frame>.txt": class, center and size as shares of the image, and
/// optionally score and id. classes.txt has the names of the classes, one per line.
Annotations read_yolo(const std::filesystem::path& path, const ReadOptions& options);
std::unique_ptr<Writer> make_yolo_writer(const std::filesystem::path& path, Overwrite overwrite, const Header& header);

/// A table with a header line: frame,id,class,class_name,left,top,width,height,score.
Annotations read_csv(const std::filesystem::path& path, const ReadOptions& options);
std::unique_ptr<Writer> make_csv_writer(const std::filesystem::path& path, Overwrite overwrite, const Header& header);

}  // namespace onepass::formats
