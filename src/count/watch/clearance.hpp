// Decides when an identity is clear of the border of a zone, in spite of jitter.
#pragma once

namespace onepass::count {

/// Outside of the band in two frames in a row, or by twice its width.
class Clearance {
 public:
  /// @param distance to the border in this frame
  bool update(double distance, double band);

 private:
  bool was_outside_ = false;
};

}  // namespace onepass::count
