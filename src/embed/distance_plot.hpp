// Histograms of distances and ROC curves, as text and as a picture.
#pragma once

#include <string>

#include <opencv2/core/mat.hpp>

#include "embed/calibration.hpp"

namespace onepass {

/// Share of the pairs per bin of .05, same and different side by side.
std::string histogram_text(const Distances& distances);

/// The share of same pairs found at given shares of different pairs mistaken, before and after.
std::string roc_text(const Distances& before, const Distances& after);

/// The share of same pairs that are nearer than the given share of different pairs (0 to 1).
double found_at(const Distances& distances, double mistaken);

/// Both as an image, 8-bit BGR.
cv::Mat distance_picture(const Distances& before, const Distances& after);

}  // namespace onepass
