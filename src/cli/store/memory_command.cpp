// onepass memory: works on identities that processes share.
#include <iostream>
#include <memory>
#include <string>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cli/commands.hpp"
#include "cli/store/brokers.hpp"
#include "cli/store/closed_memory.hpp"
#include "onepass/memory_store.hpp"

namespace onepass::cli {
namespace {

constexpr const char* memory_examples = R"(
Example:
  onepass memory erase --memory redis://host/campus 17

The identity is removed from the log of the site and from the memories of all processes, and never comes back: a person
in sight gets another id. Processes that are away do so when they are back. Copies that Redis has on disk vanish when it
writes them again (BGREWRITEAOF, BGSAVE); results and events that were written before are not touched.)";

struct EraseOptions {
  std::string memory;
  std::int64_t id = 0;
  BrokerOptions brokers;
};

void erase(const EraseOptions& options) {
  check_brokers(options.brokers, {options.memory});
  if (has_secrets(options.brokers)) close_memory();
  const auto count = erase_identity(redis_options(options.brokers, "--memory", options.memory), options.id);
  std::cout << fmt::format("identity {} is erased; {} of its entries were removed from the log\n", options.id, count);
}

}  // namespace

void add_memory_command(CLI::App& app) {
  auto* command = app.add_subcommand("memory", "Erase an identity that processes share");
  command->require_subcommand(1);
  command->footer(memory_examples);
  auto options = std::make_shared<EraseOptions>();
  auto* erasing = command->add_subcommand("erase", "Erase one identity for good, in all processes");
  erasing->footer(memory_examples);
  erasing->add_option("id", options->id, "Number of the identity")->required()->check(CLI::PositiveNumber);
  erasing->add_option("--memory", options->memory, "Site: redis://[user@]host[:port]/site; rediss:// for TLS")
      ->type_name("URL")
      ->required();
  add_redis_options(*erasing, options->brokers);
  erasing->callback([options] { erase(*options); });
}

}  // namespace onepass::cli
