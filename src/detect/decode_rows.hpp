// Decodes the rows of networks that return no raw maps: one row per anchor, query or object.
#pragma once

#include <vector>

#include "detect/candidate_box.hpp"
#include "model/graph/network_info.hpp"

namespace onepass::detect {

/// Returns the candidates whose best class scores above `conf`, in the order of the rows. Rows without cells have the
/// anchor (0, 0, 0). Of rows with the same box, which RowScores::best may have for several classes, the first counts.
///
/// RowBoxes::offsets is YOLOX's encoding (Ge et al., 2021): center = (value + cell)·stride, size = exp(value)·stride.
/// @param rows 1×N×columns float, as head.rows describes it
/// @param input size of the network's input
/// @throws std::runtime_error if there are too few columns, or another number of rows than the cells require.
std::vector<CandidateBox> decode_rows(const model::Tensor& rows, const model::Head& head, model::ImageSize input,
                                      float conf);

}  // namespace onepass::detect
