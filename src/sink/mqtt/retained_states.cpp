#include "sink/mqtt/retained_states.hpp"

#include <utility>

namespace onepass::sink {

void RetainedStates::keep(const std::string& topic, const std::string& message) {
  const std::lock_guard lock(mutex_);
  states_[topic] = message;
}

std::map<std::string, std::string> RetainedStates::newest() const {
  const std::lock_guard lock(mutex_);
  return states_;
}

bool RetainedStates::is_foreign(const std::string& topic) const {
  const std::lock_guard lock(mutex_);
  return !states_.contains(topic);
}

void RetainedStates::own(const std::string& filter) {
  const std::lock_guard lock(mutex_);
  has_new_filter_ = filters_.insert(filter).second || has_new_filter_;
}

std::set<std::string> RetainedStates::filters_to_subscribe() {
  const std::lock_guard lock(mutex_);
  return std::exchange(has_new_filter_, false) ? filters_ : std::set<std::string>();
}

void RetainedStates::subscribe_again() {
  const std::lock_guard lock(mutex_);
  has_new_filter_ = true;
}

}  // namespace onepass::sink
