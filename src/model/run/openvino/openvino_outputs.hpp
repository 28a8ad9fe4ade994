// Recognizes the outputs of a detector by their shapes, and describes them as rows of boxes and scores.
#pragma once

#include "model/read/model_notes.hpp"
#include "model/run/openvino/openvino_results.hpp"

namespace onepass::model {

/// @throws std::runtime_error listing the outputs if they are none of a known detector's, or if something must be known
///         that neither they nor the notes tell.
RowSource recognize(const NetworkResults& results, const ModelNotes& notes);

}  // namespace onepass::model
