// Notes about a network that its file does not hold as operators: class names, input size, layout of the outputs.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/graph/network_info.hpp"

namespace onepass::model {

/// Conventions for the outputs of detectors.
enum class OutputLayout {
  yolov8,   ///< 1×(4 + classes)×anchors
  yolov5,   ///< 1×anchors×(5 + classes)
  yolox,    ///< like yolov5, with one anchor per cell and boxes relative to their cells
  end2end,  ///< 1×N×6: corners, score, class
  detr,     ///< boxes 1×N×4 as shares of the image, and scores 1×N×classes
};

struct ModelNotes {
  std::vector<std::string> names;   ///< class names; empty if unknown
  std::string task;                 ///< such as "detect"; empty if unknown
  std::string head;                 ///< class name of the head; empty if unknown
  std::vector<int> keypoint_shape;  ///< number of keypoints, and of values per keypoint; empty if there are none
  std::optional<int> stride;
  std::optional<ImageSize> image_size;
  std::optional<OutputLayout> layout;
  std::optional<FrameFit> fit;
  std::optional<bool> bgr;                        ///< whether the network expects blue first
  std::optional<float> white;                     ///< value of white: 1 or 255
  std::optional<std::array<float, 3>> mean, std;  ///< subtracted and divided by, in the range from 0 to white
  std::vector<std::string> outputs;               ///< names of the outputs to read, boxes first; empty: all
  std::vector<std::string> layers;                ///< names of operators whose outputs are layers too
};

/// Adds what an exporter has recorded: texts by key, each in YAML (or in Python's notation for lists and dictionaries).
/// Other keys are ignored. @throws std::runtime_error naming the key if a value has another type or is out of range.
void add_recorded(const std::map<std::string, std::string>& recorded, ModelNotes& notes);

/// Adds the content of a metadata.yaml that an exporter has written. @throws std::runtime_error naming file and key.
void add_recorded_file(const std::filesystem::path& path, ModelNotes& notes);

/// Adds what the user has written about a model; unlike in records, an unknown key is an error.
/// @throws std::runtime_error naming file and key.
void add_user_file(const std::filesystem::path& path, ModelNotes& notes);

}  // namespace onepass::model
