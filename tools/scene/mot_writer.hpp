// Writes rendered frames as a MOTChallenge sequence.
#pragma once

#include <filesystem>
#include <fstream>

#include "scene/scene.hpp"

namespace onepass::scene {

struct MotWriterOptions {
  int jpeg_quality = 90;
  bool masks = false;  ///< also write gt/mots.txt
};

/// Writes img1/000001.jpg …, gt/gt.txt and seqinfo.ini to a folder.
class MotWriter {
 public:
  /// @throws std::runtime_error if the folder cannot be created or already contains a sequence.
  MotWriter(std::filesystem::path folder, const MotWriterOptions& options);
  /// Appends the next frame.
  /// @throws std::runtime_error if the image cannot be written.
  void write(const Picture& picture);
  /// Writes seqinfo.ini.
  /// @throws std::runtime_error if it or the ground truth could not be written.
  void close(double frame_rate);

 private:
  std::filesystem::path folder_;
  MotWriterOptions options_;
  std::ofstream truth_;
  std::ofstream masks_;
  int frames_ = 0;
  cv::Size size_;
};

/// A row of ground truth: frame,identity,left,top,width,height,consider,class,visibility. `consider` is 1 for
/// pedestrians with a visibility of at least 0.1.
std::string truth_row(int frame, const TruthBox& box);

/// Rows of MOTS: frame, identity, class (1 car, 2 pedestrian), height, width and run lengths of the visible pixels.
/// Other classes and hidden people have no row.
std::string mask_rows(int frame, const Picture& picture);

}  // namespace onepass::scene
