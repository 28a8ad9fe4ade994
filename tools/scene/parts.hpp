// Building blocks of figures: rounded parts between two joints, and faces of boxes.
#pragma once

#include <array>
#include <vector>

#include "scene/appearance.hpp"
#include "scene/light.hpp"

namespace onepass::scene {

/// A rounded stroke between two joints; half widths in meters, as they appear from the camera.
struct Part {
  Point3 from;
  Point3 to;
  float from_half_width = 0.05F;
  float to_half_width = 0.05F;
  Cloth cloth;
  float nearer_m = 0;      ///< subtracted from the depth in the drawing order
  float roundness = 1;     ///< of the corners, see Stroke
  bool is_capsule = true;  ///< end circles are centered on the joints
};

/// Color of a cloth at a position of a stroke (see draw); with a contrast of 0 the pattern blurs into its mean color.
Color color_at(const Cloth& cloth, float along, float across, float contrast);

/// Sorts the parts by depth and draws them, farthest first.
void draw_parts(Canvas& canvas, const View& view, std::vector<Part>& parts);

/// A box whose top may differ in size from its bottom: x along the heading from its center, z up, in meters.
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

/// Corners as seen from outside: bottom left, bottom right, top right, top left.
using Face = std::array<Point3, 4>;

/// A figure's local coordinate system on the ground.
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
/// Part of a face; bounds are relative to it, 0…1 from left to right and from bottom to top.
Face part_of(const Face& face, float left, float right, float bottom, float top);
bool faces_camera(const Face& face, const View& view);
/// @param brightness factor in addition to the lighting
void draw_face(Canvas& canvas, const View& view, const Face& face, const Color& color, float brightness = 1);
/// Draws all faces that are visible to the camera, in one color.
void draw_block(Canvas& canvas, const View& view, const Block& block, const Place& place, const Color& color);

}  // namespace onepass::scene
