// Formats the result of tuning: text, JSON, an HTML page and the configuration.
#pragma once

#include <string>
#include <vector>

#include "tune/tuning.hpp"

namespace onepass::tune {

/// A result with what it was asked for.
struct TuningReport {
  std::string objective;
  std::vector<Parameter> parameters;
  Config base;
  std::string command;  ///< for the record
  unsigned replays = 1;
  TuningResult result;
};

/// Objectives, folds, and the effect of every parameter, as a table for terminals.
std::string to_text(const TuningReport& report);

std::string to_json(const TuningReport& report);

/// The same as a page that needs no other file, with a plot for every parameter.
std::string to_html(const TuningReport& report);

/// The chosen values alone, with the figures as a comment.
std::string to_yaml(const TuningReport& report);

}  // namespace onepass::tune
