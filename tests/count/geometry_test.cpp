#include "count/geometry.hpp"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace onepass::count {
namespace {

using Polygon = std::vector<cv::Point2d>;

/// Star-shaped polygon around (50, 50).
Polygon random_star(std::mt19937& random, int corners) {
  std::uniform_real_distribution<double> radius(10, 45);
  Polygon polygon;
  for (int i = 0; i < corners; ++i) {
    const double angle = 2 * M_PI * i / corners;
    const double r = radius(random);
    polygon.emplace_back(50 + r * std::cos(angle), 50 + r * std::sin(angle));
  }
  return polygon;
}

/// The winding number, by summing up angles: an independent test for inside.
bool winds_around(const Polygon& polygon, cv::Point2d point) {
  double turn = 0;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const auto a = polygon[i] - point;
    const auto b = polygon[(i + 1) % polygon.size()] - point;
    turn += std::atan2(a.cross(b), a.dot(b));
  }
  return std::abs(turn) > M_PI;
}

/// Distance by sampling every edge densely.
double sampled_distance(const Polygon& polygon, bool closed, cv::Point2d point) {
  double least = 1e9;
  for (std::size_t i = 0; i + (closed ? 0 : 1) < polygon.size(); ++i) {
    for (int step = 0; step <= 2000; ++step) {
      const auto at = polygon[i] + (polygon[(i + 1) % polygon.size()] - polygon[i]) * (step / 2000.0);
      least = std::min(least, std::hypot(at.x - point.x, at.y - point.y));
    }
  }
  return least;
}

TEST(Geometry, InsideAndDistanceEqualBruteForce) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> coordinate(0, 100);
  int inside = 0;
  for (int trial = 0; trial < 100; ++trial) {
    const auto polygon = random_star(random, 3 + trial % 7);
    for (int i = 0; i < 20; ++i) {
      const cv::Point2d point(coordinate(random), coordinate(random));
      EXPECT_EQ(contains(polygon, point), winds_around(polygon, point));
      inside += contains(polygon, point);
      EXPECT_NEAR(distance(polygon, Ends::closed, point), sampled_distance(polygon, true, point), 0.05);
      EXPECT_NEAR(distance(polygon, Ends::open, point), sampled_distance(polygon, false, point), 0.05);
    }
  }
  EXPECT_GT(inside, 200);
}

TEST(Geometry, StepsThroughAClosedLineAddUpToInsideMinusOutside) {
  std::mt19937 random(2);
  std::uniform_int_distribution<int> coordinate(0, 20);  // a coarse grid: many steps touch corners and edges
  for (int trial = 0; trial < 200; ++trial) {
    Polygon ring = {{4, 4}, {15, 5}, {16, 16}, {10, 9}, {5, 15}};  // clockwise as seen: its inside is to the right
    ring.push_back(ring.front());
    const auto position = [&] { return cv::Point2d(coordinate(random) + 0.001, coordinate(random) + 0.0007); };
    auto point = position();
    const bool began_inside = winds_around({ring.begin(), ring.end() - 1}, point);
    int net = 0;
    for (int step = 0; step < 30; ++step) {
      // Every other stop is exactly on the grid, where the corners are.
      const auto next = step % 2 == 0 ? cv::Point2d(coordinate(random), coordinate(random)) : position();
      net += net_crossings(ring, point, next);
      point = next;
    }
    const bool ends_inside = winds_around({ring.begin(), ring.end() - 1}, point);
    EXPECT_EQ(net, int{ends_inside} - int{began_inside}) << trial;
  }
}

TEST(Geometry, TheRightSideOfALineIsBelowItWhenItRunsToTheRight) {
  const Polygon line = {{0, 5}, {10, 5}};
  EXPECT_EQ(net_crossings(line, {5, 2}, {5, 8}), 1);
  EXPECT_EQ(net_crossings(line, {5, 8}, {5, 2}), -1);
  EXPECT_EQ(net_crossings(line, {12, 2}, {12, 8}), 0);  // past its end
  EXPECT_EQ(net_crossings(line, {5, 8}, {5, 5}) + net_crossings(line, {5, 5}, {5, 2}), -1);
  EXPECT_EQ(net_crossings(line, {5, 8}, {5, 5}) + net_crossings(line, {5, 5}, {5, 8}), 0);
}

TEST(Geometry, FindsPolygonsThatCrossThemselves) {
  EXPECT_FALSE(crosses_itself(Polygon{{0, 0}, {10, 0}, {10, 10}, {0, 10}}, Ends::closed));
  EXPECT_TRUE(crosses_itself(Polygon{{0, 0}, {10, 10}, {10, 0}, {0, 10}}, Ends::closed));
  EXPECT_TRUE(crosses_itself(Polygon{{0, 0}, {10, 0}, {10, 10}, {5, 0}, {0, 10}}, Ends::closed));  // touches
  EXPECT_TRUE(crosses_itself(Polygon{{0, 0}, {10, 0}, {4, 0}}, Ends::closed));                     // folded back
  EXPECT_FALSE(crosses_itself(Polygon{{0, 0}, {5, 0}, {10, 0}}, Ends::open));
  EXPECT_TRUE(crosses_itself(Polygon{{0, 0}, {10, 10}, {10, 0}, {0, 10}}, Ends::open));
  std::mt19937 random(3);
  for (int trial = 0; trial < 100; ++trial) {
    auto polygon = random_star(random, 5 + trial % 5);
    EXPECT_FALSE(crosses_itself(polygon, Ends::closed));
    std::swap(polygon[0], polygon[2]);  // corners out of order
    double twice = 0;
    for (std::size_t i = 0; i < polygon.size(); ++i) twice += polygon[i].cross(polygon[(i + 1) % polygon.size()]);
    EXPECT_DOUBLE_EQ(area(polygon), std::abs(twice) / 2);
  }
}

TEST(Geometry, AreaAndPerimeter) {
  EXPECT_DOUBLE_EQ(area(Polygon{{0, 0}, {4, 0}, {4, 3}}), 6);
  EXPECT_DOUBLE_EQ(perimeter(Polygon{{0, 0}, {4, 0}, {4, 3}}), 12);
}

}  // namespace
}  // namespace onepass::count
