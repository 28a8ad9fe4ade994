// Collects the notes about a model that OpenVINO has read: from its metadata, and from files beside it.
#pragma once

#include <filesystem>

#include "model/read/model_notes.hpp"

namespace ov {
class Model;
}

namespace onepass::model {

/// Later ones override earlier ones: labels of OpenVINO's model API, metadata of an ONNX file, metadata.yaml in the
/// folder of an .xml file, and the user's YAML file beside the model, of the same name.
/// @throws std::runtime_error naming the key, and the file if it is not the model.
ModelNotes notes_about(const ov::Model& model, const std::filesystem::path& path);

}  // namespace onepass::model
