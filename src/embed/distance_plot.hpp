// Shows histograms of distances and ROC curves, as text and as an image.
#pragma once

#include <filesystem>
#include <string>

#include "embed/calibration.hpp"

namespace onepass::embed {

/// Shares of same and different pairs per bin of width 0.05, side by side.
std::string histogram_text(const Distances& distances);

/// Share of same pairs found (true positive rate) at several shares of different pairs mistaken for the same object
/// (false positive rate), before and after calibration.
std::string roc_text(const Distances& before, const Distances& after);

/// Share of same pairs that are found (true positive rate) at the threshold that lets the share `mistaken` (0 to 1) of
/// the different pairs pass (false positive rate).
double found_at(const Distances& distances, double mistaken);

/// Writes the histogram after calibration and the ROC curves before and after it as a PNG file, with matplotlib. An
/// existing file is removed first, so that it does not stay if drawing fails.
/// @throws std::runtime_error if Python or matplotlib is missing, or if the file cannot be written.
void write_distance_plot(const std::filesystem::path& file, const Distances& before, const Distances& after);

}  // namespace onepass::embed
