// Draws text of any script; OpenCV's own fonts have only ASCII.
#pragma once

#include <optional>
#include <string>

#include <opencv2/core/mat.hpp>

namespace onepass::sink {

/// A picture of a line of text: the coverage of every pixel, 0 to 255.
struct WrittenText {
  cv::Mat coverage;  ///< 8-bit, as large as the text
  int baseline = 0;  ///< row of the baseline
};

/// Returns the text in the fonts of the system (Pango: scripts, directions and missing glyphs are its work), or nullopt
/// if they lack a character of it.
/// @param text UTF-8
/// @param em size of the font in pixels
std::optional<WrittenText> write_text(const std::string& text, double em);

/// Whether the text consists of printable ASCII.
bool is_ascii(const std::string& text);

/// Blends a color into the image where the text is; (x, y) is its left end on the baseline.
void blend_text(cv::Mat& image, const WrittenText& text, cv::Point place, const cv::Scalar& color);

}  // namespace onepass::sink
