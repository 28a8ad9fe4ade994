#include "detect/mask_decoder.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace onepass::detect {
namespace {

/// Pixels [first, last) of the frame along one axis.
struct Pixels {
  int first = 0;
  int last = 0;

  Pixels(float low, float high, int side)
      : first(std::clamp(static_cast<int>(std::ceil(low)), 0, side)),
        last(std::clamp(static_cast<int>(std::ceil(high)), first, side)) {}
};

/// Place of a pixel's center between two neighboring cells of the prototypes.
struct Between {
  int low = 0;
  float share = 0;  ///< of the next cell
};

/// The places of all pixels along one axis: frame pixels to input pixels to cells.
std::vector<Between> places_of(const Pixels& pixels, float scale, int offset, float cells_per_pixel, int cells) {
  std::vector<Between> places;
  for (int pixel = pixels.first; pixel < pixels.last; ++pixel) {
    const float at = ((static_cast<float>(pixel) + 0.5F) * scale + static_cast<float>(offset)) * cells_per_pixel - 0.5F;
    const float inside = std::clamp(at, 0.0F, static_cast<float>(cells - 1));
    const int low = std::min(static_cast<int>(inside), std::max(0, cells - 2));
    places.push_back({low, cells > 1 ? inside - static_cast<float>(low) : 0});
  }
  return places;
}

/// The weighted sums of the prototypes in a range of cells.
struct Sums {
  int top, left, height, width;
  std::vector<float> values;

  Sums(const embed::MapView& prototypes, std::span<const float> coefficients, int first_row, int last_row,
       int first_column, int last_column)
      : top(first_row), left(first_column), height(last_row - first_row + 1), width(last_column - first_column + 1) {
    const Eigen::Map<const Eigen::VectorXf> weights(coefficients.data(),
                                                    static_cast<Eigen::Index>(coefficients.size()));
    values.resize(static_cast<std::size_t>(height) * static_cast<std::size_t>(width));
    using Cells = Eigen::Map<const Eigen::MatrixXf>;  // a column per cell
    for (int y = 0; y < height; ++y) {
      const Cells cells(prototypes.cell(top + y, left), prototypes.channels, width);
      Eigen::Map<Eigen::VectorXf>(values.data() + y * width, width).noalias() = cells.transpose() * weights;
    }
  }

  /// Interpolates between two columns, at every row.
  void column(const Between& x, std::vector<float>& result) const {
    const int low = x.low - left, high = std::min(low + 1, width - 1);
    for (int y = 0; y < height; ++y) {
      const float* row = values.data() + y * width;
      result[static_cast<std::size_t>(y)] = row[low] * (1 - x.share) + row[high] * x.share;
    }
  }
};

/// Appends the runs of one column of pixels. Between two cells, values whose signs are equal need no interpolation.
class RunAppender {
 public:
  explicit RunAppender(Mask& mask) : mask_(mask) {}

  void append(bool inside, std::uint32_t length) {
    if (length == 0) return;
    if (inside != inside_) {
      mask_.runs.push_back(pending_);
      pending_ = 0;
      inside_ = inside;
    }
    pending_ += length;
  }
  void finish() { mask_.runs.push_back(pending_); }

 private:
  Mask& mask_;
  bool inside_ = false;
  std::uint32_t pending_ = 0;
};

void append_column(const std::vector<float>& sums, int top, const std::vector<Between>& rows, RunAppender& runs) {
  for (std::size_t i = 0; i < rows.size();) {
    const int cell = rows[i].low;
    const float low = sums[static_cast<std::size_t>(cell - top)];
    const float high = sums[std::min(static_cast<std::size_t>(cell - top) + 1, sums.size() - 1)];
    const std::size_t first = i;
    if ((low > 0) == (high > 0)) {
      while (i < rows.size() && rows[i].low == cell) ++i;
      runs.append(low > 0, static_cast<std::uint32_t>(i - first));
      continue;
    }
    for (; i < rows.size() && rows[i].low == cell; ++i)
      runs.append(low * (1 - rows[i].share) + high * rows[i].share > 0, 1);
  }
}

}  // namespace

Mask decode_mask(const embed::MapView& prototypes, std::span<const float> coefficients, const Letterbox& letterbox,
                 const Box& box) {
  const auto& frame = letterbox.frame;
  Mask mask{frame.width, frame.height, {}};
  const Pixels across(box.left, box.right(), frame.width), down(box.top, box.bottom(), frame.height);
  const auto per_pixel = [](int cells, int pixels) { return static_cast<float>(cells) / static_cast<float>(pixels); };
  const auto columns = places_of(across, letterbox.scale_x, letterbox.left,
                                 per_pixel(prototypes.width, letterbox.input.width), prototypes.width);
  const auto rows = places_of(down, letterbox.scale_y, letterbox.top,
                              per_pixel(prototypes.height, letterbox.input.height), prototypes.height);
  RunAppender runs(mask);
  const auto height = static_cast<std::uint32_t>(frame.height);
  runs.append(false, static_cast<std::uint32_t>(across.first) * height);
  if (!columns.empty() && !rows.empty()) {
    const auto last = [](const Between& place, int cells) { return std::min(place.low + 1, cells - 1); };
    const Sums sums(prototypes, coefficients, rows.front().low, last(rows.back(), prototypes.height),
                    columns.front().low, last(columns.back(), prototypes.width));
    std::vector<float> column(static_cast<std::size_t>(sums.height));
    for (const auto& x : columns) {
      sums.column(x, column);
      runs.append(false, static_cast<std::uint32_t>(down.first));
      append_column(column, sums.top, rows, runs);
      runs.append(false, static_cast<std::uint32_t>(frame.height - down.last));
    }
  } else {
    runs.append(false, static_cast<std::uint32_t>(across.last - across.first) * height);
  }
  runs.append(false, static_cast<std::uint32_t>(frame.width - across.last) * height);
  runs.finish();
  return mask;
}

}  // namespace onepass::detect
