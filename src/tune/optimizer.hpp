// Proposes values to try: Optuna (Akiba et al., 2019), which runs in Python.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "io/python/conversation.hpp"
#include "tune/search_space.hpp"

namespace onepass::tune {

struct OptimizerOptions {
  std::size_t studies = 1;  ///< independent searches for the same parameters
  int trials = 100;         ///< of every study
  unsigned seed = 1;
  Values start{};  ///< tried first; may be empty
};

/// Values that a study wants to know the objective of.
struct Proposal {
  std::size_t study = 0;
  Values values;
};

/// The proposals depend only on the options and on the objectives that are told. Call ask() and tell() in turn.
class Optimizer {
 public:
  /// @throws std::runtime_error if Python or Optuna is missing; it says how to install Optuna.
  Optimizer(std::span<const Parameter> parameters, const OptimizerOptions& options);

  /// Returns some proposals of every study; none if all trials are done.
  std::vector<Proposal> ask();

  /// @param objectives of the last proposals, in their order; larger is better
  void tell(std::span<const double> objectives);

  /// Ends the search and returns the importance of every parameter in the first study: shares that sum to 1 (PED-ANOVA,
  /// Watanabe et al., 2023). Empty if there are too few trials to tell.
  std::map<std::string, double> importance();

 private:
  io::PythonConversation script_;
};

}  // namespace onepass::tune
