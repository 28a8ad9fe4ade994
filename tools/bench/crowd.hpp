// Simulated detections of walking people at constant density.
#pragma once

#include <cmath>
#include <random>
#include <vector>

#include "onepass/types.hpp"

namespace onepass::bench {

/// A crowd at constant density: twice as many people cover twice the area. Boxes are noisy and 3 % of the detections
/// are missed; an embedding is the person's own plus noise.
class Crowd {
 public:
  Crowd(int people, int embedding_length, unsigned seed = 1) : random_(seed) {
    side_ = 180 * std::sqrt(static_cast<double>(people));
    for (int i = 0; i < people; ++i) {
      Person person;
      person.x = side_ * unit_(random_);
      person.y = side_ * unit_(random_);
      person.velocity_x = 3 * normal_(random_);
      person.velocity_y = normal_(random_);
      person.embedding = look(embedding_length);
      people_.push_back(std::move(person));
    }
  }

  cv::Size size() const { return {static_cast<int>(side_), static_cast<int>(side_)}; }

  /// What a person looks like, without noise.
  const Embedding& embedding(std::size_t person) const { return people_[person].embedding; }

  /// Moves all people by one step and returns their detections; positions wrap around at the borders.
  std::vector<Detection> next() {
    std::vector<Detection> detections;
    for (auto& person : people_) {
      person.x = wrapped(person.x + person.velocity_x);
      person.y = wrapped(person.y + person.velocity_y);
      if (unit_(random_) < 0.03) continue;
      Detection detection;
      detection.box = {static_cast<float>(person.x + normal_(random_)), static_cast<float>(person.y + normal_(random_)),
                       static_cast<float>(50 + normal_(random_)), static_cast<float>(130 + normal_(random_))};
      detection.score = static_cast<float>(0.5 + 0.5 * unit_(random_));
      const auto length = static_cast<int>(person.embedding.size());
      if (length > 0) detection.embedding = (person.embedding + 0.5F * look(length)).normalized();
      detections.push_back(std::move(detection));
    }
    return detections;
  }

 private:
  struct Person {
    double x = 0, y = 0, velocity_x = 0, velocity_y = 0;
    Embedding embedding;
  };

  double wrapped(double place) const { return place < 0 ? place + side_ : std::fmod(place, side_); }

  Embedding look(int length) {
    Embedding embedding(length);
    for (auto& value : embedding) value = static_cast<float>(normal_(random_));
    if (length > 0) embedding.normalize();
    return embedding;
  }

  std::mt19937 random_;
  std::uniform_real_distribution<double> unit_{0, 1};
  std::normal_distribution<double> normal_{0, 1};
  double side_ = 0;
  std::vector<Person> people_;
};

}  // namespace onepass::bench
