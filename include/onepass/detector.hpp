// Detectors: find the objects in a frame and compute their embeddings in one forward pass.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "onepass/config.hpp"
#include "onepass/embedding_statistics.hpp"
#include "onepass/frame_source.hpp"
#include "onepass/types.hpp"

namespace onepass {

/// The embeddings that a detector computes for its stream.
class StreamEmbedder {
 public:
  virtual ~StreamEmbedder() = default;

  /// Describes in words what the embeddings depend on: the model, the layers and the pooling. If the
  /// descriptions are the same, embeddings of two cameras are comparable, each standardized with its own statistics.
  virtual std::string space() const = 0;

  /// Lengths of the parts of an embedding, in order: the stripes of every layer. Empty if they are not known.
  virtual std::vector<int> parts() const = 0;

  /// Distances of these embeddings according to their calibration, for Tracker::expect(); `samples` is 0 without a
  /// calibration.
  virtual EmbeddingDistances distances() const = 0;

  /// Statistics that this stream has learned about its embeddings so far.
  virtual EmbeddingStatistics statistics() const = 0;

  /// Continues from the statistics of an earlier stream of the same camera and space; must be called before the first
  /// frame. Does nothing if `statistics` is empty.
  /// @throws std::runtime_error if the statistics do not fit these embeddings.
  virtual void resume(const EmbeddingStatistics& statistics) = 0;

  /// Seconds spent on embeddings so far; included in the time spent in Detector::detect().
  virtual double seconds() const = 0;
};

class Detector {
 public:
  virtual ~Detector() = default;

  /// Returns the objects in one frame. Must be called once for every frame of one stream, in order.
  virtual std::vector<Detection> detect(const Frame& frame) = 0;

  /// The rest of detect() for one frame.
  using Finish = std::function<std::vector<Detection>()>;

  /// Does the part of detect() that depends on this frame alone, and returns the rest: `begin(frame)()` returns what
  /// detect(frame) returns. begin() may be called on several threads at once and in any order; the functions that it
  /// returns must be called once for every frame, in order, on one thread.
  virtual Finish begin(const Frame& frame) {
    return [this, frame] { return detect(frame); };
  }

  /// Number of threads that should call begin() at the same time.
  virtual int frames_at_once() const { return 1; }

  /// Class names, indexed by class_id; empty if the detector has none.
  virtual const std::vector<std::string>& class_names() const = 0;

  /// The detector's embeddings; nullptr if its detections have none. Lives as long as the detector.
  virtual StreamEmbedder* embedder() { return nullptr; }
};

/// A detector, read from a file. It is loaded once and shared by the detectors of any number of streams.
class Model;

/// Reads a checkpoint (.pt), a TorchScript export, an ONNX model or a model of OpenVINO (.xml, or its folder); reading
/// executes nothing in the file. docs/models.md describes what can be read. This call fixes the layers that are tapped
/// for embeddings, the device, the executor, and the number of threads that detect() uses. The number of threads that a
/// caller uses for anything else does not change.
/// @throws std::runtime_error naming the file and, if a layer is not supported, that layer and its class. A build
///         without LibTorch (ONEPASS_WITH_TORCH=OFF) always throws it. SettingError for detector.executor if this
///         executor cannot run the file on the device.
std::shared_ptr<const Model> load_model(const std::filesystem::path& path, const DetectorConfig& detector,
                                        const EmbedConfig& embed);

/// Why the model is slow or inaccurate on this processor, with the name of its file; empty if it is not.
std::string caution(const Model& model);

/// Creates a detector for one stream; the running statistics of its embeddings belong to that stream.
/// @throws std::runtime_error if detector.classes names a class that the model does not have, or if embed.calibration
///         does not fit these embeddings (another model, other layers or another version) or is damaged.
std::unique_ptr<Detector> make_detector(std::shared_ptr<const Model> model, const DetectorConfig& detector);

/// Replays a file of detections: a MOTChallenge file, or a .npz with the arrays "detections" (N×7: frame from 1, left,
/// top, width, height, score, class) and optionally "embeddings" (N×D; a row of zeros: none), as
/// onepass benchmark saves them.
///
/// MOTChallenge: frame,id,left,top,width,height,score[,class[,...]]; no embeddings. The class is 0 if it is -1 or
/// absent, or if column 8 has world coordinates (as in MOT15: numbers that are not whole). Calls `warn` if scores lie
/// outside [0, 1] (as in MOT15; they are clamped), if rows belong to frames that the source does not have, and if the
/// file has no rows.
/// @param frame_count number of frames of the source, if known
/// @throws std::runtime_error naming the file, the line and the expected columns.
std::unique_ptr<Detector> replay_detections(const std::filesystem::path& path, std::optional<std::int64_t> frame_count,
                                            const WarningHandler& warn);

}  // namespace onepass
