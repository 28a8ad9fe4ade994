// Fields of the YAML files of zones and of ground points.
#pragma once

#include <string>
#include <vector>

#include <opencv2/core/types.hpp>

#include "config/fields.hpp"

namespace onepass::count {

/// A point: [x, y].
config::Field point(std::string name, cv::Point2d& value);

/// A list of points: [[x, y], …].
config::Field points(std::string name, std::vector<cv::Point2d>& values);

/// A key whose value is read separately; it makes unknown keys next to it an error.
config::Field section(std::string name);

}  // namespace onepass::count
