// Geometry of lines and polygons in the picture (y downward).
#pragma once

#include <span>
#include <vector>

#include <opencv2/core/types.hpp>

#include "onepass/zones.hpp"

namespace onepass::count {

using Points = std::span<const cv::Point2d>;

/// Returns how often the straight step passes the open polyline from its left to its right side, minus the passages
/// from right to left; sides are seen along the polyline. A step through a corner counts once; a step that ends exactly
/// on the line counts together with the next step.
int net_crossings(Points polyline, cv::Point2d from, cv::Point2d to);

/// Returns whether the point is inside the polygon (even-odd rule). A point on the border may be either.
bool contains(Points polygon, cv::Point2d point);

enum class Ends { open, closed };

/// Returns the distance of the point to the polyline or, with Ends::closed, to the border of the polygon.
double distance(Points points, Ends ends, cv::Point2d point);

/// Returns whether two edges of the polygon, or two segments of the polyline, cross or touch, except neighbors at their
/// common corner.
bool crosses_itself(Points points, Ends ends);

double area(Points polygon);
double perimeter(Points polygon);

/// Returns the points of a zone in pixels of this picture. Zones in pixels scale from the first picture.
std::vector<cv::Point2d> in_pixels(const Zone& zone, cv::Size first_picture, cv::Size picture);

}  // namespace onepass::count
