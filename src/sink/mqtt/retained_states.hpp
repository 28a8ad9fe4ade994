// Remembers the states that an MQTT broker keeps for this program, and which topics belong to it.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>

namespace onepass::sink {

/// Any thread may call any function.
class RetainedStates {
 public:
  /// Keeps the newest state of a topic.
  void keep(const std::string& topic, const std::string& message);

  /// The newest state of every topic.
  std::map<std::string, std::string> newest() const;

  /// Whether a state that the broker has is of an earlier run: no state with this topic was kept.
  bool is_foreign(const std::string& topic) const;

  /// Owns the topics of a filter: states of earlier runs are to be removed there.
  void own(const std::string& filter);

  /// All filters if there is a new one, or for a new connection; otherwise none.
  std::set<std::string> filters_to_subscribe();

  /// A broker forgets the subscriptions of a lost connection.
  void subscribe_again();

 private:
  mutable std::mutex mutex_;  ///< protects the members below
  std::map<std::string, std::string> states_;
  std::set<std::string> filters_;
  bool has_new_filter_ = false;
};

}  // namespace onepass::sink
