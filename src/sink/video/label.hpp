// Draws labels: text on a filled background, in any script, sized for the image.
#pragma once

#include <optional>
#include <span>
#include <string>

#include <opencv2/core.hpp>

#include "sink/video/written_text.hpp"

namespace onepass::sink {

/// Line width of boxes and trails: 1 pixel at 320x240, 2 from 640x360 to 1280x720, 3 at 1920x1080, 6 at 3840x2160.
int line_width(cv::Size image);

struct Label {
  std::string text;
  std::optional<WrittenText> written;  ///< the text, if it is not ASCII
  cv::Scalar color;
  cv::Rect place;
  cv::Point baseline;  ///< left end of the text's baseline
};

struct LabelStyle {
  double scale;  ///< font scale
  int stroke;
  int margin;
};

/// Scales labels with the image: capitals are about 8 pixels high at 640x360, 14 at 1920x1080 and 22 at 3840x2160.
LabelStyle label_style(cv::Size image);

/// Returns the rectangle for the label of a box: at the corner of the box where it covers least of the labels in
/// `placed`, and inside the image as far as it fits.
cv::Rect place_label(const cv::Rect& box, cv::Size label, cv::Size image, std::span<const cv::Rect> placed);

/// Makes the label of a box; see place_label.
Label make_label(const std::string& text, const cv::Rect& box, const cv::Scalar& color, cv::Size image,
                 const LabelStyle& style, std::span<const cv::Rect> placed);

void draw_label(cv::Mat& image, const Label& label, const LabelStyle& style);

}  // namespace onepass::sink
