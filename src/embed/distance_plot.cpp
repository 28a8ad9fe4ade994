#include "embed/distance_plot.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>

namespace onepass::embed {
namespace {

constexpr int bins = 20;  // over distances from 0 to 1

std::array<double, bins> histogram(const std::vector<double>& values) {
  std::array<double, bins> shares{};
  for (const double value : values) {
    shares[std::clamp(static_cast<int>(value * bins), 0, bins - 1)] += 1 / static_cast<double>(values.size());
  }
  return shares;
}

const cv::Scalar kSame(60, 140, 30), kDifferent(50, 50, 210), kPlain(150, 150, 150), kInk(50, 50, 50);

void write_label(cv::Mat& image, const std::string& label, cv::Point at, const cv::Scalar& color = kInk) {
  cv::putText(image, label, at, cv::FONT_HERSHEY_SIMPLEX, 0.5, color, 1, cv::LINE_AA);
}

void draw_histogram(cv::Mat& image, const cv::Rect& panel, const Distances& distances) {
  const auto same = histogram(distances.same);
  const auto different = histogram(distances.different);
  const double highest = std::max(*std::ranges::max_element(same), *std::ranges::max_element(different));
  const int width = panel.width / bins;
  const auto draw_bar = [&](int bin, double share, int offset, const cv::Scalar& color) {
    const int height = static_cast<int>(std::lround(share / highest * panel.height));
    cv::rectangle(image, {panel.x + bin * width + offset, panel.br().y - height, width / 2 - 1, height}, color,
                  cv::FILLED);
  };
  for (int bin = 0; bin < bins; ++bin) {
    draw_bar(bin, same[bin], 0, kSame);
    draw_bar(bin, different[bin], width / 2, kDifferent);
  }
  cv::line(image, {panel.x, panel.br().y}, panel.br(), kInk);
  for (int tenth = 0; tenth <= 10; tenth += 2)
    write_label(image, fmt::format("{:.1f}", tenth / 10.0),
                {panel.x + tenth * panel.width / 10 - 10, panel.br().y + 18});
  write_label(image, "distance (1 - cosine) / 2, calibrated", {panel.x, panel.y - 26});
  write_label(image, "same object", {panel.x, panel.y - 8}, kSame);
  write_label(image, "different", {panel.x + 110, panel.y - 8}, kDifferent);
}

void draw_roc(cv::Mat& image, const cv::Rect& panel, const Distances& distances, const cv::Scalar& color) {
  std::vector<cv::Point> curve;
  for (int step = 0; step <= 100; ++step) {
    const double mistaken = step / 100.0;
    curve.emplace_back(panel.x + static_cast<int>(mistaken * panel.width),
                       panel.br().y - static_cast<int>(found_at(distances, mistaken) * panel.height));
  }
  cv::polylines(image, curve, false, color, 2, cv::LINE_AA);
}

}  // namespace

double found_at(const Distances& distances, double mistaken) {
  auto different = distances.different;
  auto count = static_cast<std::ptrdiff_t>(mistaken * static_cast<double>(different.size()));
  count = std::clamp<std::ptrdiff_t>(count, 0, static_cast<std::ptrdiff_t>(different.size()) - 1);
  std::ranges::nth_element(different, different.begin() + count);
  const double limit = different[static_cast<std::size_t>(count)];
  const auto found = std::ranges::count_if(distances.same, [limit](double value) { return value < limit; });
  return static_cast<double>(found) / static_cast<double>(distances.same.size());
}

std::string histogram_text(const Distances& distances) {
  constexpr double columns = 100;  // characters for 100 % of both kinds together
  const auto same = histogram(distances.same);
  const auto different = histogram(distances.different);
  std::string text = "distance     same                  different\n";
  for (int bin = 0; bin < bins; ++bin) {
    if (same[bin] + different[bin] < 5e-4) continue;
    const auto bar = [&](double share) { return std::string(static_cast<std::size_t>(share * columns / 2), '#'); };
    text += fmt::format("{:.2f}-{:.2f}  {:>5.1f} % {:<22}{:>5.1f} % {}\n", static_cast<double>(bin) / bins,
                        static_cast<double>(bin + 1) / bins, 100 * same[bin], bar(same[bin]), 100 * different[bin],
                        bar(different[bin]));
  }
  return text;
}

std::string roc_text(const Distances& before, const Distances& after) {
  std::string text = "different pairs mistaken   same pairs found: plain   calibrated\n";
  for (const double mistaken : {0.001, 0.01, 0.05, 0.1, 0.2}) {
    text += fmt::format("{:>22.1f} % {:>23.1f} % {:>10.1f} %\n", 100 * mistaken, 100 * found_at(before, mistaken),
                        100 * found_at(after, mistaken));
  }
  return text;
}

cv::Mat distance_picture(const Distances& before, const Distances& after) {
  cv::Mat image(420, 1000, CV_8UC3, cv::Scalar::all(255));
  draw_histogram(image, {40, 60, 440, 300}, after);
  const cv::Rect panel(560, 60, 300, 300);
  cv::rectangle(image, panel, cv::Scalar::all(200));
  draw_roc(image, panel, before, kPlain);
  draw_roc(image, panel, after, kSame);
  write_label(image, "same pairs found (up) over different pairs mistaken", {panel.x, panel.y - 26});
  write_label(image, fmt::format("plain: AUC {:.3f}", area_under_curve(before)), {panel.x, panel.y - 8}, kPlain);
  write_label(image, fmt::format("calibrated: AUC {:.3f}", area_under_curve(after)), {panel.x + 160, panel.y - 8},
              kSame);
  return image;
}

}  // namespace onepass::embed
