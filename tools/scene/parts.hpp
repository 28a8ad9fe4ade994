// What figures are made of: rounded parts between two joints, and faces of boxes.
#pragma once

#include <array>
#include <vector>

#include "scene/appearance.hpp"
#include "scene/light.hpp"

namespace onepass::scene {

/// Half widths in metres, as they appear from where the camera is.
struct Part {
  Point3 from;
  Point3 to;
  float from_half_width = 0.05F;
  float to_half_width = 0.05F;
  Cloth cloth;
  float nearer_m = 0;      ///< drawn as if so much nearer than it is
  float roundness = 1;     ///< of the corners
  bool is_capsule = true;  ///< the circles at its ends are centred on the joints
};

/// The colour of a cloth at a place of a stroke; patterns too small to be seen blur into one colour.
Colour colour_at(const Cloth& cloth, float along, float across, float contrast);

/// Draws the farthest part first.
void draw_parts(Canvas& canvas, const View& view, std::vector<Part>& parts);

/// A box whose top may be smaller than its bottom: x along the heading from its middle, z up, in metres.
struct Block {
  float bottom_back = -1;
  float bottom_front = 1;
  float top_back = -1;
  float top_front = 1;
  float bottom_half_width = 1;
  float top_half_width = 1;
  float bottom = 0;
  float top = 1;
};

enum class Side { front, back, left, right, top };

/// Corners seen from outside: bottom left, bottom right, top right, top left.
using Face = std::array<Point3, 4>;

/// A figure's own axes on the ground.
struct Place {
  cv::Point2f position;
  Point3 ahead;
  Point3 left;

  Place(cv::Point2f at, float heading);
  Point3 at(float forwards, float leftwards, float up) const {
    return Point3(position.x, position.y, up) + ahead * forwards + left * leftwards;
  }
};

Face face_of(const Block& block, Side side, const Place& place);
/// A part of a face: from left to right and from bottom to top, each from 0 to 1.
Face part_of(const Face& face, float left, float right, float bottom, float top);
bool faces_camera(const Face& face, const View& view);
/// @param brightness beside that of the light.
void draw_face(Canvas& canvas, const View& view, const Face& face, const Colour& colour, float brightness = 1);
/// All faces that the camera sees, in one colour.
void draw_block(Canvas& canvas, const View& view, const Block& block, const Place& place, const Colour& colour);

}  // namespace onepass::scene
