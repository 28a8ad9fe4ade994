// The pictures of a report, for one class.
#pragma once

#include <string>
#include <vector>

#include "eval/drawing.hpp"
#include "eval/evaluation.hpp"

namespace onepass::eval {

/// The tracker's colour, from a palette that colour-blind readers can tell apart (Okabe and Ito 2008).
Colour tracker_colour(std::size_t tracker);

/// The group of a tracker's shapes in every drawing.
std::string tracker_group(std::size_t tracker);

/// HOTA, DetA and AssA over alpha, one panel each, one line per tracker.
Drawing plot_alphas(const Evaluation& evaluation, std::size_t class_index);

/// HOTA, MOTA and IDF1 of every sequence, one bar per tracker.
Drawing plot_sequences(const Evaluation& evaluation, std::size_t class_index);

/// Where in every sequence identities switch, one lane per tracker.
Drawing plot_switches(const Evaluation& evaluation, std::size_t class_index);

/// The sequences that any tracker was evaluated on, in order.
std::vector<std::string> sequence_names(const Evaluation& evaluation, std::size_t class_index);

/// The tracker's evaluation of a sequence, or nullptr if it has none.
const EvaluatedSequence* find_sequence(const EvaluatedTracker& tracker, std::size_t class_index,
                                       const std::string& name);

/// The switches that cost most, at most `count`: ordered by the frames lost (the shorter of the stretches before and
/// after), then by frame.
std::vector<IdentitySwitch> worst_switches(std::vector<IdentitySwitch> switches, std::size_t count);

}  // namespace onepass::eval
