// Which class an object has, judged over time: detectors flicker, objects do not.
#pragma once

#include <array>

namespace onepass {

/// Evidence for the classes seen lately; the four most supported are kept. The answer changes only when another class
/// has clearly more evidence than the present one.
class ClassBelief {
 public:
  ClassBelief() = default;
  ClassBelief(int class_id, double score);

  /// Old evidence fades by a tenth with every observation; `margin` (>= 1) is the lead needed for a change.
  void observe(int class_id, double score, double margin);

  int class_id() const { return present_; }

 private:
  struct Evidence {
    int class_id = -1;  ///< none yet
    double weight = 0;
  };

  std::array<Evidence, 4> evidence_;
  int present_ = 0;
};

}  // namespace onepass
