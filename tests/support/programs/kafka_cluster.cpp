// A simulated cluster of Kafka brokers for tests that are not written in C++. Prints the addresses of the brokers, and
// obeys lines of standard input until it ends: "stop", "resume", and "read TOPIC COUNT", which prints so many messages,
// each on a line after its key and a tab, and an empty line.
#include <iostream>
#include <sstream>
#include <string>

#include "support/kafka_cluster.hpp"

int main(int, char** words) {
  onepass::test::KafkaCluster cluster(words[1]);  // the topic
  std::cout << cluster.brokers() << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream text(line);
    std::string command, topic;
    int count = 0;
    text >> command >> topic >> count;
    if (command == "stop") cluster.stop();
    if (command == "resume") cluster.resume();
    if (command == "read") {
      for (const auto& [key, messages] : cluster.messages(topic, count))
        for (const auto& message : messages) std::cout << key << "\t" << message << "\n";
    }
    std::cout << std::endl;
  }
}
