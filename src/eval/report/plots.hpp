// Draws the plots of a report for one class.
#pragma once

#include <string>
#include <vector>

#include "eval/benchmark/evaluation.hpp"
#include "eval/report/drawing.hpp"

namespace onepass::eval {

/// Returns the tracker's color, from a palette for color-blind readers (Okabe and Ito 2008).
Color tracker_color(std::size_t tracker);

/// Returns the group of a tracker's shapes, the same in every drawing.
std::string tracker_group(std::size_t tracker);

/// HOTA, DetA and AssA over alpha, one panel each, one line per tracker.
Drawing plot_alphas(const Evaluation& evaluation, std::size_t class_index);

/// HOTA, MOTA and IDF1 of every sequence, one bar per tracker.
Drawing plot_sequences(const Evaluation& evaluation, std::size_t class_index);

/// Identity switches over the frames of every sequence, one lane per tracker.
Drawing plot_switches(const Evaluation& evaluation, std::size_t class_index);

/// Returns the sequences that at least one tracker was evaluated on, in order of first appearance.
std::vector<std::string> sequence_names(const Evaluation& evaluation, std::size_t class_index);

/// Returns the tracker's evaluation of a sequence, or nullptr if there is none.
const EvaluatedSequence* find_sequence(const EvaluatedTracker& tracker, std::size_t class_index,
                                       const std::string& name);

/// Returns the worst switches, at most `count`, ordered by the frames lost (the smaller of frames_before and
/// frames_after, descending), then by frame.
std::vector<IdentitySwitch> worst_switches(std::vector<IdentitySwitch> switches, std::size_t count);

}  // namespace onepass::eval
