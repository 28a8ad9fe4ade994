#include "lab/compare/image_comparison.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>

#include "lab/feature_sheet.hpp"
#include "lab/retrieval.hpp"

namespace onepass::lab {
namespace {

constexpr std::size_t widest = 150;  // columns of text

/// Runs everything once; the times of the pass and of the networks count on.
ImageComparison run_once(const Frame& frame, SharedPass& pass, std::span<ReidNetwork> networks, std::size_t most) {
  ImageComparison result;
  pass.begin_stream();
  const auto found = pass.forward(frame);
  result.forward_ms = 1000 * pass.forward_seconds();
  result.detections = found.detections;  // by descending score
  for (std::size_t i = 0; i < pass.variants().size(); ++i) {
    auto embeddings = pass.embed(i, found);
    result.methods.push_back({pass.variants()[i].name, std::move(embeddings), 1000 * pass.embed_seconds(i)});
  }
  for (auto& network : networks) {
    const double before = network.seconds();
    auto embeddings = network.embed(frame.image, found.detections);
    result.methods.push_back({network.name(), std::move(embeddings), 1000 * (network.seconds() - before)});
  }
  if (result.detections.size() <= most) return result;
  result.detections.resize(most);
  for (auto& method : result.methods) method.embeddings.resize(most);
  return result;
}

/// The matrix as lines of equal length, under a title.
std::vector<std::string> matrix_lines(const ImageMethod& method) {
  const auto& embeddings = method.embeddings;
  const std::size_t width = std::max<std::size_t>(3 + 6 * embeddings.size(), 20);
  std::vector<std::string> lines{fmt::format("{:<{}.{}}", method.name, width, width)};
  auto head = std::string(3, ' ');
  for (std::size_t i = 0; i < embeddings.size(); ++i) head += fmt::format("{:>6}", i + 1);
  lines.push_back(fmt::format("{:<{}}", head, width));
  for (std::size_t i = 0; i < embeddings.size(); ++i) {
    auto line = fmt::format("{:>3}", i + 1);
    for (const auto& other : embeddings)
      line += embeddings[i].size() == 0 || other.size() == 0 ? fmt::format("{:>6}", "-")
                                                             : fmt::format("{:>6.2f}", cosine(embeddings[i], other));
    lines.push_back(fmt::format("{:<{}}", line, width));
  }
  return lines;
}

/// Matrices next to each other, as many as fit in a line.
std::string matrices(const ImageComparison& comparison) {
  std::string text;
  std::vector<std::string> row;
  const auto flush = [&] {
    for (const auto& line : row) text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    if (!row.empty()) text += "\n";
    row.clear();
  };
  for (const auto& method : comparison.methods) {
    const auto lines = matrix_lines(method);
    if (!row.empty() && row.front().size() + 4 + lines.front().size() > widest) flush();
    if (row.empty()) {
      row = lines;
      continue;
    }
    for (std::size_t i = 0; i < lines.size(); ++i) row[i] += "    " + lines[i];
  }
  flush();
  return text;
}

}  // namespace

ImageComparison compare_on_image(const std::string& source, const Frame& frame, SharedPass& pass,
                                 std::span<ReidNetwork> networks, std::size_t most) {
  run_once(frame, pass, networks, most);
  auto result = run_once(frame, pass, networks, most);
  result.source = source;
  return result;
}

std::string to_text(const ImageComparison& comparison) {
  const auto count = comparison.detections.size();
  auto text = fmt::format("{}: {} detections\n{:<34}{:>12}{:>12}{:>20}\n", comparison.source, count, "", "dimensions",
                          "ms for all", "of the detector");
  for (const auto& method : comparison.methods) {
    Eigen::Index dimensions = 0;
    for (const auto& embedding : method.embeddings) dimensions = std::max(dimensions, embedding.size());
    text += fmt::format("{:<34}{:>12}{:>12.2f}{:>18.1f} %\n", method.name, dimensions, method.embed_ms,
                        comparison.forward_ms > 0 ? 100 * method.embed_ms / comparison.forward_ms : 0);
  }
  text += fmt::format("{:<34}{:>24.2f}\n", "the detector itself", comparison.forward_ms);
  if (count == 0) return text;
  text +=
      "\nCosine similarity of every pair; 1 to " + std::to_string(count) + ", left to right in the picture's head:\n";
  for (std::size_t i = 0; i < count; ++i) {
    const auto& [box, score, class_id, embedding, shape] = comparison.detections[i];
    text += fmt::format("{:>3}  score {:.2f}, {:.0f}x{:.0f} at ({:.0f}, {:.0f})\n", i + 1, score, box.width, box.height,
                        box.left, box.top);
  }
  return text + "\n" + matrices(comparison);
}

std::string to_json(const ImageComparison& comparison) {
  using Json = nlohmann::ordered_json;
  Json json{{"source", comparison.source},
            {"detector_ms", comparison.forward_ms},
            {"detections", Json::array()},
            {"methods", Json::array()}};
  for (const auto& [box, score, class_id, embedding, shape] : comparison.detections)
    json["detections"].push_back(
        {{"box", {box.left, box.top, box.width, box.height}}, {"score", score}, {"class", class_id}});
  for (const auto& method : comparison.methods) {
    auto rows = Json::array();
    for (const auto& a : method.embeddings) {
      auto row = Json::array();
      for (const auto& b : method.embeddings)
        row.push_back(a.size() == 0 || b.size() == 0 ? Json() : Json(cosine(a, b)));
      rows.push_back(std::move(row));
    }
    json["methods"].push_back({{"method", method.name}, {"ms", method.embed_ms}, {"similarity", std::move(rows)}});
  }
  return json.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

cv::Mat to_picture(const ImageComparison& comparison, const cv::Mat& image) {
  constexpr int title_height = 28;
  std::vector<cv::Mat> sheets;
  for (const auto& method : comparison.methods) {
    const auto matrix = similarity_sheet(image, comparison.detections, method.embeddings);
    cv::Mat sheet(matrix.rows + title_height, matrix.cols + title_height, CV_8UC3, cv::Scalar::all(255));
    matrix.copyTo(sheet(cv::Rect({0, title_height}, matrix.size())));
    cv::putText(sheet, fmt::format("{}: {:.2f} ms", method.name, method.embed_ms), {8, 19}, cv::FONT_HERSHEY_SIMPLEX,
                0.5, cv::Scalar::all(40), 1, cv::LINE_AA);
    sheets.push_back(std::move(sheet));
  }
  cv::Mat picture;
  cv::hconcat(sheets, picture);
  return picture;
}

}  // namespace onepass::lab
