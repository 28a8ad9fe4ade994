// onepass: the program. Reads the command line, runs one command, reports its one error.
#include <iostream>

#include <CLI/CLI.hpp>

#include "cli/commands.hpp"
#include "cli/environment.hpp"

int main(int argc, char** argv) {
  onepass::prepare_environment(argv);
  CLI::App app("onepass: boxes and identities from one forward pass", "onepass");
  app.require_subcommand(1);
  onepass::add_track_command(app);
  onepass::add_benchmark_command(app, {argv, argv + argc});
  onepass::add_eval_command(app);
  onepass::add_explain_command(app);
  onepass::add_config_command(app);
  app.add_subcommand("version", "Print the version")->callback([] { std::cout << "onepass " ONEPASS_VERSION "\n"; });
  try {
    app.parse(argc, argv);
    return 0;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const onepass::UsageError& error) {
    std::cerr << "onepass: " << error.what() << "\n";
    return 2;
  } catch (const onepass::Interrupted& interrupted) {
    std::cerr << "onepass: " << interrupted.what() << "\n";
    return 130;
  } catch (const std::exception& error) {
    std::cerr << "onepass: " << error.what() << "\n";
    return 1;
  }
}
