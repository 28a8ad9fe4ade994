// What is learnt about a camera's embeddings without labels, and the two files that keep it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "embed/fisher.hpp"
#include "onepass/embedding_statistics.hpp"
#include "onepass/types.hpp"

namespace onepass {

struct EmbedConfig;
struct EmbedPlan;

/// How far apart embeddings of the same and of different objects are: (1 - cosine) / 2.
struct Distances {
  std::vector<double> same;       ///< of pairs within a track
  std::vector<double> different;  ///< of pairs of tracks in the same frame
};

/// Area under the ROC curve: how often a same pair is nearer than a different one.
double area_under_curve(const Distances& distances);

/// What the distances say as numbers.
struct DistanceSummary {
  double match_mean = 0, match_deviation = 0;
  double rival_mean = 0, rival_deviation = 0;
  double threshold = 0;    ///< where as many same pairs lie above as different ones below
  double error_rate = 0;   ///< the share of either there
  double reliability = 0;  ///< as the tracker counts it: separation in deviations / 2.5, up to 1
};
/// @throws std::runtime_error where there are no pairs of either kind.
DistanceSummary summarize(const Distances& distances);

struct Calibration {
  std::string space;               ///< of the embeddings before the projection; see Detector::embedding_space()
  EmbeddingStatistics statistics;  ///< that they are standardised with
  std::vector<double> weights;     ///< of the parts (stripes, layer after layer), the best is 1; in the projection
  Eigen::VectorXf center;
  Eigen::MatrixXf projection;  ///< dimensions × length
  DistanceSummary distances;   ///< after the projection, on tracks that it was not learnt from
  EmbeddingDistances tracked;  ///< likewise
  std::uint32_t checksum = 0;  ///< of the file that it was read from
};

/// The calibrated embedding, of unit norm; empty for an empty one.
Embedding apply(const Calibration& calibration, const Embedding& embedding);

/// An embedding with what is known about it without labels.
struct TrackedEmbedding {
  Embedding embedding;
  int track = 0;
  int frame = 0;
};

/// Pairs within tracks and between tracks in the same frame; at most `most` of each kind, spread evenly.
Distances measure_pairs(std::span<const TrackedEmbedding> samples, std::size_t most = 200000);

/// Compares the samples of tracks from `first_track` on with the running mean of their track so far, and that mean with
/// the nearest other sample of any track in the frame, much as a tracker does; only that samples may be further apart
/// in time than its frames, and are not centred. Samples of one frame follow one another, frames in order.
EmbeddingDistances measure_tracking(std::span<const TrackedEmbedding> samples, int first_track);

/// Learns weights, centre and projection; space, statistics and distances are left to the caller.
/// @param parts lengths of the embedding's parts, in order; their sum is its length
/// @throws std::runtime_error where there are too few tracks.
Calibration learn_calibration(std::span<const TrackedEmbedding> samples, std::span<const int> parts,
                              const FisherOptions& options = {});

/// Writes the YAML file and, beside it with the extension .npy, the matrix: rows are mean and variance of the
/// standardisation, the centre, and the projection.
/// @throws std::runtime_error naming the path.
void write_calibration(const std::filesystem::path& path, const Calibration& calibration);

/// Reads both files.
/// @param space the embeddings it is for
/// @throws std::runtime_error with one line: not such a file, another version, of other embeddings, damaged (checksum),
///         or of other sizes than it says.
Calibration read_calibration(const std::filesystem::path& path, const std::string& space);

/// What makes embeddings comparable, in words: plan, model (by checksum) and image size; "" where there are none.
/// @throws std::runtime_error where the model's file cannot be read.
std::string plain_space(const EmbedPlan& plan, const std::filesystem::path& model, int imgsz);

/// Reads the calibration that the configuration names, if it names one; throws as read_calibration().
std::optional<Calibration> open_calibration(const EmbedConfig& config, const EmbedPlan& plan,
                                            const std::filesystem::path& model, int imgsz);

/// Where the matrix of a calibration lies.
std::filesystem::path matrix_path(std::filesystem::path path);

}  // namespace onepass
