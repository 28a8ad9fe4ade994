#include "sink/message_queue.hpp"

#include <gtest/gtest.h>

namespace onepass::sink {
namespace {

TEST(MessageQueue, DropsTheOldestBeyondItsBytes) {
  MessageQueue queue(100, 30);
  for (const char* text : {"0123456789", "1123456789", "2123456789", "3"}) queue.push({"", text});
  EXPECT_EQ(queue.lost(), 1);
  EXPECT_EQ(queue.pop()->payload, "1123456789");
  queue.push({"", std::string(31, 'x')});  // larger than the queue's limit
  EXPECT_EQ(queue.size(), 0U);
  EXPECT_EQ(queue.lost(), 4);
}

TEST(MessageQueue, DropsTheOldestBeyondItsNumber) {
  MessageQueue queue(2, 1000);
  for (const char* text : {"a", "b", "c"}) queue.push({"topic", text});
  EXPECT_EQ(queue.size(), 2U);
  EXPECT_EQ(queue.pop()->payload, "b");
  EXPECT_EQ(queue.pop()->payload, "c");
  EXPECT_FALSE(queue.pop());
  EXPECT_EQ(queue.lost(), 1);
}

TEST(MessageQueue, OfSeveralStatesOfOneTopicTheNewestWaits) {
  MessageQueue queue(100, 1000);
  queue.push({"a", "1", true});
  queue.push({"a", "event"});
  queue.push({"b", "1", true});
  queue.push({"a", "2", true});
  EXPECT_EQ(queue.size(), 3U);
  EXPECT_EQ(queue.lost(), 0);
  EXPECT_EQ(queue.pop()->payload, "event");
  EXPECT_EQ(queue.pop()->topic, "b");
  EXPECT_EQ(queue.pop()->payload, "2");
}

TEST(MessageQueue, CountsTopicsAsBytes) {
  MessageQueue queue(100, 10);
  queue.push({"12345", "12345"});
  EXPECT_EQ(queue.lost(), 0);
  queue.push({"123456", "12345"});
  EXPECT_EQ(queue.lost(), 2);
}

}  // namespace
}  // namespace onepass::sink
