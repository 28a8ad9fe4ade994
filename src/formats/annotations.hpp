// Holds the objects of a video as a file describes them, whatever its format.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <opencv2/core/types.hpp>

#include "onepass/shape.hpp"

namespace onepass::formats {

/// One object in one frame; pixels in double precision, so that a conversion does not change them.
struct Annotation {
  std::int64_t frame = 1;  ///< from 1
  std::int64_t id = -1;    ///< of the identity; -1: the file gives none
  double left = 0;
  double top = 0;
  double width = 0;               ///< ≥ 0
  double height = 0;              ///< ≥ 0
  std::optional<double> score{};  ///< confidence
  int class_id = 0;               ///< number as in the file; -1: the file gives none
  bool crowd = false;             ///< a region that is not evaluated, such as a crowd
  bool ignored = false;           ///< an object that is not evaluated itself, such as one with mark 0 in MOTChallenge
  std::optional<double> visible_share{};  ///< share of the object that is visible, in [0, 1] (MOTChallenge: visibility)
  int truncation = 0;                     ///< 0: inside the image, 1 partly outside, 2 mostly (KITTI)
  int occlusion = 0;                      ///< 0: fully visible, 1 partly covered, 2 mostly, 3 unknown (KITTI)
  Shape shape{};

  bool operator==(const Annotation&) const = default;
};

using ClassNames = std::map<int, std::string>;

/// The annotations of one video.
struct Annotations {
  std::string name{};            ///< of the video; empty if unknown
  cv::Size size{};               ///< of the frames, in pixels; empty if unknown
  double frame_rate = 0;         ///< in frames per second; 0 if unknown
  std::int64_t frame_count = 0;  ///< at least the last frame with an object
  ClassNames class_names{};
  std::vector<Annotation> objects{};  ///< ordered by frame
  std::set<std::string> unread{};     ///< what the file has and is not read, such as "polygons"
};

/// Longest video that is read or written, in frames.
inline constexpr std::int64_t longest_video = 10'000'000;

/// Largest coordinate that is read, in pixels; keeps areas and unions finite.
inline constexpr double largest_coordinate = 1e9;

/// Returns what is wrong with an object, such as "a frame of 0; frames are numbered from 1 to 10000000"; "" if nothing.
std::string problem_of(const Annotation& object);

/// Whether a file's scores are marks of ground truth: all are 0 (not evaluated) or 1.
bool are_marks(const std::vector<Annotation>& objects);

/// Turns marks of 0 into ignored objects without a score, if the scores are marks.
void take_marks(std::vector<Annotation>& objects);

/// Orders the objects by frame (those of a frame keep their order) and extends frame_count to the last.
/// @throws std::runtime_error naming the file, the frame and the id if an id occurs twice in a frame; crowds and
///         objects without an id may.
void finish(Annotations& annotations, const std::string& file);

/// Returns the name of a class, "class 7" if it has none, or "object" for the number -1.
std::string class_name(const ClassNames& names, int class_id);

/// Gives numbers to class names in order of first appearance, after those that are known.
class ClassNumbers {
 public:
  explicit ClassNumbers(const std::vector<std::string>& known);
  int number_of(const std::string& name);
  ClassNames names() const;

 private:
  std::map<std::string, int> numbers_;
};

/// Rounds to 1e-6, so that sums of decimals print as decimals.
double tidy(double value);
double tidy(float value) = delete;  // six decimals are wrong for it: see shortest_decimal()

/// Returns the shortest decimal that reads as this number, so that a file repeats the digits of another.
double shortest_decimal(float value);

}  // namespace onepass::formats
