// Writes what was rendered as a MOTChallenge sequence.
#pragma once

#include <filesystem>
#include <fstream>

#include "scene/scene.hpp"

namespace onepass::scene {

/// img1/000001.jpg …, gt/gt.txt and seqinfo.ini in a folder.
class MotWriter {
 public:
  /// @throws std::runtime_error if the folder cannot be made, or has a sequence in it already.
  MotWriter(std::filesystem::path folder, int jpeg_quality);
  /// Frames come in order.
  void write(const Picture& picture);
  /// @throws std::runtime_error if anything could not be written.
  void close(double frame_rate);

 private:
  std::filesystem::path folder_;
  int jpeg_quality_;
  std::ofstream truth_;
  int frames_ = 0;
  cv::Size size_;
};

/// A row of ground truth: frame,identity,left,top,width,height,consider,class,visibility. Pedestrians of whom a tenth
/// or more is seen are to be considered.
std::string truth_row(int frame, const TruthBox& box);

}  // namespace onepass::scene
