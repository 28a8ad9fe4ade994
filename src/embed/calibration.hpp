// Calibration of a camera's embeddings, learned from tracks without labels, and the two files that store it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "embed/embed_plan.hpp"
#include "embed/learning/fisher.hpp"
#include "onepass/embedding_statistics.hpp"
#include "onepass/types.hpp"

namespace onepass::embed {

/// Distances between embeddings of the same object and of different objects: (1 - cosine) / 2.
struct Distances {
  std::vector<double> same;       ///< pairs within a track
  std::vector<double> different;  ///< pairs of different tracks in the same frame
};

/// Area under the ROC curve: the probability that a same pair is closer than a different pair.
double area_under_curve(const Distances& distances);

/// Summary of the distances. "Match" means same pairs, "rival" means different pairs.
struct DistanceSummary {
  double match_mean = 0, match_deviation = 0;
  double rival_mean = 0, rival_deviation = 0;
  double threshold = 0;    ///< distance at which the share of same pairs above equals that of different pairs below
  double error_rate = 0;   ///< equal error rate: the larger of the two shares at the threshold
  double reliability = 0;  ///< same scale as in the tracker: separation in deviations / 2.5, at most 1
};
/// @throws std::runtime_error if one of the two kinds has no pairs.
DistanceSummary summarize(const Distances& distances);

struct Calibration {
  std::string space;               ///< embedding space before the projection; see StreamEmbedder::space()
  EmbeddingStatistics statistics;  ///< used to standardize the embeddings
  std::vector<double> weights;     ///< per part (stripes, layer after layer), max 1; contained in the projection
  Eigen::VectorXf center;
  Eigen::MatrixXf projection;  ///< dimensions × length
  DistanceSummary distances;   ///< after the projection, on held-out tracks
  EmbeddingDistances tracked;  ///< after the projection, on held-out tracks
  std::uint32_t checksum = 0;  ///< CRC-32 of the file that it was read from
};

/// Returns the calibrated embedding with unit norm; empty for an empty embedding.
/// @throws std::runtime_error if the embedding has another length than the calibration expects.
Embedding apply(const Calibration& calibration, const Embedding& embedding);

/// An embedding with the track and frame it comes from.
struct TrackedEmbedding {
  Embedding embedding;
  int track = 0;
  int frame = 0;
};

/// Measures pairs within tracks and pairs of different tracks in the same frame; at most `most` of each kind, thinned
/// evenly.
Distances measure_pairs(std::span<const TrackedEmbedding> samples, std::size_t most = 200000);

/// Measures distances much as a tracker does: compares each sample of the tracks from `first_track` on with the running
/// mean of its track so far, and that mean with the nearest sample of another track in the same frame. Unlike in a
/// tracker, samples may be more than one frame apart and are not centered.
/// @param samples grouped by frame, frames in order
EmbeddingDistances measure_tracking(std::span<const TrackedEmbedding> samples, int first_track);

/// Learns weights, center and projection; the caller fills in space, statistics and distances.
/// @param parts lengths of the embedding's parts, in order; their sum is its length
/// @throws std::runtime_error if there are too few tracks: no samples, or no track with two.
/// @throws std::invalid_argument if the parts do not add up to the embedding's length.
Calibration learn_calibration(std::span<const TrackedEmbedding> samples, std::span<const int> parts,
                              const FisherOptions& options = {});

/// Writes the YAML file and, next to it with the extension .npy, the matrix. The matrix rows are the products (3 rows)
/// and the variance of the standardization, the center, and the projection.
/// @throws std::runtime_error naming the path.
void write_calibration(const std::filesystem::path& path, const Calibration& calibration);

/// Reads both files.
/// @param space embedding space that the calibration must be for
/// @throws std::runtime_error with one line: not a calibration, another version, other embeddings, damaged (checksum),
///         or sizes that do not match those in the file.
Calibration read_calibration(const std::filesystem::path& path, const std::string& space);

/// Describes the embedding space without calibration in words: plan, model (by checksum) and image size; "" if there
/// are no embeddings.
/// @throws std::runtime_error if the model's file cannot be read.
std::string plain_space(const EmbedPlan& plan, const std::filesystem::path& model, int imgsz);

/// Reads the calibration that the configuration names, if it names one; throws like read_calibration().
std::optional<Calibration> open_calibration(const EmbedConfig& config, const EmbedPlan& plan,
                                            const std::filesystem::path& model, int imgsz);

/// Path of the matrix that belongs to a calibration file.
std::filesystem::path matrix_path(std::filesystem::path path);

}  // namespace onepass::embed
