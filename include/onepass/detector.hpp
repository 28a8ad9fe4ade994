// Turns a frame into detections with embeddings, in one forward pass.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "onepass/config.hpp"
#include "onepass/embedding_statistics.hpp"
#include "onepass/frame_source.hpp"
#include "onepass/types.hpp"

namespace onepass {

class Detector {
 public:
  virtual ~Detector() = default;

  /// The objects in one frame. Called once for every frame of one stream, in order.
  virtual std::vector<Detection> detect(const Frame& frame) = 0;

  /// Names by class_id; empty where the detector knows none.
  virtual const std::vector<std::string>& class_names() const = 0;

  /// Seconds spent so far on embeddings alone; part of the time spent in detect().
  virtual double embed_seconds() const { return 0; }

  /// What makes embeddings comparable, in words: the model, the layers, how they are pooled. Those of two detectors
  /// with the same words and the same statistics are comparable. Empty where there are none.
  virtual std::string embedding_space() const { return ""; }

  /// Lengths of the parts that an embedding is made of, in order: the stripes of every layer. Empty where not known.
  virtual std::vector<int> embedding_parts() const { return {}; }

  /// What a calibration of these embeddings says about their distances; no samples without one. For Tracker::expect().
  virtual EmbeddingDistances embedding_distances() const { return {}; }

  /// What this stream has learnt about its embeddings so far.
  virtual EmbeddingStatistics embedding_statistics() const { return {}; }

  /// Goes on from what another stream of the same space has learnt; called before the first frame. Without entries
  /// nothing happens.
  /// @throws std::runtime_error where it does not fit.
  virtual void resume_embeddings(const EmbeddingStatistics& /*statistics*/) {}
};

/// A stock YOLO model, loaded once and shared by the detectors of any number of streams.
class Model;

/// Reads a checkpoint (.pt) or a TorchScript export; nothing in the file is executed on reading. Which layers are
/// tapped for embeddings, the device and the number of threads (of the whole process) are fixed here.
/// @throws std::runtime_error naming the file, and the layer and class where something is not supported; always in a
///         build without LibTorch (ONEPASS_WITH_TORCH=OFF).
std::shared_ptr<const Model> load_model(const std::filesystem::path& path, const DetectorConfig& detector,
                                        const EmbedConfig& embed);

/// A detector for one stream; the running statistics of its embeddings belong to that stream.
/// @throws std::runtime_error where detector.classes names a class the model does not have, and where embed.calibration
///         is none of these embeddings (another model, layers or version; damaged).
std::unique_ptr<Detector> make_detector(std::shared_ptr<const Model> model, const DetectorConfig& detector);

/// Replays a MOTChallenge detection file: frame,id,left,top,width,height,score[,...]; class 0, no embeddings. `warn` is
/// told how many scores lie outside [0, 1] (as in MOT15; they are clamped), how many rows belong to frames that the
/// source does not have, and of a file without any row.
/// @param frame_count frames of the source, where known
/// @throws std::runtime_error naming file, line and the expected columns.
std::unique_ptr<Detector> replay_detections(const std::filesystem::path& path, std::optional<std::int64_t> frame_count,
                                            const WarningHandler& warn);

}  // namespace onepass
