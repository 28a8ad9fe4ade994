#include "count/yaml_points.hpp"

#include <cmath>
#include <stdexcept>

namespace onepass::count {
namespace {

cv::Point2d to_point(const YAML::Node& node) {
  if (!node.IsSequence() || node.size() != 2)
    throw std::invalid_argument(config::described(node) + " is not a point [x, y]");
  const auto coordinate = [](const YAML::Node& value) {
    double number = 0;
    const bool readable = value.IsScalar() && YAML::convert<double>::decode(value, number);
    if (!readable || !std::isfinite(number) || std::abs(number) > 1e6)
      throw std::invalid_argument(config::described(value) + " is not a coordinate");
    return number;
  };
  return {coordinate(node[0]), coordinate(node[1])};
}

config::Field field(std::string name, const std::string& accepts, std::function<void(const YAML::Node&)> read) {
  return {std::move(name), "", accepts, std::move(read), [] { return YAML::Node(); }};
}

}  // namespace

config::Field point(std::string name, cv::Point2d& value) {
  return field(std::move(name), "a point", [&value](const YAML::Node& node) { value = to_point(node); });
}

config::Field points(std::string name, std::vector<cv::Point2d>& values) {
  return field(std::move(name), "a list of points", [&values](const YAML::Node& node) {
    if (!node.IsSequence()) throw std::invalid_argument(config::described(node) + " is not a list of points [x, y]");
    values.clear();
    for (const auto& element : node) values.push_back(to_point(element));
  });
}

config::Field section(std::string name) {
  return field(std::move(name), "a list", [](const YAML::Node&) {});
}

}  // namespace onepass::count
