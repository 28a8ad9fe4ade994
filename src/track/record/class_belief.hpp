// Class of a track, accumulated over time: a detector's class may flicker, an object's does not change.
#pragma once

#include <array>

namespace onepass::track {

/// Decaying evidence for the recently observed classes; the four with the most evidence are kept. The class changes
/// only if another one has clearly more evidence than the present one.
class ClassBelief {
 public:
  ClassBelief() = default;
  ClassBelief(int class_id, double score);

  /// Adds an observation; old evidence decays by a tenth each time. The class changes if its evidence exceeds `margin`
  /// (>= 1) times that of the present class.
  void observe(int class_id, double score, double margin);

  int class_id() const { return present_; }

 private:
  struct Evidence {
    int class_id = -1;  ///< -1: unused
    double weight = 0;
  };

  std::array<Evidence, 4> evidence_;
  int present_ = 0;
};

}  // namespace onepass::track
